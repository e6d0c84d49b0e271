package org.edgevec.vector;

/**
 * Scores vectors of an arena against one query at a time.
 *
 * <p><em>Nearness</em> is larger for what is nearer: the cosine, the inner product, or the squared
 * distance negated. Cosines are within -1 and 1. A scorer of the vectors themselves gives finite
 * numbers that are right but for rounding, however long or short vectors are (see {@link
 * Extremes}), and for the same pair the same bits, among however many. What no float can hold comes
 * out as the largest or the least.
 *
 * <p>Not thread-safe.
 */
public interface Scorer {

  /** Scores against this vector from now on; it is not changed meanwhile. */
  void query(float[] vector);

  /** Scores against the vector of that ordinal from now on. */
  void query(int ordinal);

  /** How near one vector is. */
  float nearness(int ordinal);

  /**
   * How near each of several vectors is.
   *
   * @param ordinals whose
   * @param count how many of them, from the first
   * @param nearness receives the result for {@code ordinals[i]} at {@code i}
   */
  void nearness(int[] ordinals, int count, float[] nearness);

  /**
   * Whether the present query is scored against the vectors themselves: always so, but for some
   * {@linkplain VectorArena#walker walkers}. Theirs are bounds then: at least the exact nearness.
   */
  default boolean isExact() {
    return true;
  }

  /**
   * How far below what it tells of a vector the exact nearness may lie, at most: nothing while it
   * {@linkplain #isExact is exact}, and otherwise twice what codes may be off by.
   */
  default float slack(int ordinal) {
    return 0;
  }
}
