package org.edgevec.bench.jvm;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * JVector, with its graph and full vectors in memory and its usual parameters: overflow 1.2, alpha
 * 1.2, with hierarchy, refined at the end. Its degree is that of HNSW's lowest level, 2 M. The JVM
 * option {@code jvector.vectorization_provider} says whether its native kernels serve.
 */
final class JVectorPeer implements Peer {

  static final String IN_MEMORY = "in memory";

  private static final float OVERFLOW = 1.2f;
  private static final float ALPHA = 1.2f;

  private @Nullable RandomAccessVectorValues vectors;
  private @Nullable GraphSearcher searcher;

  @Override
  public String description() {
    return "kernels " + VectorizationProvider.getInstance().getClass().getSimpleName();
  }

  private static VectorTypeSupport types() {
    return VectorizationProvider.getInstance().getVectorTypeSupport();
  }

  @Override
  public double build(String way, float[][] base, BuildParameters parameters, Path folder)
      throws IOException {
    close();
    int dimension = base[0].length;
    long begin = System.nanoTime();
    List<VectorFloat<?>> copies =
        Arrays.stream(base).<VectorFloat<?>>map(v -> types().createFloatVector(v)).toList();
    RandomAccessVectorValues values = new ListRandomAccessVectorValues(copies, dimension);
    ForkJoinPool pool = new ForkJoinPool(1);
    try (GraphIndexBuilder builder =
        new GraphIndexBuilder(
            BuildScoreProvider.randomAccessScoreProvider(
                values, VectorSimilarityFunction.EUCLIDEAN),
            dimension,
            2 * parameters.m(),
            parameters.efConstruction(),
            OVERFLOW,
            ALPHA,
            true,
            true,
            pool,
            pool)) {
      for (int i = 0; i < base.length; i++) {
        builder.addGraphNode(i, copies.get(i));
      }
      builder.cleanup();
      searcher = new GraphSearcher(builder.getGraph());
    } finally {
      pool.shutdown();
    }
    vectors = values;
    return (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public Object search(float[] query, int k, int ef) {
    RandomAccessVectorValues values = vectors;
    GraphSearcher search = searcher;
    if (values == null || search == null) {
      throw new IllegalStateException("nothing is built");
    }
    SearchScoreProvider scores =
        DefaultSearchScoreProvider.exact(
            types().createFloatVector(query), VectorSimilarityFunction.EUCLIDEAN, values);
    return search.search(scores, k, ef, 0, 0, Bits.ALL);
  }

  @Override
  public int[] ordinals(Object answer) {
    return Arrays.stream(((SearchResult) answer).getNodes()).mapToInt(node -> node.node).toArray();
  }

  @Override
  public void close() throws IOException {
    GraphSearcher search = searcher;
    searcher = null;
    vectors = null;
    if (search != null) {
      search.close();
    }
  }
}
