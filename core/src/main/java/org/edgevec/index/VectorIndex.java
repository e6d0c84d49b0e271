package org.edgevec.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;

/**
 * Finds near vectors: through the graph those that are linked, and one by one those of the
 * <em>tail</em>, which are not yet. Where scoring every vector costs less than walking the graph,
 * every one is scored.
 *
 * <p>Searches may run in parallel with each other and with {@link GraphMaintenance}, but for steps
 * that are {@linkplain GraphMaintenance#isExclusive exclusive}, not with changes of the vectors.
 */
public final class VectorIndex {

  /** More searches than this at a time get memory of their own anew. */
  private static final int MAX_SPARE = 16;

  /** So many more than a search asks for are kept at least, for codes to be sure of those. */
  private static final int RESERVE = 8;

  private final VectorArena vectors;
  private final HnswGraph graph;
  private final CodeTrust trust;
  private final List<AtomicReference<@Nullable Context>> spare = new ArrayList<>();

  /**
   * @param vectors the vectors by ordinal
   * @param graph links some of them
   */
  public VectorIndex(VectorArena vectors, HnswGraph graph) {
    this(vectors, graph, new CodeTrust());
  }

  /**
   * @param trust what was learned of these vectors' codes, and goes on being learned
   */
  public VectorIndex(VectorArena vectors, HnswGraph graph, CodeTrust trust) {
    this.vectors = vectors;
    this.graph = graph;
    this.trust = trust;
    for (int i = 0; i < MAX_SPARE; i++) {
      spare.add(new AtomicReference<>());
    }
  }

  /** The graph. */
  public HnswGraph graph() {
    return graph;
  }

  /** How walks went. */
  public CodeTrust trust() {
    return trust;
  }

  /** What one search needs, to be used again by the next. */
  private static final class Context {
    final Scorer scorer;
    final Scorer walker;
    final GraphSearch search = new GraphSearch();
    final Rescoring rescoring = new Rescoring();

    Context(VectorArena vectors) {
      scorer = vectors.scorer();
      walker = vectors.walker(scorer);
    }
  }

  /**
   * The nearest vectors.
   *
   * @param query a valid query
   * @param k how many at most
   * @param efSearch how many candidates a walk through the graph keeps; {@code k} if that is more
   * @param exact whether to score every vector in any case
   * @param dead bits of ordinals that are not to be found
   * @param ordinalCount how many ordinals are in use
   * @param liveCount how many of them are not dead
   * @return packed {@link Candidate}s, nearest first, as many as {@code k} and {@code liveCount}
   *     allow
   */
  public long[] nearest(
      float[] query,
      int k,
      int efSearch,
      boolean exact,
      long[] dead,
      int ordinalCount,
      int liveCount) {
    int limit = Math.min(k, liveCount);
    if (limit == 0) {
      return new long[0];
    }
    Context context = take();
    context.walker.query(query);
    int ef = Math.max(limit, Math.min(efSearch, liveCount));
    long[] found = {};
    if (!exact && !isScanCheaper(ef, ordinalCount, liveCount)) {
      found = walk(context, query, ef, limit, dead, ordinalCount, liveCount);
    }
    // Also where no way leads to all that a walk should have found: whatever the graph is like.
    if (found.length < limit) {
      found = scan(context, new TopK(limit), dead, 0, ordinalCount);
    }
    give(context);
    return found.length > limit ? Arrays.copyOf(found, limit) : found;
  }

  /**
   * A walk scores about {@code m} vectors for each that it keeps, more if many that it meets are
   * dead, and then the tail; a scan scores every vector, in half the time for each.
   */
  private boolean isScanCheaper(int ef, int ordinalCount, int liveCount) {
    if (graph.entryPoint() < 0) {
      return true;
    }
    double alive = (double) liveCount / ordinalCount;
    double walk = 2.0 * ef * graph.m() / alive + (ordinalCount - graph.size());
    return walk >= ordinalCount;
  }

  /** What a walk and the tail have; fewer than there are if the walk led nowhere. */
  private long[] walk(
      Context context,
      float[] query,
      int ef,
      int limit,
      long[] dead,
      int ordinalCount,
      int liveCount) {
    GraphSearch search = context.search;
    long[] skip = liveCount < ordinalCount ? dead : CandidatePool.NONE_DEAD;
    int same = graph.nodes().find(query, graph, vectors);
    long[] nodes = near(context, same, ef, limit, skip);
    if (nodes.length == 0) {
      return nodes;
    }
    long[] found = withCopies(nodes, limit, dead, search.limit());
    if (search.limit() == ordinalCount) {
      return found;
    }
    TopK nearest = new TopK(limit);
    for (long candidate : found) {
      nearest.offer(candidate);
    }
    return scan(context, nearest, dead, search.limit(), ordinalCount);
  }

