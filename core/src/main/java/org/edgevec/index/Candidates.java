package org.edgevec.index;

import org.edgevec.vector.Scorer;

/** Scores vectors and packs them, with the memory that it needs from one time to the next. */
final class Candidates {

  private float[] nearness = new float[64];

  /**
   * Vectors as packed {@link Candidate}s, in the order in which they are given.
   *
   * @param scorer has the query
   * @param ordinals whose
   * @param count how many of them, from the first
   * @param length of the result; what is more than {@code count} is for the caller to fill
   */
  long[] scored(Scorer scorer, int[] ordinals, int count, int length) {
    if (nearness.length < count) {
      nearness = new float[ordinals.length];
    }
    scorer.nearness(ordinals, count, nearness);
    long[] candidates = new long[length];
    for (int i = 0; i < count; i++) {
      candidates[i] = Candidate.pack(nearness[i], ordinals[i]);
    }
    return candidates;
  }
}
