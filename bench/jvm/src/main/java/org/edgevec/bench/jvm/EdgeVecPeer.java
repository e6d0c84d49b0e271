package org.edgevec.bench.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.edgevec.Hit;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.file.EdgeVec;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.ScalarKernel;
import org.jspecify.annotations.Nullable;

/** EdgeVec, as its users have it: durable, over a folder, through the public API. */
final class EdgeVecPeer implements Peer {

  /** From the first put to the end of {@link VectorDatabase#awaitIndexed}. */
  static final String DURABLE = "durable puts, then awaitIndexed";

  /** The linking alone, of vectors that are stored already. */
  static final String GRAPH = "graph only";

  private static final int BATCH = 1_000;

  private @Nullable VectorDatabase database;

  /** What scores the vectors in this JVM; backend-file chooses in the same way. */
  static Kernel kernel() {
    Iterator<Kernel> offered = ServiceLoader.load(Kernel.class).iterator();
    try {
      return offered.hasNext() ? offered.next() : new ScalarKernel();
    } catch (ServiceConfigurationError e) {
      return new ScalarKernel();
    }
  }

  @Override
  public String description() {
    return "kernel " + kernel().name() + "; strict durability";
  }

  @Override
  public double build(String way, float[][] base, BuildParameters parameters, Path folder)
      throws IOException {
    close();
    HnswOptions graph = HnswOptions.of(parameters.m(), parameters.efConstruction());
    Options options = Options.of(base[0].length, Metric.L2).hnsw(graph);
    if (way.equals(GRAPH)) {
      store(base, options, folder);
      return seconds(() -> index(options, folder));
    }
    return seconds(
        () -> {
          database = EdgeVec.open(folder, options);
          put(database, base);
          database.awaitIndexed(ProgressListener.NONE);
        });
  }

  /** Stores the vectors with a bound on the graph that they do not reach. */
  private static void store(float[][] base, Options options, Path folder) {
    HnswOptions graph = options.hnsw();
    HnswOptions none = graph.minEntries(Integer.MAX_VALUE);
    try (VectorDatabase db = EdgeVec.open(folder, options.hnsw(none))) {
      put(db, base);
      db.checkpoint();
    }
  }

  private void index(Options options, Path folder) {
    database = EdgeVec.open(folder, options);
    database.awaitIndexed(ProgressListener.NONE);
  }

  private static double seconds(Runnable task) {
    long begin = System.nanoTime();
    task.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Puts vectors in batches, with their ordinals as ids. */
  static void put(VectorDatabase db, float[][] base) {
    for (int from = 0; from < base.length; from += BATCH) {
      WriteBatch batch = new WriteBatch();
      for (int i = from; i < Math.min(base.length, from + BATCH); i++) {
        batch.put(Integer.toString(i), base[i]);
      }
      db.write(batch);
    }
  }

  @Override
  public Object search(float[] query, int k, int ef) {
    VectorDatabase db = database;
    if (db == null) {
      throw new IllegalStateException("nothing is built");
    }
    return db.search(SearchRequest.of(query, k).efSearch(ef));
  }

  @Override
  @SuppressWarnings("unchecked")
  public int[] ordinals(Object answer) {
    return ((List<Hit>) answer).stream().mapToInt(hit -> Integer.parseInt(hit.id())).toArray();
  }

  @Override
  public void close() {
    VectorDatabase db = database;
    database = null;
    if (db != null) {
      db.close();
    }
  }
}
