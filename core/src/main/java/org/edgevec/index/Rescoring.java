package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.vector.Scorer;

/**
 * Scores exactly those that bounds cannot exclude, with the memory that it needs from one time to
 * the next. Not thread-safe.
 */
public final class Rescoring {

  private static final int BATCH = 8;

  private int[] ordinals = new int[64];
  private float[] nearness = new float[64];
  private int scored;

  /**
   * The nearest of what a walk by bounds has kept.
   *
   * @param bounds packed, each with a nearness that is at least the exact one, the largest first
   * @param exact has the query
   * @return packed, with exact nearness, nearest first
   */
  public long[] nearest(long[] bounds, Scorer exact, int k) {
    return Arrays.copyOf(nearestFirst(bounds, exact, k), Math.min(k, bounds.length));
  }

  /**
   * The same ones first, as {@link #nearest} has them, and then the others as they are; {@link
   * #scored} tells how many have their exact nearness now, in order.
   */
  long[] nearestFirst(long[] bounds, Scorer exact, int k) {
    long[] result = bounds.clone();
    TopK top = new TopK(Math.min(k, bounds.length));
    scored = 0;
    while (scored < bounds.length && (scored < k || bounds[scored] > top.least())) {
      int count = Math.min(scored < k ? k - scored : BATCH, bounds.length - scored);
      score(bounds, scored, count, exact);
      for (int i = 0; i < count; i++) {
        long candidate = Candidate.pack(nearness[i], ordinals[i]);
        result[scored + i] = candidate;
        top.offer(candidate);
      }
      scored += count;
    }
    TopK.sortDescending(result, scored);
    return result;
  }

  /** How many of what {@link #nearestFirst} gave were scored. */
  int scored() {
    return scored;
  }

  private void score(long[] candidates, int from, int count, Scorer exact) {
    if (ordinals.length < count) {
      ordinals = new int[2 * count];
      nearness = new float[2 * count];
    }
    for (int i = 0; i < count; i++) {
      ordinals[i] = Candidate.ordinal(candidates[from + i]);
    }
    exact.nearness(ordinals, count, nearness);
  }
}
