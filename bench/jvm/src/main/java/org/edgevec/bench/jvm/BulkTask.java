package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.Percentiles;
import org.edgevec.file.EdgeVec;
import org.edgevec.shape.ClusteredVectors;

/** Measures a bulk load: alone, and with searches beside it. */
final class BulkTask implements Task {

  private static final Gson GSON = new Gson();
  private static final int K = 10;
  private static final int QUERIES = 500;
  private static final int BATCH = 1_000;
  private static final int MAX_LATENCIES = 1 << 20;

  private volatile Object sink = "";

  /**
   * What to measure.
   *
   * @param count vectors loaded first, with nobody searching
   * @param more vectors loaded then, while one thread searches
   * @param threads that link
   */
  record Load(
      String folder,
      int count,
      int more,
      int dimension,
      int threads,
      int ef,
      int quietMillis,
      BuildParameters parameters) {}

  /**
   * What was measured.
   *
   * @param loadedPerSecond vectors written, with nobody searching
   * @param readyPerSecond vectors of that load, from its beginning until all are linked
   * @param recall then, of 10
   * @param quietP50Micros of searches then, and of those beside the second load
   * @param writtenPerSecond vectors of the second load
   * @param longestTail that was seen during the second load
   */
  record Measured(
      double loadedPerSecond,
      double readyPerSecond,
      double recall,
      double quietP50Micros,
      double quietP99Micros,
      double besideP50Micros,
      double besideP99Micros,
      double writtenPerSecond,
      int longestTail) {}

  @Override
  public Object handle(String command, JsonObject arguments) throws Exception {
    if (!command.equals("measure")) {
      throw new IllegalArgumentException(command);
    }
    Load load = GSON.fromJson(arguments, Load.class);
    Path folder = Path.of(load.folder());
    Folders.empty(folder);
    Options options =
        Options.of(load.dimension(), Metric.L2)
            .hnsw(HnswOptions.of(load.parameters().m(), load.parameters().efConstruction()))
            .indexingThreads(load.threads());
    try (VectorDatabase db = EdgeVec.open(folder, options)) {
      return measure(db, load);
    }
  }

  private Measured measure(VectorDatabase db, Load load) throws Exception {
    ClusteredVectors vectors = new ClusteredVectors(load.dimension(), DataSpec.SEED);
    float[][] queries = vectors.queries(QUERIES);
    float[][] base = vectors.base(0, load.count());
    long begin = System.nanoTime();
    write(db, base, 0);
    double loaded = (System.nanoTime() - begin) / 1e9;
    db.awaitIndexed(ProgressListener.NONE);
    double ready = (System.nanoTime() - begin) / 1e9;
    AtomicBoolean stop = new AtomicBoolean();
    search(db, queries, load.ef(), stop, load.quietMillis());
    Percentiles quiet = new Percentiles(search(db, queries, load.ef(), stop, load.quietMillis()));
    double recall = recall(db, queries, load.ef());
    float[][] more = vectors.base(load.count(), load.more());
    ExecutorService threads = Executors.newCachedThreadPool();
    begin = System.nanoTime();
    Future<Integer> writer = threads.submit(() -> writeMore(db, more, load.count(), stop));
    Percentiles beside = new Percentiles(search(db, queries, load.ef(), stop, Integer.MAX_VALUE));
    double written = (System.nanoTime() - begin) / 1e9;
    threads.shutdown();
    return new Measured(
        load.count() / loaded,
        load.count() / ready,
        recall,
        quiet.median(),
        quiet.at(99),
        beside.median(),
        beside.at(99),
        load.more() / written,
        writer.get());
  }

  private static double recall(VectorDatabase db, float[][] queries, int ef) {
    int found = 0;
    for (float[] query : queries) {
      SearchRequest request = SearchRequest.of(query, K).efSearch(ef);
      var exact = db.search(request.exact()).stream().map(hit -> hit.id()).toList();
      found += (int) db.search(request).stream().filter(hit -> exact.contains(hit.id())).count();
    }
    return found / (double) (K * queries.length);
  }

  private static void write(VectorDatabase db, float[][] vectors, int first) {
    for (int from = 0; from < vectors.length; from += BATCH) {
      writeBatch(db, vectors, from, first);
    }
  }

  private static void writeBatch(VectorDatabase db, float[][] vectors, int from, int first) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < Math.min(vectors.length, from + BATCH); i++) {
      batch.put(Integer.toString(first + i), vectors[i]);
    }
    db.write(batch);
  }

  /** Tells the longest tail that it saw. */
  private static int writeMore(
      VectorDatabase db, float[][] vectors, int first, AtomicBoolean stop) {
    int longest = 0;
    try {
      for (int from = 0; from < vectors.length; from += BATCH) {
        writeBatch(db, vectors, from, first);
        longest = Math.max(longest, db.stats().tailEntries());
      }
    } finally {
      stop.set(true);
    }
    return longest;
  }

  private double[] search(
      VectorDatabase db, float[][] queries, int ef, AtomicBoolean stop, int millis) {
    double[] micros = new double[MAX_LATENCIES];
    int searches = 0;
    long now = System.nanoTime();
    long end = now + millis * 1_000_000L;
    while (now < end && searches < MAX_LATENCIES && !stop.get()) {
      float[] query = queries[searches % queries.length];
      sink = db.search(SearchRequest.of(query, K).efSearch(ef));
      long then = now;
      now = System.nanoTime();
      micros[searches++] = (now - then) / 1e3;
    }
    return Arrays.copyOf(micros, searches);
  }

  /** What the last search returned. */
  Object lastAnswer() {
    return sink;
  }

  @Override
  public void close() {
    // Every measurement leaves all closed.
  }
}
