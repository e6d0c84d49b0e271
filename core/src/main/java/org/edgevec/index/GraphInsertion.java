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
 * <p>Of many candidates that a walk keeps only half are expanded: what lies around the others
 * hardly ever is nearer than what is known by then.
 */
final class GraphInsertion {

  /** As many are expanded, even if that is more than half of what is kept. */
  private static final int MIN_EXPANDED = 80;

  /** So many near each other are a group; half as many above, where searches keep few. */
  private static final int GROUP = 8;

  /** Squares of distances that are so much larger are those to other groups. */
  private static final float FAR_APART = 16;

  private static final long[] NO_MATES = {};

  private final HnswGraph graph;
  private final int efConstruction;
  private final int maxExpanded;

  private GraphPatch patch;
  private final GraphSearch search = new GraphSearch();
  private final Scorer scorer;
  private final Scorer walker;
  private final Scorer listScorer;
  private final NeighborSelection selection;
  private final Candidates candidates = new Candidates();
  private final VectorArena vectors;
  private final Rescoring rescoring = new Rescoring();
  private final CodeTrust trust = new CodeTrust();
  private int linking;

  /** Those that are not in the graph yet and are candidates all the same, the nearest first. */
  private long[] mates = NO_MATES;

  /** How far below what the candidates of a level have their exact nearness may lie. */
  private float[] slack = new float[64];

  /**
   * @param vectors holds those of all linked ordinals and of the one to link
   */
  GraphInsertion(HnswGraph graph, VectorArena vectors, int efConstruction, GraphPatch patch) {
    this.graph = graph;
    // A stored graph keeps its own m, which may be larger than what is asked for now.
    this.efConstruction = Math.max(efConstruction, graph.m());
    this.maxExpanded = Math.max(this.efConstruction / 2, MIN_EXPANDED);
    this.patch = patch;
    this.vectors = vectors;
    this.scorer = vectors.linker();
    this.walker = vectors.walker(scorer);
    this.listScorer = vectors.linker();
    this.selection = new NeighborSelection(vectors);
  }

  /** Works out what linking the ordinal {@code graph.size()} changes. */
  void plan() {
    int ordinal = graph.size();
    patch.clear();
    patch.add(Levels.of(ordinal, graph.m()));
    if (graph.entryPoint() >= 0 && !planCopy(ordinal)) {
      walker.query(ordinal);
      mates = NO_MATES;
      planLevels(ordinal);
    }
  }

  /**
   * Works out how an ordinal is linked before those are that come before it; {@link #complete}
   * makes a plan of it when they are.
   *
   * @param ordinals not linked yet, in order, on levels that the graph has
   * @param number which of them, from 0
   * @param into gets what is to be changed but for links from those before it
   * @return whether it can be told; not if one before it is as near as if it were the same vector
   */
  boolean planBeside(int[] ordinals, int number, GraphPatch into) {
    int ordinal = ordinals[number];
    patch = into;
    patch.clear();
    if (planCopy(ordinal)) {
      return true;
    }
    walker.query(ordinal);
    mates = candidates.scored(scorer, ordinals, number, number);
    TopK.sortDescending(mates);
    if (number > 0 && Candidate.nearness(mates[0]) >= scorer.nearness(ordinal)) {
      return false;
    }
    planLevels(ordinal);
    return true;
  }

  /** Plans an ordinal whose vector a node has, and tells whether it is one. */
  private boolean planCopy(int ordinal) {
    int node = graph.nodes().find(vectors.get(ordinal), graph, vectors);
    if (node >= 0) {
      patch.addCopy(node);
    }
    return node >= 0;
  }

  /**
   * Makes a plan for the next ordinal of what {@link #planBeside} has worked out: lists that were
   * changed since are worked out anew, and those before it get their links.
   *
   * @return false if one before it that it was to be linked to was not linked itself
   */
  boolean complete(int ordinal, GraphPatch beside, GraphRound round) {
    patch.clear();
    if (beside.copied() >= 0) {
      patch.addCopy(beside.copied());
      return true;
    }
    patch.add(beside.added());
    for (int at = beside.first(); at >= 0; at = beside.next(at)) {
      int node = beside.node(at);
      int level = beside.level(at);
      if (node == ordinal) {
        patch.copy(beside, at);
        if (!linkMates(ordinal, level, beside, at, round)) {
          return false;
        }
      } else if (round.isChanged(node, level)) {
        linkBack(ordinal, level, node);
      } else {
        patch.copy(beside, at);
      }
    }
    return true;
  }

  /** Plans the links from those that a list names and that were not linked when it was made. */
  private boolean linkMates(int ordinal, int level, GraphPatch beside, int at, GraphRound round) {
    for (int i = 0; i < beside.count(at); i++) {
      int neighbor = beside.neighbor(at, i);
      if (round.isMate(neighbor)) {
        if (graph.level(neighbor) < level) {
          return false;
        }
        linkBack(ordinal, level, neighbor);
      }
    }
    return true;
  }

  private void linkBack(int ordinal, int level, int neighbor) {
    listScorer.query(neighbor);
    planBackLink(ordinal, level, Candidate.pack(listScorer.nearness(ordinal), neighbor));
  }

