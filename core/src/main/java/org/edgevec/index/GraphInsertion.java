package org.edgevec.index;

import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * Works out how the next ordinal is linked into a graph. Reads the graph only; {@link GraphPatch}
 * holds what is to be changed. Not thread-safe.
 */
final class GraphInsertion {

  private final HnswGraph graph;
  private final int efConstruction;
  private final GraphPatch patch;
  private final GraphSearch search = new GraphSearch();
  private final Scorer scorer;
  private final Scorer listScorer;
  private final NeighborSelection selection;
  private long[] candidates = new long[64];
  private int[] members = new int[64];
  private float[] nearness = new float[64];

  /**
   * @param vectors holds those of all linked ordinals and of the one to link
   */
  GraphInsertion(HnswGraph graph, VectorArena vectors, int efConstruction, GraphPatch patch) {
    this.graph = graph;
    this.efConstruction = efConstruction;
    this.patch = patch;
    this.scorer = vectors.scorer();
    this.listScorer = vectors.scorer();
    this.selection = new NeighborSelection(vectors.scorer());
  }

  /** Works out what linking the ordinal {@code graph.size()} changes. */
  void plan() {
    int ordinal = graph.size();
    int level = Levels.of(ordinal, graph.m());
    patch.clear();
    patch.add(level);
    if (graph.entryPoint() < 0) {
      return;
    }
    scorer.query(ordinal);
    int top = Math.min(level, graph.maxLevel());
    long entry = search.descendTo(graph, scorer, top);
    for (int l = top; l >= 0; l--) {
      entry = planLevel(ordinal, l, entry);
    }
  }

  private long planLevel(int ordinal, int level, long entry) {
    search.begin(graph.size(), efConstruction);
    search.enter(entry, null);
    search.run(graph, scorer, level, null);
    long[] found = search.results().descending();
    int count = selection.select(found, found.length, graph.m(), graph.m());
    patch.begin(ordinal, level);
    for (int i = 0; i < count; i++) {
      patch.neighbor(selection.chosen()[i]);
    }
    planBackLinks(ordinal, level, found, count);
    return found[0];
  }

  private void planBackLinks(int ordinal, int level, long[] found, int count) {
    long[] chosen = new long[count];
    for (int i = 0; i < count; i++) {
      chosen[i] = candidateOf(found, selection.chosen()[i]);
    }
    for (long candidate : chosen) {
      planBackLink(ordinal, level, candidate);
    }
  }

  private static long candidateOf(long[] found, int ordinal) {
    for (long candidate : found) {
      if (Candidate.ordinal(candidate) == ordinal) {
        return candidate;
      }
    }
    throw new IllegalStateException("chosen and not found");
  }

  /** Adds the new node to a neighbour's list; if that is full, chooses anew among all of them. */
  private void planBackLink(int ordinal, int level, long candidate) {
    int neighbor = Candidate.ordinal(candidate);
    int[] list = graph.neighbors(neighbor, level);
    int start = graph.start(neighbor, level);
    int count = list[start];
    int max = graph.maxNeighbors(level);
    if (count < max) {
      patch.begin(neighbor, level);
      for (int i = 1; i <= count; i++) {
        patch.neighbor(list[start + i]);
      }
      patch.neighbor(ordinal);
      return;
    }
    makeRoom(max + 1);
    System.arraycopy(list, start + 1, members, 0, count);
    listScorer.query(neighbor);
    listScorer.nearness(members, count, nearness, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i++) {
      candidates[i] = Candidate.pack(nearness[i], members[i]);
    }
    candidates[count] = Candidate.pack(Candidate.nearness(candidate), ordinal);
    TopK.sortDescending(candidates, count + 1);
    int kept = selection.select(candidates, count + 1, max, graph.m());
    patch.begin(neighbor, level);
    for (int i = 0; i < kept; i++) {
      patch.neighbor(selection.chosen()[i]);
    }
  }

  private void makeRoom(int count) {
    if (candidates.length < count) {
      candidates = new long[count];
      members = new int[count];
      nearness = new float[count];
    }
  }
}
