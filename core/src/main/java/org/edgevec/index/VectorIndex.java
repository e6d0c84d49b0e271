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

  private static final int MORE_TO_RESCORE = 16;

  private final VectorArena vectors;
  private final HnswGraph graph;
  private final List<AtomicReference<@Nullable Context>> spare = new ArrayList<>();

  /**
   * @param vectors the vectors by ordinal
   * @param graph links some of them
   */
  public VectorIndex(VectorArena vectors, HnswGraph graph) {
    this.vectors = vectors;
    this.graph = graph;
    for (int i = 0; i < MAX_SPARE; i++) {
      spare.add(new AtomicReference<>());
    }
  }

  /** The graph. */
  public HnswGraph graph() {
    return graph;
  }

  /** What one search needs, to be used again by the next. */
  private static final class Context {
    final Scorer scorer;
    final Scorer walker;
    final GraphSearch search = new GraphSearch();
    final Candidates candidates = new Candidates();

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
    int ef = Math.max(limit, Math.min(efSearch, liveCount));
    long[] found = {};
    if (!exact && !isScanCheaper(ef, ordinalCount, liveCount)) {
      context.walker.query(query);
      found = walk(context, ef, limit, dead, ordinalCount, liveCount);
    }
    // Also where no way leads to all that a walk should have found: whatever the graph is like.
    if (found.length < limit) {
      context.scorer.query(query);
      found = ExactSearch.nearest(context.scorer, dead, ordinalCount, limit);
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

  private long[] walk(
      Context context, int ef, int limit, long[] dead, int ordinalCount, int liveCount) {
    GraphSearch search = context.search;
    long[] skip = liveCount < ordinalCount ? dead : CandidatePool.NONE_DEAD;
    search.beginFromAbove(graph, context.walker, 0, ef, skip);
    search.run(graph, context.walker, 0);
    long[] found = context.walker.isExact() ? search.nearest(limit) : rescored(context, limit);
    if (search.limit() == ordinalCount) {
      return found;
    }
    TopK nearest = new TopK(limit);
    for (long candidate : found) {
      nearest.offer(candidate);
    }
    ExactSearch.scan(context.scorer, dead, search.limit(), ordinalCount, nearest);
    return nearest.descending();
  }

  /** The nearest by the vectors themselves, of twice as many and a few by coarser scores. */
  private static long[] rescored(Context context, int limit) {
    long[] found = context.search.nearest(2 * limit + MORE_TO_RESCORE);
    int[] ordinals = new int[found.length];
    for (int i = 0; i < found.length; i++) {
      ordinals[i] = Candidate.ordinal(found[i]);
    }
    long[] exact = context.candidates.scored(context.scorer, ordinals, found.length, found.length);
    TopK.sortDescending(exact);
    return exact;
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