  private void planLevels(int ordinal) {
    linking = ordinal;
    search.breakTiesFor(ordinal);
    int level = Levels.of(ordinal, graph.m());
    patch.add(level);
    int top = Math.min(level, graph.maxLevel());
    boolean isAlone = false;
    long[] found = {};
    for (int l = top; l >= 0; l--) {
      found = near(l, l == top, found);
      isAlone = l == top ? isWithoutOneAbove(found, l) : isAlone;
      planLevel(ordinal, l, withMates(found, l));
    }
    while (isAlone) {
      level++;
      patch.add(level);
      found = near(level, true, found);
      isAlone = isWithoutOneAbove(found, level);
      planLevel(ordinal, level, withMates(found, level));
    }
  }

  /**
   * Whether a node lies in a group of which no node is on the level above, so that no search gets
   * there from above. A search that keeps fewer than two such groups have may not find it on this
   * level either: it keeps those of the nearest group that it knows, none of which leads on. Levels
   * by chance alone leave out one group of 50 in 25, and with it all that is in it.
   *
   * @param found the nearest on the level, where the search came from above
   */
  private boolean isWithoutOneAbove(long[] found, int level) {
    int group = level == 0 ? GROUP : GROUP / 2;
    return level < graph.maxLevel()
        && found.length >= group
        && isFarApart(found[group - 1])
        && isFarApartByVectors(found[group - 1], level);
  }

  /** Whether the nearest node that was met on the level above is much farther than a candidate. */
  private boolean isFarApart(long candidate) {
    float self = scorer.nearness(linking);
    float distance = Math.max(0, self - Candidate.nearness(candidate));
    return self - scorer.nearness(search.nearestAbove()) > FAR_APART * distance;
  }

  /** What codes take for the nearest above may be another one where they cannot tell groups. */
  private boolean isFarApartByVectors(long candidate, int level) {
    if (walker.isExact()) {
      return true;
    }
    search.beginFromAbove(graph, scorer, level, efConstruction, CandidatePool.ANY);
    return isFarApart(candidate);
  }

  /** Candidates of a level with those that are on it and not in the graph yet. */
  private long[] withMates(long[] found, int level) {
    if (mates.length == 0) {
      return found;
    }
    long[] all = new long[found.length + mates.length];
    float[] slacks = new float[all.length];
    int count = 0;
    int next = 0;
    for (long mate : mates) {
      if (Levels.of(Candidate.ordinal(mate), graph.m()) >= level) {
        while (next < found.length && found[next] > mate) {
          slacks[count] = slack[next];
          all[count++] = found[next++];
        }
        all[count++] = mate;
      }
    }
    System.arraycopy(found, next, all, count, found.length - next);
    System.arraycopy(slack, next, slacks, count, found.length - next);
    slack = slacks;
    return Arrays.copyOf(all, count + found.length - next);
  }

  /**
   * Candidates of a level, the nearest first. On level 0 only those have their exact nearness that
   * may be among the nearest few, which stand in front; others have a bound, and {@link #slack}.
   *
   * @param isTop whether to set out from above
   * @param entries where to set out from otherwise
   */
  private long[] near(int level, boolean isTop, long[] entries) {
    if (!walker.isExact() && trust.isWorthTrying()) {
      walk(walker, level, isTop, entries);
      long[] bounds = search.nearest(efConstruction);
      int exact = level == 0 ? Math.max(graph.m(), GROUP) : bounds.length;
      long[] found = rescoring.nearestFirst(bounds, scorer, exact);
      boolean decided =
          search.floor() == CandidatePool.NONE || search.floor() < found[graph.m() - 1];
      trust.tried(decided);
      if (decided) {
        noteSlack(found, rescoring.scored());
        return found;
      }
    }
    walk(scorer, level, isTop, entries);
    long[] found = search.nearest(efConstruction);
    noteSlack(found, found.length);
    return found;
  }

  private void noteSlack(long[] found, int scored) {
    if (slack.length < found.length) {
      slack = new float[found.length];
    }
    Arrays.fill(slack, 0, scored, 0);
    for (int i = scored; i < found.length; i++) {
      slack[i] = walker.slack(Candidate.ordinal(found[i]));
    }
  }

  private void walk(Scorer by, int level, boolean isTop, long[] entries) {
    if (isTop) {
      search.beginFromAbove(graph, by, level, efConstruction, CandidatePool.ANY);
    } else {
      search.begin(graph, graph.size(), efConstruction, entries, CandidatePool.ANY);
    }
    search.run(graph, by, level, maxExpanded);
  }

  /** Plans the links of a level to some of those that lie near. */
  private void planLevel(int ordinal, int level, long[] found) {
    long[] chosen =
        selection.select(ordinal, found, slack, scorer, graph.m(), graph.leastNeighbors(level));
    patch.replace(ordinal, level, chosen);
    int linked = graph.size();
    for (long candidate : chosen) {
      if (Candidate.ordinal(candidate) < linked) {
        planBackLink(ordinal, level, candidate);
      }
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
