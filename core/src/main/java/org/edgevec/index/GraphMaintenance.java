package org.edgevec.index;

import org.edgevec.Platform;
import org.edgevec.bytes.Bits;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a graph up with its vectors, step by step: links the tail in the order of ordinals, and
 * takes dead nodes out when they are many. {@link #plan} works a step out and reads only, {@link
 * #apply} makes its changes.
 *
 * <p>One thread at a time; it may have others to help it plan (see {@link GraphRound}). Planning
 * and applying may run beside searches and beside vectors being added, but nobody may search while
 * an {@linkplain #isExclusive exclusive} step is applied.
 */
public final class GraphMaintenance {

  private static final int MAX_DEAD_PERCENT = 20;

  /** Ordinals that a step takes notice of by their vectors. */
  private static final int NOTED_A_STEP = 500;

  private final HnswGraph graph;
  private final VectorArena vectors;
  private final GraphPatch patch = new GraphPatch();
  private final GraphInsertion insertion;
  private @Nullable GraphInheritance inheritance;

  /** Null if one thread links. */
  private final @Nullable GraphRound round;

  private @Nullable GraphPurge purge;

  /** Counting takes long where there are many, so each array is counted once only. */
  private long[] counted = {};

  private boolean purged;

  /** Whether the step that was planned is to take notice of nodes by their vectors. */
  private boolean isLookup;

  /** Links with the thread that it is called by. */
  public GraphMaintenance(HnswGraph graph, VectorArena vectors, int efConstruction) {
    this(graph, vectors, efConstruction, Platform.inline(), 1);
  }

  /**
   * Links with several threads.
   *
   * @param platform gives the others
   * @param threads how many work the links out, 1 or more
   */
  public GraphMaintenance(
      HnswGraph graph, VectorArena vectors, int efConstruction, Platform platform, int threads) {
    this.round =
        threads > 1 ? new GraphRound(graph, vectors, efConstruction, platform, threads) : null;
    this.graph = graph;
    this.vectors = vectors;
    this.insertion = new GraphInsertion(graph, vectors, efConstruction, patch);
  }

  /** The graph that is kept up. */
  public HnswGraph graph() {
    return graph;
  }

  /**
   * Whether so many of a graph's nodes and copies are dead that they are to be taken out.
   *
   * @param deadCount how many of those that are linked are dead
   */
  public static boolean isPurgeDue(HnswGraph graph, int deadCount) {
    return deadCount * 100L > (long) graph.linkedCount() * MAX_DEAD_PERCENT;
  }

  /**
   * Works out the next step.
   *
   * @param ordinalCount how many ordinals are in use
   * @param dead the dead ones of them, as bits; another array whenever there are more
   * @return false if nothing is to be done
   */
  public boolean plan(int ordinalCount, long[] dead) {
    if (planLookup()) {
      return true;
    }
    if (purge == null && dead != counted) {
      counted = dead;
      if (isPurgeDue(graph, deadCount(dead))) {
        forgetRound();
        inheritance = new GraphInheritance(graph, dead);
        purge = new GraphPurge(graph, vectors, dead, patch);
      }
    }
    GraphInheritance first = inheritance;
    if (first != null) {
      if (first.plan()) {
        return true;
      }
      inheritance = null;
    }
    GraphPurge running = purge;
    if (running != null) {
      purged = !running.plan();
      return true;
    }
    if (graph.size() >= ordinalCount) {
      return false;
    }
    if (Bits.get(dead, graph.size())) {
      patch.clear();
      patch.add(HnswGraph.ABSENT);
    } else {
      planNext(ordinalCount, dead);
    }
    return true;
  }

  /**
   * Plans a step that takes notice of nodes by their vectors, which comes before all others.
   *
   * @return false if all were taken notice of
   */
  public boolean planLookup() {
    isLookup = graph.isLookupBehind();
    return isLookup;
  }

  private void planNext(int ordinalCount, long[] dead) {
    GraphRound several = round;
    if (several == null) {
      insertion.plan();
      return;
    }
    if (!several.plan(insertion, ordinalCount, dead)) {
      insertion.plan();
    }
    several.note(patch);
  }

  private void forgetRound() {
    GraphRound several = round;
    if (several != null) {
      several.forget();
    }
  }

  /** How many that are linked are dead; all that is absent is. */
  private int deadCount(long[] dead) {
    return Bits.count(dead, 0, graph.size()) - (graph.size() - graph.linkedCount());
  }

  /** Whether nobody may search while the step that was planned is applied. */
  public boolean isExclusive() {
    GraphInheritance first = inheritance;
    if (isLookup) {
      return false;
    }
    return first == null ? purge != null && purged : first.isReady();
  }

  /** Makes the changes of the step that was planned. */
  public void apply() {
    GraphInheritance first = inheritance;
    GraphPurge running = purge;
    if (isLookup) {
      noteByVectors(NOTED_A_STEP);
    } else if (first != null) {
      first.apply();
    } else if (running != null && purged) {
      running.finish();
      purge = null;
    } else {
      patch.apply(graph);
      if (patch.copied() >= 0) {
        graph.dropFirstCopies(patch.copied(), counted);
      }
      noteByVectors(1);
    }
  }

  private void noteByVectors(int most) {
    for (int i = 0; i < most && graph.isLookupBehind(); i++) {
      graph.nodes().add(graph, vectors);
    }
  }
}
