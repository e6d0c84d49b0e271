package org.edgevec.index;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.edgevec.Platform;
import org.edgevec.bytes.Bits;
import org.edgevec.vector.VectorArena;

/**
 * Links with several threads: they work out at the same time how the next ordinals, a
 * <em>round</em>, are linked into the graph as it is, and one thread then links them one after the
 * other, in the order of ordinals.
 *
 * <p>No walk meets another one of the same round, so each is scored against those before it, which
 * are candidates like those that the walk found. What was worked out holds when its turn comes, but
 * for the lists that others of the round have changed meanwhile: those links are worked out anew,
 * against the lists as they are then. Where the others of the round leave more in doubt than that,
 * the ordinal is planned once more, alone. Which thread plans what changes nothing: the same round
 * comes to the same links, unless codes were given up in one and not in another (see {@link
 * CodeTrust}).
 *
 * <p><b>Threads.</b> While the helpers work, nobody changes the graph: they and the thread that
 * waits for them read it only, and each writes to its own {@link GraphInsertion}, and to the plans
 * whose numbers it drew. {@link Platform#runParallel} lets them see all that came before, and the
 * thread that waits see all that they did. All else is of that thread alone.
 */
final class GraphRound {

  /** Long against the wait for the last one, short against a graph that is worth it. */
  private static final int ROUND = 32;

  /** So many linked nodes for each one of a round, which the others of it do not meet. */
  private static final int NODES_FOR_EACH = 100;

  private final HnswGraph graph;
  private final Platform platform;
  private final GraphInsertion[] insertions;
  private final GraphPatch[] plans;

  /** Whether a plan may be used. */
  private final boolean[] isPlanned;

  private final AtomicInteger nextWorker = new AtomicInteger();
  private final AtomicInteger nextPlan = new AtomicInteger();

  /** The lists that the round has changed so far, each as its node and level. */
  private final Set<Long> changed = new HashSet<>();

  private int[] ordinals = new int[0];
  private int from;
  private int to;

  /**
   * @param threads how many plan at the same time, more than 1
   */
  GraphRound(
      HnswGraph graph, VectorArena vectors, int efConstruction, Platform platform, int threads) {
    this.graph = graph;
    this.platform = platform;
    this.insertions = new GraphInsertion[threads];
    this.plans = new GraphPatch[Math.max(ROUND, 4 * threads)];
    this.isPlanned = new boolean[plans.length];
    for (int i = 0; i < threads; i++) {
      insertions[i] = new GraphInsertion(graph, vectors, efConstruction, new GraphPatch());
    }
    for (int i = 0; i < plans.length; i++) {
      plans[i] = new GraphPatch();
    }
  }

  /** Forgets what is planned and not applied: the graph is about to be changed by others. */
  void forget() {
    to = from;
  }

  /**
   * Works out how the next ordinal is linked, perhaps with others that come after it.
   *
   * @param insertion of the thread that applies, whose patch gets it
   * @param ordinalCount how many ordinals are in use
   * @param dead the dead ones of them, as bits
   * @return false if it is to be planned alone; whatever the patch then holds is to be cleared
   */
  boolean plan(GraphInsertion insertion, int ordinalCount, long[] dead) {
    int ordinal = graph.size();
    if (ordinal < from || ordinal >= to) {
      begin(ordinalCount, dead);
    }
    int index = ordinal - from;
    return index < to - from && isPlanned[index] && insertion.complete(ordinal, plans[index], this);
  }

  /** Takes note of the lists that a patch changes, which is applied next. */
  void note(GraphPatch patch) {
    if (graph.size() < to) {
      for (int at = patch.first(); at >= 0; at = patch.next(at)) {
        changed.add(key(patch.node(at), patch.level(at)));
      }
    }
  }

  /** Whether a node's list is another than when the round was planned. */
  boolean isChanged(int node, int level) {
    return changed.contains(key(node, level));
  }

  private static long key(int node, int level) {
    return (long) node << 8 | level;
  }

  /** Whether an ordinal was not linked yet when the round was planned. */
  boolean isMate(int ordinal) {
    return ordinal >= from;
  }

  private void begin(int ordinalCount, long[] dead) {
    changed.clear();
    from = graph.size();
    to = from;
    int most = Math.min(plans.length, graph.linkedCount() / NODES_FOR_EACH);
    int end = from + Math.min(most, ordinalCount - from);
    // One that is on a level of its own is where the others set out from.
    while (to < end && Levels.of(to, graph.m()) <= graph.maxLevel()) {
      to++;
    }
    if (to - from < 2) {
      to = from;
      return;
    }
    int count = 0;
    ordinals = new int[to - from];
    for (int ordinal = from; ordinal < to; ordinal++) {
      isPlanned[ordinal - from] = false;
      if (!Bits.get(dead, ordinal)) {
        ordinals[count++] = ordinal;
      }
    }
    ordinals = Arrays.copyOf(ordinals, count);
    nextWorker.set(0);
    nextPlan.set(0);
    platform.runParallel(this::work, insertions.length);
  }

  /** Plans until none is left; done by every thread, or by one alone. */
  private void work() {
    int worker = nextWorker.getAndIncrement();
    if (worker >= insertions.length) {
      return;
    }
    GraphInsertion insertion = insertions[worker];
    int number = nextPlan.getAndIncrement();
    while (number < ordinals.length) {
      int index = ordinals[number] - from;
      isPlanned[index] = insertion.planBeside(ordinals, number, plans[index]);
      number = nextPlan.getAndIncrement();
    }
  }
}
