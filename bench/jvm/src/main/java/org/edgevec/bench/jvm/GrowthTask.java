package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.edgevec.Hit;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.ExactNeighbors;
import org.edgevec.bench.Percentiles;
import org.edgevec.bench.Recall;
import org.edgevec.file.EdgeVec;
import org.edgevec.file.FileStorage;
import org.edgevec.quant.CodedArena;
import org.edgevec.shape.ClusteredVectors;
import org.jspecify.annotations.Nullable;

/** Lets one database grow, and measures what building and searching cost at each size. */
final class GrowthTask implements Task {

  private static final Gson GSON = new Gson();
  private static final int K = 10;
  private static final int BATCH = 1_000;
  private static final int MAX_EF = 4_000;

  /** Searches with it show what size alone costs. */
  private static final int FIXED_EF = 64;

  private @Nullable VectorDatabase database;
  private float[][] base = {};

  /**
   * How large to become, and how to measure then.
   *
   * @param clusters of the data
   * @param recall to be reached by the smallest {@code ef} that does
   */
  record Grow(
      String folder,
      int clusters,
      int count,
      int dimension,
      int queries,
      double recall,
      int rounds,
      int millis,
      BuildParameters parameters) {}

  /**
   * What was measured at one size.
   *
   * @param buildSeconds for what was added since the size before: durable and linked
   * @param least with the smallest {@code ef} that reaches the recall asked for
   * @param fixed with {@code ef} 64
   * @param rowNanos of scoring one vector at a random place, without a graph
   */
  record Grown(int count, double buildSeconds, Cost least, Cost fixed, double rowNanos) {}

  /**
   * The cost of a query.
   *
   * @param micros by the clock, the median of the rounds
   * @param scored vectors
   */
  record Cost(int ef, double recall, double micros, double scored) {}

  @Override
  public Object handle(String command, JsonObject arguments) throws IOException {
    Grow grow = GSON.fromJson(arguments, Grow.class);
    ClusteredVectors source =
        new ClusteredVectors(grow.dimension(), grow.clusters(), DataSpec.SEED);
    int before = base.length;
    float[][] more = source.base(before, grow.count() - before);
    base = Arrays.copyOf(base, grow.count());
    System.arraycopy(more, 0, base, before, more.length);
    VectorDatabase db = open(grow, before);
    double buildSeconds = add(db, before);
    float[][] queries = source.queries(grow.queries());
    Measurement measurement = new Measurement(db, grow, queries, base);
    int ef = measurement.leastEf();
    Cost least = measurement.cost(ef);
    Cost fixed = measurement.cost(FIXED_EF);
    db.checkpoint();
    close();
    double rowNanos = new RandomRows(base, queries).nanos(grow.rounds(), grow.millis());
    return counted(grow, queries, new Grown(grow.count(), buildSeconds, least, fixed, rowNanos));
  }

  /** The database, made when there is nothing in it yet. */
  private VectorDatabase open(Grow grow, int before) throws IOException {
    Path folder = Path.of(grow.folder());
    if (before == 0) {
      Folders.empty(folder);
    }
    VectorDatabase db = EdgeVec.open(folder, options(grow));
    database = db;
    return db;
  }

  private static Options options(Grow grow) {
    return Options.of(grow.dimension(), Metric.L2)
        .hnsw(HnswOptions.of(grow.parameters().m(), grow.parameters().efConstruction()));
  }

  /** With the number of vectors that a query scores, on average. */
  private static Grown counted(Grow grow, float[][] queries, Grown grown) {
    CountingKernel kernel = new CountingKernel(EdgeVecPeer.kernel());
    Platform platform = Platform.inline(CodedArena.on(kernel));
    try (VectorDatabase db =
        VectorDatabase.open(FileStorage.open(Path.of(grow.folder())), options(grow), platform)) {
      return new Grown(
          grown.count(),
          grown.buildSeconds(),
          counted(db, kernel, queries, grown.least()),
          counted(db, kernel, queries, grown.fixed()),
          grown.rowNanos());
    }
  }

  private static Cost counted(
      VectorDatabase db, CountingKernel kernel, float[][] queries, Cost cost) {
    long before = kernel.scored();
    for (float[] query : queries) {
      db.search(SearchRequest.of(query, K).efSearch(cost.ef()));
    }
    double scored = (kernel.scored() - before) / (double) queries.length;
    return new Cost(cost.ef(), cost.recall(), cost.micros(), scored);
  }

  private double add(VectorDatabase db, int before) {
    long begin = System.nanoTime();
    for (int from = before; from < base.length; from += BATCH) {
      WriteBatch batch = new WriteBatch();
      for (int i = from; i < Math.min(base.length, from + BATCH); i++) {
        batch.put(Integer.toString(i), base[i]);
      }
      db.write(batch);
    }
    db.awaitIndexed(ProgressListener.NONE);
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Searches of one size. */
  private static final class Measurement {
    private final VectorDatabase db;
    private final Grow grow;
    private final float[][] queries;
    private final int[][] truth;
    private volatile Object sink = "";

    Measurement(VectorDatabase db, Grow grow, float[][] queries, float[][] base) {
      this.db = db;
      this.grow = grow;
      this.queries = queries;
      this.truth = ExactNeighbors.find(base, queries, K);
    }

    private List<Hit> search(float[] query, int ef) {
      return db.search(SearchRequest.of(query, K).efSearch(ef));
    }

    private double recall(int ef) {
      int[][] found = new int[queries.length][];
      for (int i = 0; i < queries.length; i++) {
        found[i] =
            search(queries[i], ef).stream().mapToInt(hit -> Integer.parseInt(hit.id())).toArray();
      }
      return Recall.at(K, truth, found);
    }

    int leastEf() {
      int high = K;
      while (high < MAX_EF && recall(high) < grow.recall()) {
        high = high * 3 / 2;
      }
      int low = high == K ? K - 1 : high * 2 / 3;
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (recall(middle) >= grow.recall()) {
          high = middle;
        } else {
          low = middle;
        }
      }
      return high;
    }

    /** All but the vectors scored. */
    Cost cost(int ef) {
      return new Cost(ef, recall(ef), micros(ef), Double.NaN);
    }

    private double micros(int ef) {
      double[] rounds = new double[grow.rounds()];
      for (int round = 0; round < rounds.length; round++) {
        long begin = System.nanoTime();
        long end = begin + grow.millis() * 1_000_000L;
        int count = 0;
        while (count == 0 || System.nanoTime() < end) {
          for (float[] query : queries) {
            sink = search(query, ef);
          }
          count += queries.length;
        }
        rounds[round] = (System.nanoTime() - begin) / 1e3 / count;
      }
      return new Percentiles(rounds).median();
    }

    /** What the last search returned. */
    Object lastAnswer() {
      return sink;
    }
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
