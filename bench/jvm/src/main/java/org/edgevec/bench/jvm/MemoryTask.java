package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bench.DataSpec;
import org.edgevec.file.EdgeVec;
import org.edgevec.shape.ClusteredVectors;

/** Measures the heap that an open database takes. */
final class MemoryTask implements Task {

  private static final Gson GSON = new Gson();
  private static final int BATCH = 1_000;
  private static final int COLLECTIONS = 4;

  /** A database to make. */
  record Measure(String folder, int count, int dimension, BuildParameters parameters) {}

  /**
   * Bytes of heap, after collections of garbage.
   *
   * @param written while open, by whom its vectors were written
   * @param opened while open, by whom it was opened
   */
  record Heap(long written, long opened) {}

  @Override
  public Object handle(String command, JsonObject arguments) throws Exception {
    Measure measure = GSON.fromJson(arguments, Measure.class);
    Path folder = Folders.empty(Path.of(measure.folder()));
    return new Heap(write(folder, measure), open(folder, measure));
  }

  /** In a method of its own, so that no frame of the stack holds what is closed. */
  private static long write(Path folder, Measure measure) throws Exception {
    long before = used();
    try (VectorDatabase db = EdgeVec.open(folder, options(measure))) {
      put(db, measure);
      db.awaitIndexed(ProgressListener.NONE);
      db.checkpoint();
      return used() - before;
    }
  }

  private static long open(Path folder, Measure measure) throws Exception {
    long before = used();
    try (VectorDatabase db = EdgeVec.open(folder, options(measure))) {
      if (db.stats().indexedEntries() != measure.count()) {
        throw new IllegalStateException("there is no graph of all");
      }
      return used() - before;
    }
  }

  private static Options options(Measure measure) {
    return Options.of(measure.dimension(), Metric.L2)
        .hnsw(HnswOptions.of(measure.parameters().m(), measure.parameters().efConstruction()));
  }

  private static void put(VectorDatabase db, Measure measure) {
    ClusteredVectors vectors = new ClusteredVectors(measure.dimension(), DataSpec.SEED);
    for (int from = 0; from < measure.count(); from += BATCH) {
      int count = Math.min(BATCH, measure.count() - from);
      float[][] some = vectors.base(from, count);
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < count; i++) {
        batch.put(Integer.toString(from + i), some[i]);
      }
      db.write(batch);
    }
  }

  /** Heap in use after collections; several, since what is freed by one may free more. */
  private static long used() throws InterruptedException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Override
  public void close() throws IOException {
    // Nothing is left open.
  }
}
