package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.vector.Scorer;

/**
 * A best-first search of one level of a graph, with the memory that it needs from one search to the
 * next. Not thread-safe.
 *
 * <p>Which nodes were visited is marked by the number of the search, a byte, so that marks are
 * cleared only once in 255 searches and lie in a quarter of the cache that {@code int}s would take.
 */
final class GraphSearch {

  /** How many nodes are kept on the levels above; where a search keeps few, half of them. */
  private static final int ENTRIES = 8;

  private static final int ALL = Integer.MAX_VALUE;

  private final CandidatePool pool = new CandidatePool();
  private byte[] visited = new byte[0];
  private byte mark;
  private int limit;
  private int[] batch = new int[64];
  private float[] nearness = new float[64];

  /**
   * Begins a search that keeps the nearest {@code ef}.
   *
   * @param graphSize no node from this ordinal on is looked at
   * @param dead bits of nodes that lead on and are not kept, or {@link CandidatePool#NONE_DEAD}
   */
  void begin(int graphSize, int ef, long[] dead) {
    begin(graphSize, ef, ALL, dead);
  }

  private void begin(int graphSize, int ef, int maxRank, long[] dead) {
    limit = graphSize;
    if (visited.length < graphSize) {
      visited = new byte[Math.max(graphSize, Math.min(visited.length, 1 << 29) * 2)];
      mark = 0;
    }
    if (++mark == 0) {
      Arrays.fill(visited, (byte) 0);
      mark = 1;
    }
    pool.begin(ef, maxRank, dead);
  }

  /** Begins a search that keeps the nearest {@code ef} and sets out from several nodes. */
  void begin(int graphSize, int ef, long[] entries, long[] dead) {
    begin(graphSize, ef, ALL, entries, dead);
  }

  /** The same, but of those that are kept only so many, the nearest, are expanded. */
  private void begin(int graphSize, int ef, int maxRank, long[] entries, long[] dead) {
    begin(graphSize, ef, maxRank, dead);
    addEntries(entries);
  }

  /** Sets out from these, too. */
  void addEntries(long[] entries) {
    for (long entry : entries) {
      if (visit(Candidate.ordinal(entry)) && entry > pool.floor()) {
        pool.offer(entry);
      }
    }
  }

  /**
   * Begins a search of a level that keeps the nearest {@code ef}: walks from the entry point
   * through the levels above, on each of which several nodes are kept to set out from on the next.
   * With one alone, as the paper has it, the walk would too often end in a cluster that is near the
   * query's, with no way out that gets nearer at every step.
   *
   * @param level at most the highest
   * @param dead bits of nodes that lead on and are not kept, or {@link CandidatePool#NONE_DEAD}
   */
  void beginFromAbove(HnswGraph graph, Scorer scorer, int level, int ef, long[] dead) {
    beginFromAbove(graph, scorer, level, ef, ALL, dead);
  }

  /** The same, but of those that are kept only so many, the nearest, are expanded. */
  void beginFromAbove(HnswGraph graph, Scorer scorer, int level, int ef, int maxRank, long[] dead) {
    // In this order, since the graph may be growing.
    int entry = graph.entryPoint();
    int size = graph.size();
    long[] entries = {Candidate.pack(scorer.nearness(entry), entry)};
    int few = Math.max(ENTRIES / 2, Math.min(ENTRIES, Math.min(ef, maxRank) / 2));
    for (int above = graph.level(entry); above > level; above--) {
      begin(size, above == 1 ? ENTRIES : few, entries, CandidatePool.NONE_DEAD);
      run(graph, scorer, above);
      entries = pool.nearest(ENTRIES);
    }
    begin(size, ef, maxRank, entries, dead);
  }

  /** No node from this ordinal on was looked at. */
  int limit() {
    return limit;
  }

  /** What was met and is not kept is no nearer than this candidate. */
  long floor() {
    return pool.floor();
  }

  /** What was found, the nearest first, at most {@code max}. */
  long[] nearest(int max) {
    return pool.nearest(max);
  }

  /** Marks a node, and tells whether it was not marked yet in this search. */
  boolean visit(int ordinal) {
    boolean isNew = visited[ordinal] != mark;
    visited[ordinal] = mark;
    return isNew;
  }

  /**
   * Expands the nearest node found so far until all that are kept are expanded.
   *
   * @param scorer has the query
   */
  void run(HnswGraph graph, Scorer scorer, int level) {
    run(graph, scorer, level, ALL);
  }

  /** Expands no more than so many. */
  void run(HnswGraph graph, Scorer scorer, int level, int maxExpanded) {
    makeRoom(graph);
    for (int i = 0; i < maxExpanded; i++) {
      long node = pool.expand();
      if (node == CandidatePool.NONE) {
        return;
      }
      int count = unvisited(graph, Candidate.ordinal(node), level);
      scorer.nearness(batch, count, nearness);
      for (int j = 0; j < count; j++) {
        long candidate = Candidate.pack(nearness[j], batch[j]);
        if (candidate > pool.floor()) {
          pool.offer(candidate);
        }
      }
    }
  }

  /** Level 0 has the longest lists. */
  private void makeRoom(HnswGraph graph) {
    int longest = graph.maxNeighbors(0);
    if (batch.length < longest) {
      batch = new int[longest];
      nearness = new float[longest];
    }
  }

  /** Puts the neighbors that were not visited yet into the batch. */
  private int unvisited(HnswGraph graph, int node, int level) {
    if (level > 0 && level > graph.level(node)) {
      return 0; // It has no such list. Nothing names it here, but a search shall not rest on that.
    }
    int[] list = graph.neighbors(node, level);
    int start = graph.start(node, level) + 1;
    int end = start + list[start - 1];
    // Locals: compilers cannot know that the stores leave the fields as they are.
    int[] found = batch;
    byte[] marks = visited;
    byte marked = mark;
    int above = limit;
    int count = 0;
    for (int i = start; i < end; i++) {
      int neighbor = list[i];
      if (neighbor < above) {
        found[count] = neighbor;
        count += marks[neighbor] == marked ? 0 : 1;
        marks[neighbor] = marked;
      }
    }
    return count;
  }
}
