package org.edgevec.index;

import org.edgevec.Metric;

/**
 * A vector and how near it is, as one long: the nearness as 32 sortable bits above the ordinal's
 * complement, so that of equally near ones the earlier ordinal is the larger long.
 */
public final class Candidate {

  private Candidate() {}

  /** Packs a candidate; larger is nearer. Sums that overflowed to NaN are the farthest. */
  public static long pack(float nearness, int ordinal) {
    float comparable = Float.isNaN(nearness) ? Float.NEGATIVE_INFINITY : nearness;
    int bits = Float.floatToRawIntBits(comparable);
    int sortable = bits ^ (bits >> 31 & 0x7fffffff);
    return (long) sortable << 32 | (~ordinal & 0xffffffffL);
  }

  /** Its ordinal. */
  public static int ordinal(long packed) {
    return ~(int) packed;
  }

  /** Its nearness; minus infinity for the least long there is. */
  public static float nearness(long packed) {
    if (packed == Long.MIN_VALUE) {
      return Float.NEGATIVE_INFINITY;
    }
    int sortable = (int) (packed >> 32);
    return Float.intBitsToFloat(sortable ^ (sortable >> 31 & 0x7fffffff));
  }

  /** Its score, as {@link Metric} defines it. */
  public static float score(long packed, Metric metric) {
    float nearness = nearness(packed);
    return metric.higherIsNearer() ? nearness : 0 - nearness;
  }
}
