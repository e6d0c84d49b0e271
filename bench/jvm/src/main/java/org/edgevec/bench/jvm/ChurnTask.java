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
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.ExactNeighbors;
import org.edgevec.bench.Recall;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.file.EdgeVec;
import org.edgevec.shape.ClusteredVectors;

/**
 * Compares a database, half of whose vectors were replaced bit by bit, with one that was filled
 * with what is in it then.
 */
final class ChurnTask implements Task {

  private static final Gson GSON = new Gson();
  private static final int K = 10;

  /**
   * What to do.
   *
   * @param steps in how many steps half of the vectors are replaced; the graph is awaited after
   *     each
   */
  record Churn(
      String folder,
      int count,
      int dimension,
      int queries,
      int steps,
      BuildParameters parameters,
      int[] efs) {}

  /** Recalls by {@code ef}. */
  record Recalls(double[] churned, double[] fresh) {}

  @Override
  public Object handle(String command, JsonObject arguments) throws IOException {
    Churn churn = GSON.fromJson(arguments, Churn.class);
    ClusteredVectors source = new ClusteredVectors(churn.dimension(), DataSpec.SEED);
    float[][] vectors = source.base(0, churn.count());
    float[][] queries = source.queries(churn.queries());
    float[][] replaced = replaced(churn, source, vectors);
    int[][] truth = ExactNeighbors.find(replaced, queries, K);
    double[] churned;
    try (VectorDatabase db = open(churn, "churned")) {
      EdgeVecPeer.put(db, vectors);
      db.awaitIndexed(ProgressListener.NONE);
      replace(db, churn, vectors, replaced);
      churned = recalls(db, churn, queries, truth);
    }
    try (VectorDatabase db = open(churn, "fresh")) {
      EdgeVecPeer.put(db, replaced);
      db.awaitIndexed(ProgressListener.NONE);
      return new Recalls(churned, recalls(db, churn, queries, truth));
    }
  }

  private static VectorDatabase open(Churn churn, String name) throws IOException {
    HnswOptions graph = HnswOptions.of(churn.parameters().m(), churn.parameters().efConstruction());
    return EdgeVec.open(
        Folders.empty(Path.of(churn.folder(), name)),
        Options.of(churn.dimension(), Metric.L2).hnsw(graph));
  }

  /** The vectors with half of them, drawn at random, exchanged for others. */
  private static float[][] replaced(Churn churn, ClusteredVectors source, float[][] vectors) {
    int half = vectors.length / 2;
    float[][] others = source.base(vectors.length, half);
    int[] order = new int[vectors.length];
    Arrays.setAll(order, i -> i);
    SplitMix64 random = new SplitMix64(DataSpec.SEED);
    float[][] result = vectors.clone();
    for (int i = 0; i < half; i++) {
      int chosen = i + random.nextInt(order.length - i);
      result[order[chosen]] = others[i];
      order[chosen] = order[i];
    }
    return result;
  }

  private static void replace(
      VectorDatabase db, Churn churn, float[][] vectors, float[][] replaced) {
    int step = Math.max(1, vectors.length / churn.steps());
    for (int from = 0; from < vectors.length; from += step) {
      WriteBatch batch = new WriteBatch();
      for (int i = from; i < Math.min(vectors.length, from + step); i++) {
        if (replaced[i] != vectors[i]) {
          batch.put(Integer.toString(i), replaced[i]);
        }
      }
      if (batch.size() > 0) {
        db.write(batch);
        db.awaitIndexed(ProgressListener.NONE);
      }
    }
  }

  private static double[] recalls(
      VectorDatabase db, Churn churn, float[][] queries, int[][] truth) {
    double[] result = new double[churn.efs().length];
    for (int e = 0; e < result.length; e++) {
      int[][] found = new int[queries.length][];
      for (int i = 0; i < queries.length; i++) {
        List<Hit> hits = db.search(SearchRequest.of(queries[i], K).efSearch(churn.efs()[e]));
        found[i] = hits.stream().mapToInt(hit -> Integer.parseInt(hit.id())).toArray();
      }
      result[e] = Recall.at(K, truth, found);
    }
    return result;
  }

  @Override
  public void close() {
    // Nothing is left open.
  }
}
