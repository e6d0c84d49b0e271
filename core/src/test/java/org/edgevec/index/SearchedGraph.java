package org.edgevec.index;

import org.edgevec.bytes.Bits;
import org.edgevec.contents.Accepted;
import org.edgevec.query.Query;
import org.edgevec.query.Searcher;
import org.edgevec.vector.VectorArena;

/** Vectors and a graph that links some of them, searched without a table. */
public final class SearchedGraph {

  private final HnswGraph graph;
  private final CodeTrust trust = new CodeTrust();
  private final Searcher searcher;

  public SearchedGraph(VectorArena vectors, HnswGraph graph) {
    this.graph = graph;
    this.searcher = new Searcher(vectors, trust);
  }

  HnswGraph graph() {
    return graph;
  }

  CodeTrust trust() {
    return trust;
  }

  /**
   * Searches.
   *
   * @param dead bits of ordinals that are not to be found
   * @param liveCount how many of the ordinals are not dead
   */
  public long[] nearest(
      float[] query,
      int k,
      int efSearch,
      boolean exact,
      long[] dead,
      int ordinalCount,
      int liveCount) {
    Accepted live = new Accepted(Bits.inverted(dead, ordinalCount), liveCount, ordinalCount);
    return searcher.nearest(new Query(query, k, efSearch, exact, live), graph);
  }
}
