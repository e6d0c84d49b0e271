package org.edgevec.bench.jvm;

import com.github.jelmerk.hnswlib.core.DistanceFunction;
import com.github.jelmerk.hnswlib.core.Item;
import com.github.jelmerk.hnswlib.core.SearchResult;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import java.io.Serial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.edgevec.vector.Kernel;
import org.jspecify.annotations.Nullable;

/**
 * hnswlib-core (jelmerk), the pure Java HNSW. It takes any distance function, and is given
 * EdgeVec's Vector API kernel, which is faster than those published for it: what differs is the
 * index.
 */
final class HnswlibPeer implements Peer {

  static final String IN_MEMORY = "in memory";

  private @Nullable HnswIndex<Integer, float[], Vector, Float> index;

  private record Vector(Integer id, float[] vector) implements Item<Integer, float[]> {
    @Override
    public int dimensions() {
      return vector.length;
    }
  }

  private static final class KernelDistance implements DistanceFunction<float[], Float> {
    @Serial private static final long serialVersionUID = 1;

    private static final Kernel KERNEL = EdgeVecPeer.kernel();

    @Override
    public Float distance(float[] a, float[] b) {
      return KERNEL.squaredDistance(a, 0, b, 0, a.length);
    }
  }

  @Override
  public String description() {
    return "distance by EdgeVec's kernel, " + KernelDistance.KERNEL.name();
  }

  @Override
  public double build(String way, float[][] base, BuildParameters parameters, Path folder) {
    long begin = System.nanoTime();
    HnswIndex<Integer, float[], Vector, Float> built =
        HnswIndex.newBuilder(base[0].length, new KernelDistance(), base.length)
            .withM(parameters.m())
            .withEfConstruction(parameters.efConstruction())
            .build();
    for (int i = 0; i < base.length; i++) {
      built.add(new Vector(i, base[i]));
    }
    index = built;
    return (System.nanoTime() - begin) / 1e9;
  }

  /** How many seconds as many threads take to build. */
  static double buildParallel(float[][] base, BuildParameters parameters, int threads)
      throws InterruptedException {
    List<Vector> vectors = new ArrayList<>();
    for (int i = 0; i < base.length; i++) {
      vectors.add(new Vector(i, base[i]));
    }
    long begin = System.nanoTime();
    HnswIndex<Integer, float[], Vector, Float> built =
        HnswIndex.newBuilder(base[0].length, new KernelDistance(), base.length)
            .withM(parameters.m())
            .withEfConstruction(parameters.efConstruction())
            .build();
    built.addAll(vectors, threads, (done, max) -> {}, base.length);
    return (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public Object search(float[] query, int k, int ef) {
    HnswIndex<Integer, float[], Vector, Float> built = index;
    if (built == null) {
      throw new IllegalStateException("nothing is built");
    }
    built.setEf(ef);
    return built.findNearest(query, k);
  }

  @Override
  @SuppressWarnings("unchecked")
  public int[] ordinals(Object answer) {
    return ((List<SearchResult<Vector, Float>>) answer)
        .stream().mapToInt(result -> result.item().id()).toArray();
  }

  @Override
  public void close() {
    index = null;
  }
}
