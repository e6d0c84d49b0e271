package org.edgevec.vector;

/**
 * Arithmetic on ranges of float arrays: what a {@link HeapArena} scores with. The caller has
 * checked the ranges. Thread-safe, without state.
 *
 * <p>Implementations differ in the order of summing, so in the last bits of results. Each one gives
 * the same bits for the same pair of vectors, at any time and whether it is one alone or any of
 * four: equal vectors have equal scores.
 */
public interface Kernel {

  /** What it is, for people. */
  String name();

  /** The inner product of {@code count} components. */
  float dot(float[] a, int aStart, float[] b, int bStart, int count);

  /** The square of the Euclidean distance. */
  float squaredDistance(float[] a, int aStart, float[] b, int bStart, int count);

  /** See {@link Extremes#hasTiny}. */
  default boolean hasTiny(float[] a, int start, int count) {
    return Extremes.hasTiny(a, start, count);
  }

  /**
   * The inner products of one vector with four: one pass reads the one only once and waits for the
   * memory of all four at a time.
   *
   * @param q the one
   * @param rows the four arrays
   * @param starts where in each its vector begins
   * @param out receives the four results from {@code at} on
   */
  void dot4(float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at);

  /**
   * The squares of the distances of one vector to four.
   *
   * @param out receives the four results from {@code at} on
   */
  void squaredDistance4(
      float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at);
}
