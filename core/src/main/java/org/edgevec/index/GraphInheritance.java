package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.bytes.Bits;

/**
 * Puts live copies in the place of dead nodes: a node's first live copy takes over its level, its
 * lists and its other copies, and every list that named the node names the copy. The vectors are
 * equal, so nothing else changes. What comes before {@link GraphPurge}, which then takes out nodes
 * that no live entry shares.
 *
 * <p>A round plans in steps, which look through all lists and only read; its last step makes the
 * changes of all nodes of the round at once, while nobody may search, so that nobody meets a node
 * that has moved half. So many nodes are in a round that this takes about a millisecond. No node
 * may be linked while it is under way. Not thread-safe.
 */
final class GraphInheritance {

  private static final int MAX_NODES = 512;

  /** Nodes whose lists one step looks through. */
  private static final int NODES_A_STEP = 2000;

  private final HnswGraph graph;
  private final long[] dead;
  private final long[] alive;

  /** The nodes of this round, and the same as bits. */
  private final int[] nodes = new int[MAX_NODES];

  private final long[] leaving;
  private int count;

  /** Where the next round looks for nodes. */
  private int from;

  /** Where the lists are that name nodes of this round: an ordinal and a level each. */
  private int[] places = new int[256];

  private int placeCount;

  /** Where the next step looks for them. */
  private int next;

  /**
   * @param dead bits of ordinals; copied
   */
  GraphInheritance(HnswGraph graph, long[] dead) {
    this.graph = graph;
    this.dead = Arrays.copyOf(dead, Bits.words(graph.size()));
    this.alive = Bits.inverted(this.dead, graph.size());
    this.leaving = new long[this.dead.length];
  }

  /**
   * Plans the next step.
   *
   * @return false if no dead node is left that has a live copy
   */
  boolean plan() {
    if (count == 0) {
      begin();
    }
    int end = Math.min(graph.size(), next + NODES_A_STEP);
    while (count > 0 && next < end) {
      note(next++);
    }
    return count > 0;
  }

  /** Whether the step that was planned is one that changes the graph. */
  boolean isReady() {
    return count > 0 && next == graph.size();
  }

  private void begin() {
    placeCount = 0;
    next = 0;
    while (from < graph.size() && count < MAX_NODES) {
      int node = from++;
      if (Bits.get(dead, node)
          && graph.level(node) >= 0
          && graph.copies().hasAccepted(node, alive, graph.size())) {
        nodes[count++] = node;
        Bits.set(leaving, node);
      }
    }
  }

  private void note(int node) {
    for (int level = 0; level <= graph.level(node); level++) {
      if (namesLeaving(node, level)) {
        if (placeCount == places.length) {
          places = Arrays.copyOf(places, 2 * placeCount);
        }
        places[placeCount++] = node;
        places[placeCount++] = level;
      }
    }
  }

  private boolean namesLeaving(int node, int level) {
    int[] list = graph.neighbors(node, level);
    int start = graph.start(node, level);
    for (int i = start + 1; i <= start + list[start]; i++) {
      if (Bits.get(leaving, list[i])) {
        return true;
      }
    }
    return false;
  }

  /** Makes the changes of the step that was planned. */
  void apply() {
    if (!isReady()) {
      return;
    }
    for (int i = 0; i < count; i++) {
      graph.dropFirstCopies(nodes[i], dead);
      // All that takes memory comes before all that must not be done half.
      graph.makeBlock(graph.copies().next(nodes[i]));
    }
    for (int i = 0; i < placeCount; i += 2) {
      rename(places[i], places[i + 1]);
    }
    for (int i = 0; i < count; i++) {
      Bits.clear(leaving, nodes[i]);
      graph.moveToFirstCopy(nodes[i]);
    }
    count = 0;
  }

  private void rename(int node, int level) {
    int[] list = graph.neighbors(node, level);
    int start = graph.start(node, level);
    for (int i = start + 1; i <= start + list[start]; i++) {
      if (Bits.get(leaving, list[i])) {
        list[i] = graph.copies().next(list[i]);
      }
    }
  }
}
