package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Hit;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.Stats;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.VecsFile;
import org.edgevec.file.EdgeVec;
import org.edgevec.shape.ClusteredVectors;
import org.edgevec.storage.Durability;

/** Measures opening of EdgeVec databases, and checkpoints. */
public final class OpenTask implements Task {

  private static final Gson GSON = new Gson();
  private static final int K = 10;

  /** Candidates that the first search keeps. */
  public static final int EF = SearchRequest.DEFAULT_EF_SEARCH;

  /** A database to make of the vectors of a {@link Workload}, with its graph, in a snapshot. */
  record Store(String data, String folder, BuildParameters parameters) {}

  /**
   * What making it cost.
   *
   * @param checkpointMillis writing the snapshot of all of it
   * @param againMillis writing one more, after 100 more entries
   */
  record Stored(double checkpointMillis, double againMillis, double megabytes) {}

  /** A database to make that is nothing but a log. */
  record Log(String folder, int count, int dimension, int batch) {}

  /** A database to open, and what to search for first. */
  public record Open(String folder, String data) {}

  /**
   * What opening took.
   *
   * @param searchMillis the first search after it
   * @param replayed entries of the log
   * @param indexed entries that the graph linked at once
   */
  public record Opened(
      double openMillis, double searchMillis, long replayed, int indexed, int tail) {}

  @Override
  public Object handle(String command, JsonObject arguments) throws IOException {
    return switch (command) {
      case "store" -> store(GSON.fromJson(arguments, Store.class));
      case "log" -> log(GSON.fromJson(arguments, Log.class));
      case "open" -> open(GSON.fromJson(arguments, Open.class));
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static Stored store(Store store) throws IOException {
    Path folder = Folders.empty(Path.of(store.folder()));
    float[][] base = VecsFile.readFloats(Workload.baseFile(Path.of(store.data())));
    HnswOptions graph = HnswOptions.of(store.parameters().m(), store.parameters().efConstruction());
    Options options =
        Options.of(base[0].length, Metric.L2).hnsw(graph).checkpointPolicy(CheckpointPolicy.MANUAL);
    try (VectorDatabase db = EdgeVec.open(folder, options)) {
      EdgeVecPeer.put(db, base);
      db.awaitIndexed(ProgressListener.NONE);
      double first = checkpointMillis(db);
      WriteBatch more = new WriteBatch();
      for (int i = 0; i < 100; i++) {
        more.put("again-" + i, base[i]);
      }
      db.write(more);
      db.awaitIndexed(ProgressListener.NONE);
      return new Stored(first, checkpointMillis(db), Folders.size(folder) / 1e6);
    }
  }

  private static double checkpointMillis(VectorDatabase db) {
    long begin = System.nanoTime();
    db.checkpoint();
    return (System.nanoTime() - begin) / 1e6;
  }

  private static PeerTask.Text log(Log log) throws IOException {
    Path folder = Folders.empty(Path.of(log.folder()));
    float[][] base = new ClusteredVectors(log.dimension(), DataSpec.SEED).base(0, log.count());
    Options options =
        Options.of(log.dimension(), Metric.L2)
            .durability(Durability.RELAXED)
            .checkpointPolicy(CheckpointPolicy.MANUAL);
    try (VectorDatabase db = EdgeVec.open(folder, options)) {
      for (int from = 0; from < base.length; from += log.batch()) {
        WriteBatch batch = new WriteBatch();
        for (int i = from; i < Math.min(base.length, from + log.batch()); i++) {
          batch.put(Integer.toString(i), base[i]);
        }
        db.write(batch);
      }
    }
    return new PeerTask.Text("written");
  }

  private static Opened open(Open open) throws IOException {
    float[] query = VecsFile.readFloats(Workload.queryFile(Path.of(open.data())))[0];
    Options options = Options.existing().checkpointPolicy(CheckpointPolicy.MANUAL);
    long begin = System.nanoTime();
    try (VectorDatabase db = EdgeVec.open(Path.of(open.folder()), options)) {
      long opened = System.nanoTime();
      List<Hit> hits = db.search(SearchRequest.of(query, K).efSearch(EF));
      long searched = System.nanoTime();
      if (hits.size() != K) {
        throw new IllegalStateException("there were " + hits.size() + " hits");
      }
      Stats stats = db.stats();
      return new Opened(
          (opened - begin) / 1e6,
          (searched - opened) / 1e6,
          db.recoveryReport().replayedRecords(),
          stats.indexedEntries(),
          stats.tailEntries());
    }
  }

  @Override
  public void close() {
    // Every command leaves all closed.
  }
}
