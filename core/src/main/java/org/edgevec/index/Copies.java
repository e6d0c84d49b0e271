package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.bytes.Bits;

/**
 * Ordinals whose vector is, to the bit, that of a node: they have no links of their own, and are
 * found through the node. A node's copies are a chain in the order of ordinals, all of them above
 * the node's own, which the node leads to.
 *
 * <p>So a walk meets each vector once, however many entries have it, and every place in its pool is
 * for a vector of its own. Linking many copies as nodes would fill their lists with each other.
 *
 * <p><b>Threads.</b> As {@link HnswGraph}: one thread changes it, others may read beside it what
 * lies below a size of the graph that they have read before. A chain ascends, so a reader leaves it
 * at the first ordinal that is not below, and so meets none of those that are being added. Dead
 * ones may be taken from a chain's beginning meanwhile: whoever stands on one of them is led on.
 */
public final class Copies {

  /** The end of a chain; the first ordinal of all is no copy. */
  static final int NONE = 0;

  private static final int MIN_CAPACITY = 1 << 10;

  /** The next copy of the same vector, by ordinal. Volatile: a reader sees all in its array. */
  private volatile int[] next = {};

  /** The last copy of a node; for the thread that changes it only. */
  private int[] last = {};

  /** Whether there never were any. */
  public boolean isEmpty() {
    return next.length == 0;
  }

  /** The first copy of a node, or the next one behind a copy, or {@link #NONE}. */
  int next(int ordinal) {
    return next(next, ordinal);
  }

  private static int next(int[] chain, int ordinal) {
    return ordinal < chain.length ? chain[ordinal] : NONE;
  }

  /** Makes room for adding that ordinal, which may run out of memory. */
  void reserve(int copy) {
    if (copy >= next.length) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 64, Math.max(MIN_CAPACITY, copy * 2L));
      int[] moreLast = Arrays.copyOf(last, capacity);
      next = Arrays.copyOf(next, capacity);
      last = moreLast;
    }
  }

  /** Adds a copy of a node behind all others, for which there is room. */
  void add(int node, int copy) {
    int end = last[node] == NONE ? node : last[node];
    next[end] = copy;
    last[node] = copy;
  }

  /** Whether a node has a copy below an ordinal that is accepted. */
  boolean hasAccepted(int node, long[] accepted, int limit) {
    int[] chain = next;
    int copy = next(chain, node);
    while (copy != NONE && copy < limit && !Bits.get(accepted, copy)) {
      copy = chain[copy];
    }
    return copy != NONE && copy < limit;
  }

  /**
   * The entries that have the vectors of nodes: each node itself and its copies, as near as it is.
   *
   * @param nodes packed {@link Candidate}s, the nearest first
   * @param accepted bits of ordinals; others are left out
   * @param limit ordinals from here on are left out
   * @param max how many at most
   * @return packed, the nearest first
   */
  public long[] expanded(long[] nodes, long[] accepted, int limit, int max) {
    int[] chain = next;
    TopK top = new TopK(max);
    int count = 0;
    float farthest = Float.POSITIVE_INFINITY;
    for (long node : nodes) {
      float nearness = Candidate.nearness(node);
      if (count >= max && nearness < farthest) {
        break;
      }
      farthest = nearness;
      int ordinal = Candidate.ordinal(node);
      int taken = 0;
      while (ordinal < limit && taken < max) {
        if (Bits.get(accepted, ordinal)) {
          top.offer(Candidate.pack(nearness, ordinal));
          taken++;
        }
        ordinal = next(chain, ordinal);
        if (ordinal == NONE) {
          break;
        }
      }
      count += taken;
    }
    return top.descending();
  }

  /**
   * Takes dead copies from the beginning of a node's chain, up to the first that is not, or the
   * last of all. Readers may be on them.
   *
   * @return the first of those taken, or {@link #NONE}; {@link #next} leads from it to the others,
   *     up to the node's first copy of now
   */
  int dropFirst(int node, long[] dead) {
    int first = next(node);
    int copy = first;
    while (copy != last(node) && Bits.get(dead, copy)) {
      copy = next[copy];
    }
    if (copy == first) {
      return NONE;
    }
    next[node] = copy;
    return first;
  }

  private int last(int node) {
    return node < last.length ? last[node] : NONE;
  }

  /** Takes dead copies from a node's chain. Nobody may read. */
  void drop(int node, long[] dead) {
    int end = node;
    for (int copy = next(node); copy != NONE; copy = next[copy]) {
      if (!Bits.get(dead, copy)) {
        next[end] = copy;
        end = copy;
      }
    }
    if (end < next.length) {
      next[end] = NONE;
      last[node] = end == node ? NONE : end;
    }
  }

  /** Makes a node's first copy the node of those behind it. Nobody may read. */
  void moveToFirst(int node) {
    int heir = next[node];
    last[heir] = last[node] == heir ? NONE : last[node];
    clear(node);
  }

  /** Forgets a node's copies. Nobody may read. */
  void clear(int node) {
    if (node < next.length) {
      next[node] = NONE;
      last[node] = NONE;
    }
  }
}
