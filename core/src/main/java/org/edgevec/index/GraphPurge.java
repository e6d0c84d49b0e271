package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.bytes.Bits;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * Takes dead nodes and copies out of a graph. A node with a live copy is none of them: {@link
 * GraphInheritance} comes first. Every node that names one of them as its neighbour gets other
 * neighbours instead, chosen among those that remain to it and those that the dead ones would have
 * led to (the consolidation of FreshDiskANN, Singh et al., 2021, arXiv:2105.09613). When all nodes
 * are done, nothing leads to the dead ones any more and they become absent.
 *
 * <p>Plans one node at a time, reading only; no node may be linked while it is under way. Not
 * thread-safe.
 */
final class GraphPurge {

  /** Nodes with nothing to mend that one step may pass over. */
  private static final int NODES_A_STEP = 2000;

  private final HnswGraph graph;
  private final GraphPatch patch;
  private final GraphSearch search = new GraphSearch();
  private final Scorer scorer;
  private final NeighborSelection selection;
  private final Candidates candidates = new Candidates();
  private final long[] purged;
  private int[] queue = new int[64];
  private int[] members = new int[64];
  private int queued;
  private int memberCount;
  private int next;

  /**
   * @param dead the nodes to take out and perhaps more, as bits; copied
   */
  GraphPurge(HnswGraph graph, VectorArena vectors, long[] dead, GraphPatch patch) {
    this.graph = graph;
    this.patch = patch;
    this.scorer = vectors.linker();
    this.selection = new NeighborSelection(vectors);
    this.purged = Arrays.copyOf(dead, Bits.words(graph.size()));
  }

  /**
   * Works out how the next nodes are mended.
   *
   * @return false if all are; {@link #finish} comes next
   */
  boolean plan() {
    patch.clear();
    int end = Math.min(graph.size(), next + NODES_A_STEP);
    while (next < end && patch.isEmpty()) {
      planNode(next++);
    }
    return next < graph.size() || !patch.isEmpty();
  }

  /** Makes the dead nodes and copies absent. */
  void finish() {
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      if (!Bits.get(purged, ordinal) && graph.level(ordinal) >= 0) {
        graph.copies().drop(ordinal, purged);
      }
    }
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      if (Bits.get(purged, ordinal) && graph.level(ordinal) != HnswGraph.ABSENT) {
        graph.remove(ordinal);
      }
    }
    graph.chooseEntryPoint();
  }

  private void planNode(int node) {
    if (Bits.get(purged, node)) {
      return;
    }
    for (int level = 0; level <= graph.level(node); level++) {
      if (leadsToPurged(node, level)) {
        planLevel(node, level);
      }
    }
  }

  private boolean leadsToPurged(int node, int level) {
    int[] list = graph.neighbors(node, level);
    int start = graph.start(node, level);
    for (int i = 1; i <= list[start]; i++) {
      if (Bits.get(purged, list[start + i])) {
        return true;
      }
    }
    return false;
  }

  private void planLevel(int node, int level) {
    int max = graph.maxNeighbors(level);
    scorer.query(node);
    gather(node, level, 4 * max);
    long[] found = memberCount == 0 ? walk(node, level, max) : gathered();
    long[] chosen = selection.select(node, found, max, graph.leastNeighbors(level));
    patch.replace(node, level, chosen);
    for (long candidate : chosen) {
      linkBack(node, level, Candidate.ordinal(candidate));
    }
  }

  /** Collects the neighbours that remain and what lies behind the others. */
  private void gather(int node, int level, int limit) {
    search.begin(graph.size(), 1, CandidatePool.ANY);
    search.visit(node);
    queued = 0;
    memberCount = 0;
    gatherNeighbors(node, level, Integer.MAX_VALUE);
    for (int i = 0; i < queued && memberCount < limit; i++) {
      gatherNeighbors(queue[i], level, limit);
    }
  }

  private void gatherNeighbors(int node, int level, int limit) {
    int[] list = graph.neighbors(node, level);
    int start = graph.start(node, level);
    for (int i = 1; i <= list[start] && memberCount < limit; i++) {
      int neighbor = list[start + i];
      if (!search.visit(neighbor)) {
        continue;
      }
      if (Bits.get(purged, neighbor)) {
        queue = withRoom(queue, queued);
        queue[queued++] = neighbor;
      } else {
        members = withRoom(members, memberCount);
        members[memberCount++] = neighbor;
      }
    }
  }

  private static int[] withRoom(int[] array, int used) {
    return used < array.length ? array : Arrays.copyOf(array, 2 * used);
  }

  private long[] gathered() {
    long[] all = candidates.scored(scorer, members, memberCount, memberCount);
    TopK.sortDescending(all);
    return all;
  }

  /** Where only dead nodes are around, looks through the whole graph. */
  private long[] walk(int node, int level, int max) {
    if (level > graph.maxLevel()) {
      return new long[0];
    }
    search.beginFromAbove(graph, scorer, level, max + 1, Bits.inverted(purged, graph.size()));
    search.run(graph, scorer, level);
    long[] found = search.nearest(max + 1);
    long[] others = new long[found.length];
    int count = 0;
    for (long candidate : found) {
      if (Candidate.ordinal(candidate) != node) {
        others[count++] = candidate;
      }
    }
    return Arrays.copyOf(others, count);
  }

  /** Lets a chosen neighbour know of the node, if it does not yet and has room. */
  private void linkBack(int node, int level, int neighbor) {
    int[] list = graph.neighbors(neighbor, level);
    int start = graph.start(neighbor, level);
    for (int i = 1; i <= list[start]; i++) {
      if (list[start + i] == node) {
        return;
      }
    }
    patch.append(graph, neighbor, level, node);
  }
}
