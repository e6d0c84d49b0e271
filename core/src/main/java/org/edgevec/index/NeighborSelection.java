package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

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
 * <p><b>Bounds.</b> What is chosen is what the vectors themselves say, always. Most comparisons are
 * clear without them, though: what codes tell of a pair is off by so much at most, and where two
 * such intervals do not meet, it is known which is nearer. Only the others are scored exactly.
 *
 * <p>Each chosen one is scored against all that are still open, at one go, rather than each open
 * one against those chosen before: the same comparisons, but many at a time.
 */
final class NeighborSelection {

  /** So many are scored in the time of one. */
  private static final int BATCH = 4;

  private final Scorer scorer;
  private final Scorer walker;

  private int node;
  private Scorer toNode;
  private long[] candidates = {};

  /** How far below what a candidate has its exact nearness may lie. */
  private float[] slack = new float[64];

  /** Where among the candidates those are that are neither chosen nor passed over. */
  private int[] open = new int[64];

  private int[] passed = new int[64];
  private int[] unclear = new int[64];
  private int[] ordinals = new int[64];
  private float[] nearness = new float[64];
  private boolean[] isPassedOver = new boolean[64];
  private long[] chosen = new long[64];
  private int openCount;
  private int passedCount;

  /**
   * @param vectors candidates are among them
   */
  NeighborSelection(VectorArena vectors) {
    scorer = vectors.linker();
    walker = vectors.walker(scorer);
    toNode = scorer;
  }

  /** How near two of equally near ones are beyond that; less is nearer. */
  static int tie(int a, int b) {
    return a ^ b;
  }

  /**
   * Chooses.
   *
   * @param of whose neighbours
   * @param among packed, the nearest first; of equally near ones in any order
   * @param max how many to choose at most
   * @param fillTo up to how many to choose among those passed over
   * @return the chosen ones, packed
   */
  long[] select(int of, long[] among, int max, int fillTo) {
    makeRoom(among.length, max);
    Arrays.fill(slack, 0, among.length, 0);
    return select(of, among, scorer, max, fillTo);
  }

  /**
   * Chooses among some of which only bounds are known, what it would choose if all were.
   *
   * @param among in about that order; those that have to be are given their exact nearness
   * @param slacks how far below what is given the exact nearness of each may lie; 0 if that is it
   * @param exact has the node as its query
   */
  long[] select(int of, long[] among, float[] slacks, Scorer exact, int max, int fillTo) {
    makeRoom(among.length, max);
    System.arraycopy(slacks, 0, slack, 0, among.length);
    return select(of, among, exact, max, fillTo);
  }

  private long[] select(int of, long[] among, Scorer exact, int max, int fillTo) {
    begin(of, among, exact);
    int count = 0;
    while (openCount > 0 && count < max) {
      settleNearest(open, 0, openCount);
      long next = candidates[open[0]];
      chosen[count++] = next;
      openCount--;
      System.arraycopy(open, 1, open, 0, openCount);
      if (count < max) {
        passOver(Candidate.ordinal(next));
      }
    }
    if (count < Math.min(max, fillTo)) {
      sort(passed, 0, passedCount);
    }
    for (int i = 0; i < passedCount && count < Math.min(max, fillTo); i++) {
      settleNearest(passed, i, passedCount);
      chosen[count++] = candidates[passed[i]];
    }
    return Arrays.copyOf(chosen, count);
  }

  private void makeRoom(int count, int max) {
    if (open.length < count) {
      slack = new float[count];
      open = new int[count];
      passed = new int[count];
      unclear = new int[count];
      ordinals = new int[count];
      nearness = new float[count];
      isPassedOver = new boolean[count];
    }
    if (chosen.length < max) {
      chosen = new long[max];
    }
  }

  private void begin(int of, long[] among, Scorer exact) {
    node = of;
    candidates = among;
    toNode = exact;
    openCount = among.length;
    passedCount = 0;
    for (int i = 0; i < openCount; i++) {
      open[i] = i;
    }
    sort(open, 0, openCount);
  }

