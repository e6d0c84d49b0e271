package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.jspecify.annotations.Nullable;

/** Measures searches in one or more threads, while nothing else happens or a writer writes. */
final class ParallelTask implements Task {

  private static final Gson GSON = new Gson();
  private static final int K = 10;
  private static final int QUERIES = 1_000;
  private static final int MAX_LATENCIES = 1 << 20;
  private static final int WARM_UP_MILLIS = 300;

  private @Nullable Fill filled;
  private float[][] queries = {};
  private @Nullable ClusteredVectors source;
  private volatile Object sink = "";

  /** A database to fill. */
  record Fill(String folder, int count, int dimension, BuildParameters parameters) {}

  /**
   * What to measure.
   *
   * @param searchers threads that search
   * @param batch vectors in each batch of the writer, or 0 for no writer
   * @param perSecond vectors that the writer writes in a second, or 0 for as many as it can
   */
  record Load(int searchers, int ef, int millis, int batch, int perSecond) {}

  /**
   * What was measured.
   *
   * @param qps of all searchers together
   * @param writtenPerSecond vectors
   * @param linkedPerSecond vectors, by maintenance
   * @param tail entries that were not linked at the end
   */
  record Measured(
      double qps,
      double p50Micros,
      double p99Micros,
      double writtenPerSecond,
      double linkedPerSecond,
      int tail) {}

  @Override
  public Object handle(String command, JsonObject arguments) throws Exception {
    return switch (command) {
      case "fill" -> fill(GSON.fromJson(arguments, Fill.class));
      case "measure" -> measure(GSON.fromJson(arguments, Load.class));
      default -> throw new IllegalArgumentException(command);
    };
  }

  private PeerTask.Text fill(Fill fill) throws IOException {
    ClusteredVectors vectors = new ClusteredVectors(fill.dimension(), DataSpec.SEED);
    source = vectors;
    queries = vectors.queries(QUERIES);
    filled = fill;
    Folders.empty(template(fill));
    try (VectorDatabase db = EdgeVec.open(template(fill), options(fill))) {
      EdgeVecPeer.put(db, vectors.base(0, fill.count()));
      db.awaitIndexed(ProgressListener.NONE);
      db.checkpoint();
    }
    return new PeerTask.Text("filled");
  }

  private static Path template(Fill fill) {
    return Path.of(fill.folder(), "template");
  }

  private static Options options(Fill fill) {
    return Options.of(fill.dimension(), Metric.L2)
        .hnsw(HnswOptions.of(fill.parameters().m(), fill.parameters().efConstruction()));
  }

  /** Measures in a copy, so that every measurement begins alike. */
  private Measured measure(Load load) throws Exception {
    Fill fill = filled;
    ClusteredVectors vectors = source;
    if (fill == null || vectors == null) {
      throw new IllegalStateException("nothing was filled in");
    }
    Path copy = Path.of(fill.folder(), "copy");
    Folders.copy(template(fill), copy);
    try (VectorDatabase db = EdgeVec.open(copy, options(fill))) {
      search(db, load.ef(), 0, WARM_UP_MILLIS);
      return measure(db, new Source(vectors, fill.count()), load);
    }
  }

  /** Vectors that are not in the database, from a number on. */
  private record Source(ClusteredVectors vectors, int first) {}

  private Measured measure(VectorDatabase db, Source fresh, Load load) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    int before = db.stats().indexedEntries();
    Future<Integer> writer =
        load.batch() == 0 ? null : threads.submit(() -> write(db, fresh, load, stop));
    if (writer != null) {
      // So that maintenance works from the beginning on.
      Thread.sleep(load.millis() / 10);
    }
    List<Future<double[]>> searchers = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < load.searchers(); i++) {
      int first = i * queries.length / load.searchers();
      searchers.add(threads.submit(() -> search(db, load.ef(), first, load.millis())));
    }
    double[] micros = {};
    for (Future<double[]> searcher : searchers) {
      double[] more = searcher.get();
      micros = Arrays.copyOf(micros, micros.length + more.length);
      System.arraycopy(more, 0, micros, micros.length - more.length, more.length);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    int linked = db.stats().indexedEntries() - before;
    int tail = db.stats().tailEntries();
    stop.set(true);
    int writes = writer == null ? 0 : writer.get();
    threads.shutdown();
    Percentiles latency = new Percentiles(micros);
    return new Measured(
        micros.length / seconds,
        latency.median(),
        latency.at(99),
        writes / seconds,
        linked / seconds,
        tail);
  }

  private double[] search(VectorDatabase db, int ef, int first, int millis) {
    double[] micros = new double[MAX_LATENCIES];
    int searches = 0;
    long now = System.nanoTime();
    long end = now + millis * 1_000_000L;
    while (now < end && searches < MAX_LATENCIES) {
      float[] query = queries[(first + searches) % queries.length];
      sink = db.search(SearchRequest.of(query, K).efSearch(ef));
      long then = now;
      now = System.nanoTime();
      micros[searches++] = (now - then) / 1e3;
    }
    return Arrays.copyOf(micros, searches);
  }

  /** Writes until told to stop, new vectors that are generated as fast as they are needed. */
  private int write(VectorDatabase db, Source fresh, Load load, AtomicBoolean stop)
      throws InterruptedException {
    int writes = 0;
    long begin = System.nanoTime();
    while (!stop.get()) {
      float[][] some = fresh.vectors().base(fresh.first() + writes, load.batch());
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < some.length; i++) {
        batch.put("new-" + (writes + i), some[i]);
      }
      db.write(batch);
      writes += some.length;
      if (load.perSecond() > 0) {
        long due = begin + (long) (writes * 1e9 / load.perSecond());
        long wait = (due - System.nanoTime()) / 1_000_000;
        Thread.sleep(Math.max(0, wait));
      }
    }
    return writes;
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
