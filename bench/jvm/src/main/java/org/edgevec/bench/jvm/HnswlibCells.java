package org.edgevec.bench.jvm;

import com.github.jelmerk.hnswlib.core.DistanceFunction;
import com.github.jelmerk.hnswlib.core.Item;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import java.io.Serial;
import org.edgevec.Metric;
import org.edgevec.bench.matrix.Contestant;
import org.edgevec.shape.CellData;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.Vectors;
import org.jspecify.annotations.Nullable;

/**
 * hnswlib-core under every metric, with distances by EdgeVec's kernel. Cosine is the inner product
 * of vectors that are scaled to length 1 before, as its users do.
 */
final class HnswlibCells implements Contestant {

  private final Kernel kernel;
  private final BuildParameters parameters;
  private @Nullable HnswIndex<Integer, float[], Vector, Float> index;
  private boolean isCosine;
  private float[][] queries = {};

  HnswlibCells(Kernel kernel, BuildParameters parameters) {
    this.kernel = kernel;
    this.parameters = parameters;
  }

  private record Vector(Integer id, float[] vector) implements Item<Integer, float[]> {
    @Override
    public int dimensions() {
      return vector.length;
    }
  }

  /**
   * @param isSquared whether it is the squared Euclidean distance, or the inner product
   */
  private record Distance(Kernel kernel, boolean isSquared)
      implements DistanceFunction<float[], Float> {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public Float distance(float[] a, float[] b) {
      return isSquared
          ? kernel.squaredDistance(a, 0, b, 0, a.length)
          : 1 - kernel.dot(a, 0, b, 0, a.length);
    }
  }

  @Override
  public String name() {
    return "hnswlib-core";
  }

  @Override
  public double build(CellData data) {
    isCosine = data.metric() == Metric.COSINE;
    queries = data.queries();
    long begin = System.nanoTime();
    HnswIndex<Integer, float[], Vector, Float> built =
        HnswIndex.newBuilder(
                data.dimension(),
                new Distance(kernel, data.metric() == Metric.L2),
                data.base().length)
            .withM(parameters.m())
            .withEfConstruction(parameters.efConstruction())
            .build();
    for (int i = 0; i < data.base().length; i++) {
      built.add(new Vector(i, direction(data.base()[i])));
    }
    index = built;
    return (System.nanoTime() - begin) / 1e9;
  }

  private float[] direction(float[] vector) {
    return isCosine ? Vectors.normalized(vector) : vector;
  }

  @Override
  public int[][] search(float[][] asked, int k, int efSearch) {
    HnswIndex<Integer, float[], Vector, Float> built = index;
    if (built == null) {
      throw new IllegalStateException("nothing is built");
    }
    built.setEf(Math.max(k, efSearch));
    int[][] found = new int[asked.length][];
    for (int i = 0; i < asked.length; i++) {
      found[i] =
          built.findNearest(direction(asked[i]), k).stream()
              .mapToInt(result -> result.item().id())
              .toArray();
    }
    return found;
  }

  @Override
  public double passMillis(int k, int efSearch) {
    long begin = System.nanoTime();
    int[][] found = search(queries, k, efSearch);
    double millis = (System.nanoTime() - begin) / 1e6;
    return found.length == queries.length ? millis : Double.NaN;
  }

  @Override
  public long walkedAgain() {
    return -1;
  }

  @Override
  public void close() {
    index = null;
  }
}
