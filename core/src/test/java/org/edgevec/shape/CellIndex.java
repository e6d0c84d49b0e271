package org.edgevec.shape;

import java.util.List;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Hit;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.Stats;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.storage.Durability;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.vector.VectorArena;

/** A database in memory whose ids are ordinals, all of it linked. */
public final class CellIndex implements Searcher, AutoCloseable {

  private static final int BATCH = 500;

  private final VectorDatabase db;

  private CellIndex(VectorDatabase db) {
    this.db = db;
  }

  /**
   * Stores vectors and links them.
   *
   * @param vectors where they lie and how they are scored
   * @throws org.edgevec.InvalidInputException if a vector is refused
   */
  public static CellIndex build(
      float[][] base, Metric metric, HnswOptions graph, VectorArena.Factory vectors) {
    Options options =
        Options.of(base[0].length, metric)
            .durability(Durability.RELAXED)
            .checkpointPolicy(CheckpointPolicy.MANUAL)
            .hnsw(graph);
    CellIndex index =
        new CellIndex(
            VectorDatabase.open(
                MemoryStorage.open(new MemoryStorage.Disk()), options, Platform.inline(vectors)));
    try {
      index.fill(base);
      return index;
    } catch (RuntimeException e) {
      index.close();
      throw e;
    }
  }

  private void fill(float[][] base) {
    for (int from = 0; from < base.length; from += BATCH) {
      WriteBatch batch = new WriteBatch();
      for (int i = from; i < Math.min(base.length, from + BATCH); i++) {
        batch.put(Integer.toString(i), base[i]);
      }
      db.write(batch);
    }
    db.awaitIndexed(ProgressListener.NONE);
    Stats stats = db.stats();
    if (stats.indexedEntries() != base.length || stats.tailEntries() != 0) {
      throw new IllegalStateException(
          stats.indexedEntries() + " of " + base.length + " vectors are linked");
    }
  }

  @Override
  public int[][] search(float[][] queries, int k, int efSearch) {
    int[][] found = new int[queries.length][];
    for (int i = 0; i < found.length; i++) {
      found[i] = search(queries[i], k, efSearch);
    }
    return found;
  }

  private int[] search(float[] query, int k, int efSearch) {
    List<Hit> hits = db.search(SearchRequest.of(query, k).efSearch(efSearch));
    int[] ordinals = new int[hits.size()];
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = Integer.parseInt(hits.get(i).id());
    }
    return ordinals;
  }

  /**
   * How many of the searches so far had to walk through the graph by the vectors themselves,
   * because codes could not tell what is nearest.
   */
  public long walkedAgain() {
    return db.stats().undecidedSearches();
  }

  @Override
  public void close() {
    db.close();
  }
}
