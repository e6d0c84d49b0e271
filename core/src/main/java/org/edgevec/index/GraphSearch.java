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
public final class GraphSearch {

  /** How many nodes are kept on the levels above; where a search keeps few, half of them. */
  private static final int ENTRIES = 8;

  private static final int EVERY = Integer.MAX_VALUE;

  private final CandidatePool pool = new CandidatePool();
  private byte[] visited = new byte[0];
  private byte mark;
  private int limit;
  private int nearestAbove;

  /** Whose {@link NeighborSelection#tie} orders what is equally near; 0 has that of ordinals. */
  private int tied;

  private long[] accepted = CandidatePool.ANY;
  private int[] batch = new int[64];
  private float[] nearness = new float[64];

  /**
   * From now on, of equally near ones keeps those that {@link NeighborSelection#tie} has nearer to
   * a node, for whose links it searches, and not those of lower ordinals. All must be accepted
   * then.
   */
  void breakTiesFor(int node) {
    tied = node;
  }

  /**
   * Begins a search that keeps the nearest {@code ef}.
   *
   * @param graphSize no node from this ordinal on is looked at
   * @param acceptedBits of ordinals, or {@link CandidatePool#ANY}: a node that is not accepted and
   *     has no copy that is leads on and is not kept
   */
  void begin(int graphSize, int ef, long[] acceptedBits) {
    begin(graphSize, ef, EVERY, acceptedBits);
  }

  private void begin(int graphSize, int ef, int maxRank, long[] acceptedBits) {
    limit = graphSize;
    accepted = acceptedBits;
    if (visited.length < graphSize) {
      visited = new byte[Math.max(graphSize, Math.min(visited.length, 1 << 29) * 2)];
      mark = 0;
    }
    if (++mark == 0) {
      Arrays.fill(visited, (byte) 0);
      mark = 1;
    }
    pool.begin(ef, maxRank, acceptedBits);
  }

  /** Begins a search that keeps the nearest {@code ef} and sets out from several nodes. */
  void begin(HnswGraph graph, int graphSize, int ef, long[] entries, long[] acceptedBits) {
    begin(graph, graphSize, ef, EVERY, entries, acceptedBits);
  }

  /** The same, but of those that are kept only so many, the nearest, are expanded. */
  private void begin(
      HnswGraph graph, int graphSize, int ef, int maxRank, long[] entries, long[] acceptedBits) {
    begin(graphSize, ef, maxRank, acceptedBits);
    addEntries(graph, entries);
  }

  /** Sets out from these, too. */
  public void addEntries(HnswGraph graph, long[] entries) {
    for (long entry : entries) {
      long candidate = entry ^ tied;
      if (visit(Candidate.ordinal(entry)) && candidate > pool.floor()) {
        offer(graph, candidate);
      }
    }
  }

  /** A node that is not accepted and has a copy that is, is found for that one's sake. */
  private void offer(HnswGraph graph, long candidate) {
    int ordinal = Candidate.ordinal(candidate);
    if (!pool.accepts(ordinal) && graph.copies().hasAccepted(ordinal, accepted, limit)) {
      pool.accept(ordinal);
    }
    pool.offer(candidate);
  }

  /**
   * Begins a search of a level that keeps the nearest {@code ef}: walks from the entry point
   * through the levels above, on each of which several nodes are kept to set out from on the next.
   * With one alone, as the paper has it, the walk would too often end in a cluster that is near the
   * query's, with no way out that gets nearer at every step.
   *
   * @param level at most the highest
   * @param acceptedBits as {@link #begin(int, int, long[])} has them
   */
  public void beginFromAbove(
      HnswGraph graph, Scorer scorer, int level, int ef, long[] acceptedBits) {
    beginFromAbove(graph, scorer, level, ef, EVERY, acceptedBits);
  }

  /** The same, but of those that are kept only so many, the nearest, are expanded. */
  public void beginFromAbove(
      HnswGraph graph, Scorer scorer, int level, int ef, int maxRank, long[] acceptedBits) {
    // In this order, since the graph may be growing.
    int entry = graph.entryPoint();
    int size = graph.size();
    long[] entries = {Candidate.pack(scorer.nearness(entry), entry)};
    int few = Math.max(ENTRIES / 2, Math.min(ENTRIES, Math.min(ef, maxRank) / 2));
    for (int above = graph.level(entry); above > level; above--) {
      begin(graph, size, above == 1 ? ENTRIES : few, entries, CandidatePool.ANY);
      run(graph, scorer, above);
      entries = nearest(ENTRIES);
    }
    nearestAbove = Candidate.ordinal(entries[0]);
    begin(graph, size, ef, maxRank, entries, acceptedBits);
  }

  /** The nearest node on the level above, where the search came from above. */
  int nearestAbove() {
    return nearestAbove;
  }

  /** No node from this ordinal on was looked at. */
  public int limit() {
    return limit;
  }

  /** What was met and is not kept is no nearer than this candidate. */
  public long floor() {
    long floor = pool.floor();
    return floor == CandidatePool.NONE ? floor : floor ^ tied;
  }

  /**
   * How near half of what was found is, all from a rank on, or NaN unless as many were found as may
   * be, and those are equally near.
   */
  public float levelFrom(int rank) {
    return pool.isLevelFrom(rank) ? Candidate.nearness(pool.floor()) : Float.NaN;
  }

  /** What was found, the nearest first, at most {@code max}. */
  public long[] nearest(int max) {
    long[] nearest = pool.nearest(max);
    for (int i = 0; i < nearest.length; i++) {
      nearest[i] ^= tied;
    }
    return nearest;
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
  public void run(HnswGraph graph, Scorer scorer, int level) {
    run(graph, scorer, level, EVERY);
  }

  /** Expands no more than so many. */
  void run(HnswGraph graph, Scorer scorer, int level, int maxExpanded) {
    makeRoom(graph);
    for (int i = 0; i < maxExpanded; i++) {
      long node = pool.expand();
      if (node == CandidatePool.NONE) {
        return;
      }
      int count = unvisited(graph, Candidate.ordinal(node ^ tied), level);
      scorer.nearness(batch, count, nearness);
      for (int j = 0; j < count; j++) {
        long candidate = Candidate.pack(nearness[j], batch[j]) ^ tied;
        if (candidate > pool.floor()) {
          offer(graph, candidate);
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
