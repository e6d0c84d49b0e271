package org.edgevec.index;

import org.edgevec.bytes.Bits;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a graph up with its vectors, step by step: links the tail in the order of ordinals, and
 * takes dead nodes out when they are many. {@link #plan} works a step out and reads only, {@link
 * #apply} makes its changes.
 *
 * <p>One thread at a time. Planning may run beside searches and beside vectors being added; while a
 * step is applied, nobody else may read the graph.
 */
public final class GraphMaintenance {

  private static final int MAX_DEAD_PERCENT = 20;

  private final HnswGraph graph;
  private final VectorArena vectors;
  private final GraphPatch patch = new GraphPatch();
  private final GraphInsertion insertion;
  private @Nullable GraphPurge purge;
  private boolean purged;

  public GraphMaintenance(HnswGraph graph, VectorArena vectors, int efConstruction) {
    this.graph = graph;
    this.vectors = vectors;
    this.insertion = new GraphInsertion(graph, vectors, efConstruction, patch);
  }

  /**
   * Whether there is anything to do.
   *
   * @param ordinalCount how many ordinals are in use
   * @param dead the dead ones of them, as bits
   */
  public boolean isDue(int ordinalCount, long[] dead) {
    return graph.size() < ordinalCount || purge != null || isPurgeDue(dead);
  }

  private boolean isPurgeDue(long[] dead) {
    // All that is absent is dead.
    int deadCount = Bits.count(dead, 0, graph.size()) - (graph.size() - graph.linkedCount());
    return deadCount * 100L > (long) graph.linkedCount() * MAX_DEAD_PERCENT;
  }

  /** Works out the next step of what is due, given the same as {@link #isDue}. */
  public void plan(long[] dead) {
    if (purge == null && isPurgeDue(dead)) {
      purge = new GraphPurge(graph, vectors, dead, patch);
    }
    GraphPurge running = purge;
    if (running != null) {
      purged = !running.plan();
    } else if (Bits.get(dead, graph.size())) {
      patch.clear();
      patch.add(HnswGraph.ABSENT);
    } else {
      insertion.plan();
    }
  }

  /** Makes the changes of the step that was planned. */
  public void apply() {
    GraphPurge running = purge;
    if (running != null && purged) {
      running.finish();
      purge = null;
    } else {
      patch.apply(graph);
    }
  }
}
