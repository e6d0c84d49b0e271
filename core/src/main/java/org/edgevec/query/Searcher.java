package org.edgevec.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.edgevec.contents.Accepted;
import org.edgevec.contents.Contents;
import org.edgevec.index.Candidate;
import org.edgevec.index.CandidatePool;
import org.edgevec.index.CodeTrust;
import org.edgevec.index.Copies;
import org.edgevec.index.GraphSearch;
import org.edgevec.index.HnswGraph;
import org.edgevec.index.Rescoring;
import org.edgevec.index.TopK;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;

/**
 * Finds near vectors: through the graph those that are linked, and one by one those of the
 * <em>tail</em>, which are not yet. Where scoring every vector costs less than walking the graph,
 * every one is scored.
 *
 * <p>Searches may run in parallel with each other and with {@link
 * org.edgevec.index.GraphMaintenance}, but for steps that are {@linkplain
 * org.edgevec.index.GraphMaintenance#isExclusive exclusive}, not with changes of the vectors.
 */
public final class Searcher {

  /** More searches than this at a time get memory of their own anew. */
  private static final int MAX_SPARE = 16;

  /** So many more than a search asks for are kept at least, for codes to be sure of those. */
  private static final int RESERVE = 8;

  private final VectorArena vectors;
  private final CodeTrust trust;
  private final List<AtomicReference<@Nullable Context>> spare = new ArrayList<>();

  /**
   * @param vectors the vectors by ordinal
   * @param trust what was learned of these vectors' codes, and goes on being learned
   */
  public Searcher(VectorArena vectors, CodeTrust trust) {
    this.vectors = vectors;
    this.trust = trust;
    for (int i = 0; i < MAX_SPARE; i++) {
      spare.add(new AtomicReference<>());
    }
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
   * The accepted entries nearest to a query, nearest first.
   *
   * @param contents whose vectors these are, read under their lock
   */
  public Found search(Query query, Contents contents) {
    return Found.of(nearest(query, contents.graph()), contents);
  }

  /**
   * The nearest vectors.
   *
   * @param graph links some of them
   * @return packed {@link Candidate}s, nearest first, as many as {@code k} and what is accepted
   *     allow
   */
  public long[] nearest(Query query, HnswGraph graph) {
    Accepted accepted = query.accepted();
    int limit = Math.min(query.k(), accepted.count());
    if (limit == 0) {
      return new long[0];
    }
    Context context = take();
    context.walker.query(query.vector());
    int ef = Math.max(limit, Math.min(query.efSearch(), accepted.count()));
    long[] found = {};
    if (!query.isExact() && !isScanCheaper(graph, ef, accepted)) {
      found = walk(context, graph, query, ef, limit);
    }
    // Also where no way leads to all that a walk should have found: whatever the graph is like.
    if (found.length < limit) {
      found = scan(context, new TopK(limit), accepted.bits(), 0, accepted.ordinalCount());
    }
    give(context);
    return found.length > limit ? Arrays.copyOf(found, limit) : found;
  }

  /**
   * A walk scores about {@code m} vectors for each that it keeps, more if many that it meets are
   * not accepted, and then the tail; a scan scores every vector, in half the time for each.
   */
  private static boolean isScanCheaper(HnswGraph graph, int ef, Accepted accepted) {
    if (graph.entryPoint() < 0) {
      return true;
    }
    int count = accepted.ordinalCount();
    double share = (double) accepted.count() / count;
    double walk = 2.0 * ef * graph.m() / share + (count - graph.size());
    return walk >= count;
  }

  /** What a walk and the tail have; fewer than there are if the walk led nowhere. */
  private long[] walk(Context context, HnswGraph graph, Query query, int ef, int limit) {
    GraphSearch search = context.search;
    Accepted accepted = query.accepted();
    int same = graph.nodes().find(query.vector(), graph, vectors);
    long[] nodes = near(context, graph, same, ef, limit, accepted.forWalks());
    if (nodes.length == 0) {
      return nodes;
    }
    long[] found = withCopies(graph, nodes, limit, accepted.bits(), search.limit());
    if (search.limit() == accepted.ordinalCount()) {
      return found;
    }
    TopK nearest = new TopK(limit);
    for (long candidate : found) {
      nearest.offer(candidate);
    }
    return scan(context, nearest, accepted.bits(), search.limit(), accepted.ordinalCount());
  }

  private static long[] scan(Context context, TopK nearest, long[] accepted, int from, int to) {
    new ExactSearch(context.scorer, context.walker, nearest).scan(accepted, from, to);
    return nearest.descending();
  }

  /**
   * What a walk by the vectors finds, or as good; nothing if that had nothing to go by. Codes are
   * quicker, and tell of each vector how near it is at most. If all that they made the walk leave
   * aside is farther than what it found, they cost nothing; otherwise the vectors themselves
   * decide.
   */
  private long[] near(
      Context context, HnswGraph graph, int same, int ef, int limit, long[] accepted) {
    GraphSearch search = context.search;
    long[] found = {};
    if (!context.walker.isExact() && trust.isWorthTrying()) {
      found = nearByBounds(context, graph, same, ef, limit, accepted);
      boolean decided =
          search.floor() == CandidatePool.NONE
              || search.floor() < found[limit - 1]
                  && !isLost(context.scorer, graph, found[limit - 1], search.floor());
      trust.tried(decided);
      if (decided) {
        trust.count(false);
        return found;
      }
    }
    trust.count(!context.walker.isExact());
    search.beginFromAbove(graph, context.scorer, 0, ef, accepted);
    search.addEntries(graph, found);
    search.addEntries(graph, entry(context.scorer, same));
    search.run(graph, context.scorer, 0);
    return isBlind(search, context.scorer, graph, limit) ? new long[0] : search.nearest(limit);
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
  private boolean isBlind(GraphSearch search, Scorer scorer, HnswGraph graph, int limit) {
    return search.levelFrom(1) < best() || isNoNearer(search.levelFrom(limit), scorer, graph);
  }

  /** Whether the last of those asked for is as near as what was turned away, and a walk blind. */
  private boolean isLost(Scorer scorer, HnswGraph graph, long last, long floor) {
    float nearness = Candidate.nearness(last);
    return nearness == Candidate.nearness(floor) && isNoNearer(nearness, scorer, graph);
  }

  /** Whether something could be nearer, and is no nearer than where every walk sets out. */
  private boolean isNoNearer(float nearness, Scorer scorer, HnswGraph graph) {
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

  /** The nearest entries, accepted ones, that have the vectors of nodes. */
  private static long[] withCopies(
      HnswGraph graph, long[] nodes, int limit, long[] accepted, int graphSize) {
    Copies copies = graph.copies();
    return copies.isEmpty() ? nodes : copies.expanded(nodes, accepted, graphSize, limit);
  }

  private static long[] nearByBounds(
      Context context, HnswGraph graph, int same, int ef, int limit, long[] accepted) {
    GraphSearch search = context.search;
    int kept = Math.max(ef, limit + limit / 2 + RESERVE);
    search.beginFromAbove(graph, context.walker, 0, kept, ef, accepted);
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
