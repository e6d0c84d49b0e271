package org.edgevec.index;

import org.edgevec.Metric;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.Vectors;

/**
 * The nearest vectors by scoring every live one.
 *
 * <p>A candidate is one long: the nearness as 32 sortable bits above the ordinal's complement, so
 * that of equally near ones the earlier ordinal is the larger long. Nearness is the score, negated
 * where a smaller score is nearer.
 */
public final class ExactSearch {

  private ExactSearch() {}

  /**
   * Scores ordinals 0 to {@code count - 1} but the dead ones.
   *
   * @param inverseNorms by ordinal, for {@link Metric#COSINE}; otherwise unused
   * @param dead bits of ordinals to pass over
   * @param query a valid query of the arena's dimension
   * @param k how many at most
   * @return packed candidates, nearest first; see {@link #ordinal} and {@link #score}
   */
  public static long[] nearest(
      VectorArena vectors,
      float[] inverseNorms,
      long[] dead,
      int count,
      Metric metric,
      float[] query,
      int k) {
    TopK top = new TopK(k);
    if (metric == Metric.L2) {
      scanL2(vectors, dead, count, query, top);
    } else if (metric == Metric.DOT) {
      scanDot(vectors, dead, count, query, top);
    } else {
      scanCosine(vectors, inverseNorms, dead, count, normalized(query), top);
    }
    return top.descending();
  }

  private static void scanL2(VectorArena vectors, long[] dead, int count, float[] query, TopK top) {
    for (int ordinal = 0; ordinal < count; ordinal++) {
      if ((dead[ordinal >>> 6] >>> ordinal & 1) == 0) {
        float distance =
            Vectors.squaredDistance(
                query, 0, vectors.chunk(ordinal), vectors.start(ordinal), query.length);
        top.offer(pack(-distance, ordinal));
      }
    }
  }

  private static void scanDot(
      VectorArena vectors, long[] dead, int count, float[] query, TopK top) {
    for (int ordinal = 0; ordinal < count; ordinal++) {
      if ((dead[ordinal >>> 6] >>> ordinal & 1) == 0) {
        float dot =
            Vectors.dot(query, 0, vectors.chunk(ordinal), vectors.start(ordinal), query.length);
        top.offer(pack(dot, ordinal));
      }
    }
  }

  private static void scanCosine(
      VectorArena vectors,
      float[] inverseNorms,
      long[] dead,
      int count,
      float[] direction,
      TopK top) {
    for (int ordinal = 0; ordinal < count; ordinal++) {
      if ((dead[ordinal >>> 6] >>> ordinal & 1) == 0) {
        float dot =
            Vectors.dot(
                direction, 0, vectors.chunk(ordinal), vectors.start(ordinal), direction.length);
        float cosine = Math.max(-1, Math.min(1, dot * inverseNorms[ordinal]));
        top.offer(pack(cosine, ordinal));
      }
    }
  }

  private static float[] normalized(float[] query) {
    double inverse = 1 / Vectors.norm(query, 0, query.length);
    float[] direction = new float[query.length];
    for (int i = 0; i < query.length; i++) {
      direction[i] = (float) (query[i] * inverse);
    }
    return direction;
  }

  /** A candidate as one long; larger is nearer. Sums that overflowed to NaN are the farthest. */
  static long pack(float nearness, int ordinal) {
    float comparable = Float.isNaN(nearness) ? Float.NEGATIVE_INFINITY : nearness;
    int bits = Float.floatToRawIntBits(comparable);
    int sortable = bits ^ (bits >> 31 & 0x7fffffff);
    return (long) sortable << 32 | (~ordinal & 0xffffffffL);
  }

  /** The ordinal of a packed candidate. */
  public static int ordinal(long packed) {
    return ~(int) packed;
  }

  /** The score of a packed candidate, as {@link Metric} defines it. */
  public static float score(long packed, Metric metric) {
    int sortable = (int) (packed >> 32);
    float nearness = Float.intBitsToFloat(sortable ^ (sortable >> 31 & 0x7fffffff));
    return metric.higherIsNearer() ? nearness : 0 - nearness;
  }
}
