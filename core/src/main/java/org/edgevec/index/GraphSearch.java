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

  /** How many nodes are kept on the levels above. */
  private static final int ENTRIES = 8;

  /** Not null: TeaVM crashes on a method into which it has inlined a null array. */
  static final long[] NONE_DEAD = {};

  private byte[] visited = new byte[0];
  private byte mark;
  private int limit;
  private long[] frontier = new long[256];
  private int frontierSize;
  private int[] batch = new int[64];
  private float[] nearness = new float[64];
  private TopK results = new TopK(0);

  /**
   * Begins a search that keeps the nearest {@code ef}.
   *
   * @param graphSize no node from this ordinal on is looked at
   */
  void begin(int graphSize, int ef) {
    limit = graphSize;
    if (visited.length < graphSize) {
      visited = new byte[Math.max(graphSize, Math.min(visited.length, 1 << 29) * 2)];
      mark = 0;
    }
    if (++mark == 0) {
      Arrays.fill(visited, (byte) 0);
      mark = 1;
    }
    frontierSize = 0;
    results = results.emptied(ef);
  }

  /** No node from this ordinal on was looked at. */
  int limit() {
    return limit;
  }

  /** What was found. */
  TopK results() {
    return results;
  }

  /** Marks a node, and tells whether it was not marked yet in this search. */
  boolean visit(int ordinal) {
    boolean isNew = visited[ordinal] != mark;
    visited[ordinal] = mark;
    return isNew;
  }

  /** Sets out from a node; {@code dead} ones lead on and are not kept. */
  private void enter(long candidate, long[] dead) {
    visit(Candidate.ordinal(candidate));
    push(candidate);
    keep(candidate, dead);
  }

  /**
   * Expands the nearest node found so far until none is left that is nearer than all that is kept.
   *
   * @param scorer has the query
   * @param dead bits of nodes that lead on and are not kept, or {@link #NONE_DEAD}
   */
  void run(HnswGraph graph, Scorer scorer, int level, long[] dead) {
    makeRoom(graph);
    while (frontierSize > 0) {
      long nearest = pop();
      if (nearest < results.floor()) {
        return;
      }
      int count = unvisited(graph, Candidate.ordinal(nearest), level);
      scorer.nearness(batch, count, nearness);
      for (int i = 0; i < count; i++) {
        long candidate = Candidate.pack(nearness[i], batch[i]);
        if (candidate > results.floor()) {
          push(candidate);
          keep(candidate, dead);
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

  private int unvisited(HnswGraph graph, int node, int level) {
    int[] list = graph.neighbors(node, level);
    int start = graph.start(node, level) + 1;
    int count = 0;
    for (int i = start, end = start + list[start - 1]; i < end; i++) {
      int neighbor = list[i];
      if (neighbor < limit) {
        batch[count] = neighbor;
        count += visited[neighbor] == mark ? 0 : 1;
        visited[neighbor] = mark;
      }
    }
    return count;
  }

  private void keep(long candidate, long[] dead) {
    int ordinal = Candidate.ordinal(candidate);
    if (dead.length == 0 || (dead[ordinal >>> 6] >>> ordinal & 1) == 0) {
      results.offer(candidate);
    }
  }

  /**
   * Begins a search of a level that keeps the nearest {@code ef}: walks from the entry point
   * through the levels above, on each of which several nodes are kept to set out from on the next.
   * With one alone, as the paper has it, the walk would too often end in a cluster that is near the
   * query's, with no way out that gets nearer at every step.
   *
   * @param level at most the highest
   * @param dead bits of nodes that lead on and are not kept, or {@link #NONE_DEAD}
   */
  void beginFromAbove(HnswGraph graph, Scorer scorer, int level, int ef, long[] dead) {
    // In this order, since the graph may be growing.
    int entry = graph.entryPoint();
    int size = graph.size();
    long[] entries = {Candidate.pack(scorer.nearness(entry), entry)};
    for (int above = graph.level(entry); above > level; above--) {
      begin(size, ENTRIES, entries, NONE_DEAD);
      run(graph, scorer, above, NONE_DEAD);
      entries = results.descending();
    }
    begin(size, ef, entries, dead);
  }

  /** Begins a search that keeps the nearest {@code ef} and sets out from several nodes. */
  void begin(int graphSize, int ef, long[] entries, long[] dead) {
    begin(graphSize, ef);
    for (long entry : entries) {
      enter(entry, dead);
    }
  }

  // The frontier: a binary max-heap.

  private void push(long value) {
    if (frontierSize == frontier.length) {
      frontier = Arrays.copyOf(frontier, 2 * frontierSize);
    }
    int child = frontierSize++;
    while (child > 0) {
      int parent = (child - 1) >>> 1;
      if (frontier[parent] >= value) {
        break;
      }
      frontier[child] = frontier[parent];
      child = parent;
    }
    frontier[child] = value;
  }

  private long pop() {
    long top = frontier[0];
    long last = frontier[--frontierSize];
    int parent = 0;
    int half = frontierSize >>> 1;
    while (parent < half) {
      int child = 2 * parent + 1;
      if (child + 1 < frontierSize && frontier[child + 1] > frontier[child]) {
        child++;
      }
      if (frontier[child] <= last) {
        break;
      }
      frontier[parent] = frontier[child];
      parent = child;
    }
    frontier[parent] = last;
    return top;
  }
}
