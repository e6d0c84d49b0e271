package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.vector.Scorer;

/**
 * Chooses a node's neighbours among candidates so that they lie in different directions: one that
 * is nearer to a chosen neighbour than to the node is passed over, since that neighbour leads to it
 * (algorithm 4 of the paper, without extending the candidates). Those passed over fill what room is
 * left, the nearest first. Not thread-safe.
 */
final class NeighborSelection {

  private final Scorer scorer;
  private final int[] four = new int[4];
  private final float[] nearness = new float[4];
  private long[] chosen = new long[64];
  private long[] passedOver = new long[64];
  private int count;

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
    if (chosen.length < max) {
      chosen = new long[max];
      passedOver = new long[max];
    }
    count = 0;
    int passed = 0;
    for (int i = 0; i < candidates.length && count < max; i++) {
      long candidate = candidates[i];
      if (isInOwnDirection(candidate)) {
        chosen[count++] = candidate;
      } else if (passed < passedOver.length) {
        passedOver[passed++] = candidate;
      }
    }
    for (int i = 0; i < passed && count < Math.min(max, fillTo); i++) {
      chosen[count++] = passedOver[i];
    }
    return Arrays.copyOf(chosen, count);
  }

  /** Whether no chosen neighbour is as near to a candidate as the node is. */
  private boolean isInOwnDirection(long candidate) {
    float floor = Candidate.nearness(candidate);
    scorer.query(Candidate.ordinal(candidate));
    for (int i = 0; i < count; i += 4) {
      int n = Math.min(4, count - i);
      for (int j = 0; j < n; j++) {
        four[j] = Candidate.ordinal(chosen[i + j]);
      }
      scorer.nearness(four, n, nearness);
      for (int j = 0; j < n; j++) {
        if (nearness[j] >= floor) {
          return false;
        }
      }
    }
    return true;
  }
}