  /** Sorts what is nearly sorted, the nearest first. */
  private void sort(int[] list, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int index = list[i];
      int at = i - 1;
      while (at >= from && isNearer(index, list[at])) {
        list[at + 1] = list[at];
        at--;
      }
      list[at + 1] = index;
    }
  }

  private boolean isNearer(int a, int b) {
    long first = candidates[a] >> 32;
    long second = candidates[b] >> 32;
    return first > second
        || first == second
            && tie(Candidate.ordinal(candidates[a]), node)
                < tie(Candidate.ordinal(candidates[b]), node);
  }

  /** Scores of a sorted list what may be the nearest, until it is known and the first. */
  private void settleNearest(int[] list, int from, int to) {
    int count = gatherUnsettled(list, from, to);
    while (count > 0) {
      settle(unclear, count);
      sort(list, from, to);
      count = gatherUnsettled(list, from, to);
    }
  }

  /** A few that are not settled and may be nearer than the nearest that is, or as near. */
  private int gatherUnsettled(int[] list, int from, int to) {
    int count = 0;
    int nearest = -1;
    for (int i = from; i < to && count < BATCH; i++) {
      int index = list[i];
      if (nearest >= 0 && candidates[index] >> 32 < candidates[nearest] >> 32) {
        break;
      }
      if (slack[index] > 0) {
        unclear[count++] = index;
      } else if (nearest < 0) {
        nearest = index;
      }
    }
    return count;
  }

  /** Gives candidates their exact nearness to the node. */
  private void settle(int[] indexes, int count) {
    int unsettled = 0;
    for (int i = 0; i < count; i++) {
      if (slack[indexes[i]] > 0) {
        ordinals[unsettled++] = Candidate.ordinal(candidates[indexes[i]]);
      }
    }
    toNode.nearness(ordinals, unsettled, nearness);
    int next = 0;
    for (int i = 0; i < count; i++) {
      int index = indexes[i];
      if (slack[index] > 0) {
        candidates[index] = Candidate.pack(nearness[next], ordinals[next]);
        slack[index] = 0;
        next++;
      }
    }
  }

  /** Leaves open what is not nearer to the chosen one than to the node. */
  private void passOver(int chosenOrdinal) {
    for (int i = 0; i < openCount; i++) {
      ordinals[i] = Candidate.ordinal(candidates[open[i]]);
    }
    walker.query(chosenOrdinal);
    walker.nearness(ordinals, openCount, nearness);
    int others = openCount;
    int unclearCount = 0;
    openCount = 0;
    for (int i = 0; i < others; i++) {
      int index = open[i];
      float toNodeAtMost = Candidate.nearness(candidates[index]);
      boolean isNotNearer = nearness[i] < toNodeAtMost - slack[index];
      if (!isNotNearer && nearness[i] - walker.slack(ordinals[i]) > toNodeAtMost) {
        passed[passedCount++] = index;
      } else {
        open[openCount++] = index;
        if (!isNotNearer) {
          unclear[unclearCount++] = index;
        }
      }
    }
    if (unclearCount > 0) {
      passOverUnclear(chosenOrdinal, unclearCount);
    }
  }

  /** The same for those of which bounds do not tell; they are open yet. */
  private void passOverUnclear(int chosenOrdinal, int count) {
    settle(unclear, count);
    for (int i = 0; i < count; i++) {
      ordinals[i] = Candidate.ordinal(candidates[unclear[i]]);
    }
    scorer.nearness(ordinals, count, nearness);
    for (int i = 0; i < count; i++) {
      float distance = Candidate.nearness(candidates[unclear[i]]);
      isPassedOver[unclear[i]] =
          nearness[i] == distance
              ? tie(ordinals[i], chosenOrdinal) < tie(ordinals[i], node)
              : nearness[i] > distance;
    }
    closePassedOver(count);
  }

  private void closePassedOver(int count) {
    int others = openCount;
    openCount = 0;
    for (int i = 0; i < others; i++) {
      if (isPassedOver[open[i]]) {
        passed[passedCount++] = open[i];
      } else {
        open[openCount++] = open[i];
      }
    }
    for (int i = 0; i < count; i++) {
      isPassedOver[unclear[i]] = false;
    }
    sort(open, 0, openCount);
  }
}
