package org.edgevec.query;

import org.edgevec.index.Candidate;
import org.edgevec.index.TopK;
import org.edgevec.vector.Scorer;

/**
 * The nearest vectors by looking at every one that is accepted: at its bound first, where there are
 * bounds, and at the vector itself unless its bound excludes it. Not thread-safe.
 */
final class ExactSearch {

  private static final int BATCH = 64;

  /** After so many bounds it shows whether they pay: whether they exclude most. */
  private static final int TRIED = 1024;

  private final Scorer scorer;
  private final Scorer walker;
  private final TopK top;
  private final int[] ordinals = new int[BATCH];
  private final float[] nearness = new float[BATCH];
  private int count;
  private boolean areBoundsUsed;
  private int bounded;
  private int left;

  /**
   * @param scorer has the query
   * @param walker of that scorer, has it, too
   * @param top is offered the packed {@link Candidate}s
   */
  ExactSearch(Scorer scorer, Scorer walker, TopK top) {
    this.scorer = scorer;
    this.walker = walker;
    this.top = top;
    this.areBoundsUsed = !walker.isExact();
  }

  /**
   * Offers the ordinals in [from, to) that are accepted.
   *
   * @param accepted bits of ordinals
   */
  void scan(long[] accepted, int from, int to) {
    for (int ordinal = from; ordinal < to; ordinal++) {
      if ((accepted[ordinal >>> 6] >>> ordinal & 1) != 0) {
        ordinals[count++] = ordinal;
        if (count == BATCH) {
          offer();
        }
      }
    }
    offer();
  }

  private void offer() {
    if (areBoundsUsed && top.isFull()) {
      exclude();
    }
    scorer.nearness(ordinals, count, nearness);
    for (int i = 0; i < count; i++) {
      top.offer(Candidate.pack(nearness[i], ordinals[i]));
    }
    count = 0;
  }

  /** Leaves of the batch what may be nearer than the last that is kept. */
  private void exclude() {
    walker.nearness(ordinals, count, nearness);
    bounded += count;
    long least = top.least();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (Candidate.pack(nearness[i], ordinals[i]) > least) {
        ordinals[kept++] = ordinals[i];
      }
    }
    count = kept;
    left += kept;
    areBoundsUsed = bounded < TRIED || left < bounded / 2;
  }
}
