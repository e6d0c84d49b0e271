package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * Works out how the next ordinal is linked into a graph. Reads the graph only; {@link GraphPatch}
 * holds what is to be changed. Not thread-safe.
 *
 * <p>Of the candidates that a walk keeps only half are expanded. Those farther away are chosen from
 * as well, but what lies around them hardly ever is nearer than what is known by then.
 */
final class GraphInsertion {

  /** As many are expanded, even if that is more than half of what is kept. */
  private static final int MIN_EXPANDED = 100;

  private final HnswGraph graph;
  private final int efConstruction;
  private final int maxExpanded;
  private final GraphPatch patch;
  private final GraphSearch search = new GraphSearch();
  private final Scorer scorer;
  private final Scorer listScorer;
  private final NeighborSelection selection;
  private final Candidates candidates = new Candidates();

  /**
   * @param vectors holds those of all linked ordinals and of the one to link
   */
  GraphInsertion(HnswGraph graph, VectorArena vectors, int efConstruction, GraphPatch patch) {
    this.graph = graph;
    this.efConstruction = efConstruction;
    this.maxExpanded = Math.max(efConstruction / 2, MIN_EXPANDED);
    this.patch = patch;
    this.scorer = vectors.linker();
    this.listScorer = vectors.linker();
    this.selection = new NeighborSelection(vectors.linker());
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
    search.beginFromAbove(graph, scorer, top, efConstruction, CandidatePool.NONE_DEAD);
    long[] found = planLevel(ordinal, top);
    for (int l = top - 1; l >= 0; l--) {
      search.begin(graph.size(), efConstruction, found, CandidatePool.NONE_DEAD);
      found = planLevel(ordinal, l);
    }
  }

  /** Plans the links of a level, where the search has begun, and tells what lies near. */
  private long[] planLevel(int ordinal, int level) {
    search.run(graph, scorer, level, maxExpanded);
    long[] found = search.nearest(efConstruction);
    long[] chosen = selection.select(found, graph.m(), graph.leastNeighbors(level));
    patch.replace(ordinal, level, chosen);
    for (long candidate : chosen) {
      planBackLink(ordinal, level, candidate);
    }
    return found;
  }

  /** Adds the new node to a neighbour's list; if that is full, chooses anew among all of them. */
  private void planBackLink(int ordinal, int level, long candidate) {
    int neighbor = Candidate.ordinal(candidate);
    if (patch.append(graph, neighbor, level, ordinal)) {
      return;
    }
    int[] list = graph.neighbors(neighbor, level);
    int start = graph.start(neighbor, level);
    int count = list[start];
    int[] members = Arrays.copyOfRange(list, start + 1, start + 1 + count);
    listScorer.query(neighbor);
    long[] all = candidates.scored(listScorer, members, count, count + 1);
    all[count] = Candidate.pack(Candidate.nearness(candidate), ordinal);
    TopK.sortDescending(all);
    patch.replace(neighbor, level, selection.select(all, count, graph.leastNeighbors(level)));
  }
}
