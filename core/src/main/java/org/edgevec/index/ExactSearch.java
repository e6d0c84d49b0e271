package org.edgevec.index;

import org.edgevec.vector.Scorer;

/** The nearest vectors by scoring every live one. */
public final class ExactSearch {

  private static final int BATCH = 64;

  private ExactSearch() {}

  /**
   * The {@code k} nearest of the ordinals below {@code count} that are not dead.
   *
   * @param scorer has the query
   * @param dead bits of ordinals to pass over
   * @return packed {@link Candidate}s, nearest first
   */
  public static long[] nearest(Scorer scorer, long[] dead, int count, int k) {
    TopK top = new TopK(k);
    scan(scorer, dead, 0, count, top);
    return top.descending();
  }

  /**
   * Scores the ordinals in [from, to) but the dead ones.
   *
   * @param scorer has the query
   * @param dead bits of ordinals to pass over
   * @param top is offered the packed {@link Candidate}s
   */
  static void scan(Scorer scorer, long[] dead, int from, int to, TopK top) {
    int[] ordinals = new int[BATCH];
    float[] nearness = new float[BATCH];
    int count = 0;
    for (int ordinal = from; ordinal < to; ordinal++) {
      if ((dead[ordinal >>> 6] >>> ordinal & 1) == 0) {
        ordinals[count++] = ordinal;
        if (count == BATCH) {
          offer(scorer, ordinals, count, nearness, top);
          count = 0;
        }
      }
    }
    offer(scorer, ordinals, count, nearness, top);
  }

  private static void offer(Scorer scorer, int[] ordinals, int count, float[] nearness, TopK top) {
    scorer.nearness(ordinals, count, nearness);
    for (int i = 0; i < count; i++) {
      top.offer(Candidate.pack(nearness[i], ordinals[i]));
    }
  }
}
