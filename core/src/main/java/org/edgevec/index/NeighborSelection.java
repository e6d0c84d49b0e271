package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.vector.Scorer;

/**
 * Chooses a node's neighbours among candidates so that they lie in different directions: one that
 * is nearer to a chosen neighbour than to the node is passed over, since that neighbour leads to it
 * (algorithm 4 of the paper, without extending the candidates). Those passed over fill what room is
 * left, the nearest first. Not thread-safe.
 *
 * <p><b>Ties.</b> Of what is equally near to a node, nearer is what {@link #tie} says: the
 * exclusive or of two ordinals, which is the same in both directions, and no two others have the
 * same to a node. So all pairs are in one order as if there were no ties, in which choosing as the
 * paper has it leads from everywhere to everywhere, and where all are equally near (rows with a
 * single one), a node's neighbours share ever shorter beginnings of its ordinal, as in the tables
 * of Kademlia (Maymounkov and Mazières, 2002). Ordinals themselves would make the first ones the
 * neighbours of all, and nobody the last ones'.
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

  /** How near two of equally near ones are beyond that; less is nearer. */
  static int tie(int a, int b) {
    return a ^ b;
  }

  /**
   * Chooses.
   *
   * @param node whose neighbours
   * @param candidates packed, the nearest first; of equally near ones in any order, which becomes
   *     that of {@link #tie}
   * @param max how many to choose at most
   * @param fillTo up to how many to choose among those passed over
   * @return the chosen ones, packed
   */
  long[] select(int node, long[] candidates, int max, int fillTo) {
    makeRoom(candidates.length, max);
    sortTies(node, candidates);
    int count = 0;
    while (openCount > 0 && count < max) {
      long next = candidates[open[0]];
      chosen[count++] = next;
      if (count < max) {
        passOver(node, candidates, next);
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

  private static void sortTies(int node, long[] candidates) {
    for (int i = 1; i < candidates.length; i++) {
      long candidate = candidates[i];
      int at = i - 1;
      while (at >= 0
          && candidate >>> 32 == candidates[at] >>> 32
          && tie(Candidate.ordinal(candidate), node)
              < tie(Candidate.ordinal(candidates[at]), node)) {
        candidates[at + 1] = candidates[at];
        at--;
      }
      candidates[at + 1] = candidate;
    }
  }

  /** Leaves open, of those behind the first, what is not nearer to the first than to the node. */
  private void passOver(int node, long[] candidates, long first) {
    int others = openCount - 1;
    for (int i = 0; i < others; i++) {
      ordinals[i] = Candidate.ordinal(candidates[open[i + 1]]);
    }
    int chosenOrdinal = Candidate.ordinal(first);
    scorer.query(chosenOrdinal);
    scorer.nearness(ordinals, others, nearness);
    openCount = 0;
    for (int i = 0; i < others; i++) {
      int index = open[i + 1];
      float toNode = Candidate.nearness(candidates[index]);
      boolean isNearer =
          nearness[i] == toNode
              ? tie(ordinals[i], chosenOrdinal) < tie(ordinals[i], node)
              : nearness[i] > toNode;
      if (isNearer) {
        isPassedOver[index] = true;
      } else {
        open[openCount++] = index;
      }
    }
  }
}
