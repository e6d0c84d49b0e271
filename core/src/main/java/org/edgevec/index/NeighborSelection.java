package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.vector.Scorer;

/**
 * Chooses a node's neighbours among candidates so that they lie in different directions: one that
 * is nearer to a chosen neighbour than to the node is passed over, since that neighbour leads to it
 * (algorithm 4 of the paper, without extending the candidates). Those passed over fill what room is
 * left, the nearest first. Not thread-safe.
 *
 * <p>Each chosen one is scored against all that are still open, at one go, rather than each open
 * one against those chosen before: the same comparisons, but many at a time.
 */
final class NeighborSelection {

  private final Scorer scorer;

  /** Where among the candidates those are that are neither chosen nor passed over. */
  private int[] open = new int[64];

  private int[] ordinals = new int[64];
  private float[] nearness = new float[64];
  private boolean[] isPassedOver = new boolean[64];
  private long[] chosen = new long[64];
  private int openCount;

  /**
   * @param scorer scores candidates against each other
   */
  NeighborSelection(Scorer scorer) {
    this.scorer = scorer;
  }

  /**
   * Chooses.
   *
   * @param candidates packed, the nearest first
   * @param max how many to choose at most
   * @param fillTo up to how many to choose among those passed over
   * @return the chosen ones, packed
   */
  long[] select(long[] candidates, int max, int fillTo) {
    makeRoom(candidates.length, max);
    int count = 0;
    while (openCount > 0 && count < max) {
      long next = candidates[open[0]];
      chosen[count++] = next;
      if (count < max) {
        passOver(candidates, next);
      }
    }
    for (int i = 0; i < candidates.length && count < Math.min(max, fillTo); i++) {
      if (isPassedOver[i]) {
        chosen[count++] = candidates[i];
      }
    }
    return Arrays.copyOf(chosen, count);
  }

  private void makeRoom(int candidates, int max) {
    if (open.length < candidates) {
      open = new int[candidates];
      ordinals = new int[candidates];
      nearness = new float[candidates];
      isPassedOver = new boolean[candidates];
    }
    if (chosen.length < max) {
      chosen = new long[max];
    }
    for (int i = 0; i < candidates; i++) {
      open[i] = i;
      isPassedOver[i] = false;
    }
    openCount = candidates;
  }

  /** Leaves open, of those behind the first, what is not as near to the first as to the node. */
  private void passOver(long[] candidates, long first) {
    int others = openCount - 1;
    for (int i = 0; i < others; i++) {
      ordinals[i] = Candidate.ordinal(candidates[open[i + 1]]);
    }
    scorer.query(Candidate.ordinal(first));
    scorer.nearness(ordinals, others, nearness);
    openCount = 0;
    for (int i = 0; i < others; i++) {
      int index = open[i + 1];
      if (nearness[i] >= Candidate.nearness(candidates[index])) {
        isPassedOver[index] = true;
      } else {
        open[openCount++] = index;
      }
    }
  }
}
