package org.edgevec.vector;

/**
 * What an arena remembers of how large and small its numbers are, and the rule by which scores hold
 * where sums of floats would overflow or vanish. Ordinary vectors pay two comparisons a score.
 *
 * <p><b>Under L2 and dot</b> a kernel's result is taken if it is {@linkplain #isSound sound}, and
 * otherwise computed anew in doubles, where neither happens to any floats, rounded once. That a
 * sound one is as good as floats can be has three reasons.
 *
 * <ul>
 *   <li>A sum that overflows on the way ends as an infinity or as NaN, whatever is added. So
 *       nothing overflowed in a result that is finite.
 *   <li>A product in the range of subnormal numbers errs by at most 2<sup>-150</sup>, 4096 of them
 *       by 2<sup>-138</sup>, and sums there are exact. Of a result of at least 2<sup>-110</sup>
 *       that is less than its last bit.
 *   <li>A smaller result, such as 0, is right all the same if no component is <em>tiny</em>, which
 *       is below 2<sup>-39</sup> and not 0. All others are multiples of 2<sup>-62</sup>, so two of
 *       them are equal or differ by as much, and neither the square of that nor a product of two is
 *       subnormal.
 * </ul>
 *
 * <p><b>Under cosine</b> lengths are within 1e-30 and 1e30. A query of length 1 cannot make a
 * product with such a vector overflow, nor lose more than 2<sup>-38</sup> of a cosine. A vector of
 * the arena as a query is multiplied as it lies there if it is {@linkplain #isModerate moderate}:
 * then products are at most 2<sup>120</sup>, and what they lose is 2<sup>-26</sup> of a cosine at
 * most. Otherwise its direction is made first.
 *
 * <p><b>Linking under dot.</b> Where a vector is {@linkplain #isExtreme(double) extreme}, products
 * of two may all be alike as floats, but not those with queries of other lengths. So a linker then
 * goes by the {@linkplain #root roots} of products.
 */
public final class Extremes {

  private static final float LEAST_SOUND = 0x1p-110f;

  /** The bits of 2<sup>-39</sup>. */
  public static final int TINY_BITS = 0x2c000000;

  private static final float MIN_INVERSE = 0x1p-20f;
  private static final float MAX_INVERSE = 0x1p12f;
  private static final double SHORT = 1e-10;
  private static final double LONG = 1e18;

  /** Volatile, so that who plans without a lock sees it with the vectors. */
  private volatile boolean areTiny;

  private volatile boolean areExtreme;

  /**
   * Takes notice of a vector; before anybody can score it.
   *
   * @param hasTiny whether it has tiny components, which do not matter under cosine
   */
  public void note(double norm, boolean hasTiny) {
    if (hasTiny) {
      areTiny = true;
    }
    if (isExtreme(norm)) {
      areExtreme = true;
    }
  }

  /** Takes notice of what another arena has seen. */
  public void note(Extremes other) {
    areTiny |= other.areTiny;
    areExtreme |= other.areExtreme;
  }

  /** Whether there was a vector with a tiny component. */
  public boolean areTiny() {
    return areTiny;
  }

  /** Whether a vector was {@linkplain #isExtreme(double) extreme}. */
  public boolean areExtreme() {
    return areExtreme;
  }

  /**
   * Whether a vector is so long or so short that products and squares of its components, or bounds
   * made of them, may overflow or vanish. That of a zero vector is not.
   */
  public static boolean isExtreme(double norm) {
    return norm > LONG || norm < SHORT && norm > 0;
  }

  /** Whether a vector has a component that is below 2<sup>-39</sup> and not 0. */
  public static boolean hasTiny(float[] vector, int start, int count) {
    int found = 0;
    for (int i = start; i < start + count; i++) {
      int size = Float.floatToRawIntBits(vector[i]) & Integer.MAX_VALUE;
      // Negative if both are: smaller than the limit, and larger than 0.
      found |= size - TINY_BITS & -size;
    }
    return found < 0;
  }

  /**
   * Whether a kernel's result is right but for the rounding of sums.
   *
   * @param areTiny whether there may be tiny components
   */
  public static boolean isSound(float result, boolean areTiny) {
    float size = Math.abs(result);
    return size <= Float.MAX_VALUE && (size >= LEAST_SOUND || !areTiny);
  }

  /** Whether a vector with that inverse of its norm need not be normalised to be a query. */
  public static boolean isModerate(float inverseNorm) {
    return inverseNorm >= MIN_INVERSE && inverseNorm <= MAX_INVERSE;
  }

  /**
   * The square root of an inner product with its sign: in the same order, but finite and told apart
   * where the product is not. What is linked by products of two short vectors may be searched for
   * with a longer one, of which the products are floats.
   */
  public static float root(double product) {
    double root = Math.sqrt(Math.abs(product));
    return rounded(product < 0 ? -root : root);
  }

  /** The nearest finite float; no negative zero, which would be less than zero. */
  public static float rounded(double value) {
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value)) + 0f;
  }
}
