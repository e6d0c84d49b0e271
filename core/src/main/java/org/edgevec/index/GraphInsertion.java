package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * Works out how the next ordinal is linked into a graph. Reads the graph only; {@link GraphPatch}
 * holds what is to be changed. Not thread-safe.
 *
 * <p>Neighbors are chosen by the vectors themselves, always. Candidates are found by codes where
 * those leave no doubt about the nearest {@code m}, and by the vectors otherwise.
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
  private final Scorer walker;
  private final Scorer listScorer;
  private final NeighborSelection selection;
  private final Candidates candidates = new Candidates();
  private final VectorArena vectors;
  private final Rescoring rescoring = new Rescoring();
  private final CodeTrust trust = new CodeTrust();

  /**
   * @param vectors holds those of all linked ordinals and of the one to link
   */
  GraphInsertion(HnswGraph graph, VectorArena vectors, int efConstruction, GraphPatch patch) {
    this.graph = graph;
    this.efConstruction = efConstruction;
    this.maxExpanded = Math.max(efConstruction / 2, MIN_EXPANDED);
    this.patch = patch;
    this.vectors = vectors;
    this.scorer = vectors.linker();
    this.walker = vectors.walker(scorer);
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
    walker.query(ordinal);
    search.breakTiesFor(ordinal);
    int top = Math.min(level, graph.maxLevel());
    long[] found = {};
    for (int l = top; l >= 0; l--) {
      found = near(l, l == top, found);
      int equal = equal(ordinal, found);
      if (equal >= 0) {
        patch.addCopy(equal);
        return;
      }
      planLevel(ordinal, l, found);
    }
  }

  /**
   * Which of the nodes found has a vector equal to that of an ordinal, or a negative number. Nearly
   * all differ in the first component, so asking them all costs nothing beside scoring them.
   */
  private int equal(int ordinal, long[] found) {
    for (long candidate : found) {
      if (vectors.isEqual(ordinal, Candidate.ordinal(candidate))) {
        return Candidate.ordinal(candidate);
      }
    }
    return -1;
  }

  /**
   * Candidates of a level, the nearest first.
   *
   * @param isTop whether to set out from above
   * @param entries where to set out from otherwise
   */
  private long[] near(int level, boolean isTop, long[] entries) {
    if (!walker.isExact() && trust.isWorthTrying()) {
      walk(walker, level, isTop, entries);
      long[] found = rescoring.all(search.nearest(efConstruction), scorer);
      boolean decided =
          search.floor() == CandidatePool.NONE || search.floor() < found[graph.m() - 1];
      trust.tried(decided);
      if (decided) {
        return found;
      }
    }
    walk(scorer, level, isTop, entries);
    return search.nearest(efConstruction);
  }

  private void walk(Scorer by, int level, boolean isTop, long[] entries) {
    if (isTop) {
      search.beginFromAbove(graph, by, level, efConstruction, CandidatePool.NONE_DEAD);
    } else {
      search.begin(graph, graph.size(), efConstruction, entries, CandidatePool.NONE_DEAD);
    }
    search.run(graph, by, level, maxExpanded);
  }

  /** Plans the links of a level to some of those that lie near. */
  private void planLevel(int ordinal, int level, long[] found) {
    long[] chosen = selection.select(ordinal, found, graph.m(), graph.leastNeighbors(level));
    patch.replace(ordinal, level, chosen);
    for (long candidate : chosen) {
      planBackLink(ordinal, level, candidate);
    }
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
    patch.replace(
        neighbor, level, selection.select(neighbor, all, count, graph.leastNeighbors(level)));
  }
}