  private static long[] scan(Context context, TopK nearest, long[] dead, int from, int to) {
    new ExactSearch(context.scorer, context.walker, nearest).scan(dead, from, to);
    return nearest.descending();
  }

  /**
   * What a walk by the vectors finds, or as good; nothing if that had nothing to go by. Codes are
   * quicker, and tell of each vector how near it is at most. If all that they made the walk leave
   * aside is farther than what it found, they cost nothing; otherwise the vectors themselves
   * decide.
   */
  private long[] near(Context context, int same, int ef, int limit, long[] skip) {
    GraphSearch search = context.search;
    long[] found = {};
    if (!context.walker.isExact() && trust.isWorthTrying()) {
      found = nearByBounds(context, same, ef, limit, skip);
      boolean decided =
          search.floor() == CandidatePool.NONE
              || search.floor() < found[limit - 1]
                  && !isLost(context.scorer, found[limit - 1], search.floor());
      trust.tried(decided);
      if (decided) {
        trust.count(false);
        return found;
      }
    }
    trust.count(!context.walker.isExact());
    search.beginFromAbove(graph, context.scorer, 0, ef, skip);
    search.addEntries(graph, found);
    search.addEntries(graph, entry(context.scorer, same));
    search.run(graph, context.scorer, 0);
    return isBlind(search, context.scorer, limit) ? new long[0] : search.nearest(limit);
  }

  private static long[] entry(Scorer scorer, int node) {
    return node < 0 ? new long[0] : new long[] {Candidate.pack(scorer.nearness(node), node)};
  }

  /**
   * Whether a walk had nothing to go by: every vector it kept, each another one, is as near as the
   * others, and could be nearer; or the last of those asked for and all behind are, and no nearer
   * than where it set out. Where most vectors have nothing in common with a query, such as rows
   * with few components that are not 0, links do not lead to those that have.
   */
  private boolean isBlind(GraphSearch search, Scorer scorer, int limit) {
    return search.levelFrom(1) < best() || isNoNearer(search.levelFrom(limit), scorer);
  }

  /** Whether the last of those asked for is as near as what was turned away, and a walk blind. */
  private boolean isLost(Scorer scorer, long last, long floor) {
    float nearness = Candidate.nearness(last);
    return nearness == Candidate.nearness(floor) && isNoNearer(nearness, scorer);
  }

  /** Whether something could be nearer, and is no nearer than where every walk sets out. */
  private boolean isNoNearer(float nearness, Scorer scorer) {
    return nearness < best() && nearness <= scorer.nearness(graph.entryPoint());
  }

  /** How near a vector may be. */
  private float best() {
    return switch (vectors.metric()) {
      case L2 -> 0;
      case COSINE -> 1;
      case DOT -> Float.POSITIVE_INFINITY;
    };
  }

  /** The nearest entries, live ones, that have the vectors of nodes. */
  private long[] withCopies(long[] nodes, int limit, long[] dead, int graphSize) {
    Copies copies = graph.copies();
    return copies.isEmpty() ? nodes : copies.expanded(nodes, dead, graphSize, limit);
  }

  private long[] nearByBounds(Context context, int same, int ef, int limit, long[] skip) {
    GraphSearch search = context.search;
    int kept = Math.max(ef, limit + limit / 2 + RESERVE);
    search.beginFromAbove(graph, context.walker, 0, kept, ef, skip);
    search.addEntries(graph, entry(context.walker, same));
    search.run(graph, context.walker, 0);
    return context.rescoring.nearest(search.nearest(kept), context.scorer, limit);
  }

  private Context take() {
    for (AtomicReference<@Nullable Context> slot : spare) {
      Context context = slot.get() == null ? null : slot.getAndSet(null);
      if (context != null) {
        return context;
      }
    }
    return new Context(vectors);
  }

  private void give(Context context) {
    for (AtomicReference<@Nullable Context> slot : spare) {
      if (slot.get() == null && slot.compareAndSet(null, context)) {
        return;
      }
    }
  }
}
