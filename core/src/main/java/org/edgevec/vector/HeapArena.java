package org.edgevec.vector;

import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;

/**
 * Vectors in float arrays of fixed size that are never moved.
 *
 * <p>An array is about 1 MiB; growing adds arrays and copies nothing but the list of them. Under
 * cosine each vector is followed by the inverse of its norm, in the cache line that scoring reads
 * last.
 */
public final class HeapArena implements VectorArena {

  /** Makes arenas that score in plain Java, on every platform alike. */
  public static final Factory SCALAR =
      (dimension, metric) -> new HeapArena(dimension, metric, new ScalarKernel());

  /**
   * Half a mebibyte with the array's header: the G1 collector gives an array that is half as large
   * as one of its regions, which have 1 MiB and more, regions of its own, and wastes what is left
   * of them.
   */
  private static final int CHUNK_FLOATS = (1 << 17) - 8;

  private final int dimension;
  private final Metric metric;
  private final Kernel kernel;
  private final ChunkLayout layout;

  /** Volatile, so that who reads without a lock sees arrays of a list that he sees. */
  private volatile float[][] chunks = new float[0][];

  private final Extremes extremes;

  public HeapArena(int dimension, Metric metric, Kernel kernel) {
    this(dimension, metric, kernel, new Extremes());
  }

  private HeapArena(int dimension, Metric metric, Kernel kernel, Extremes extremes) {
    this.extremes = extremes;
    this.dimension = dimension;
    this.metric = metric;
    this.kernel = kernel;
    int stride = metric == Metric.COSINE ? dimension + 1 : dimension;
    this.layout = new ChunkLayout(stride, CHUNK_FLOATS);
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public Metric metric() {
    return metric;
  }

  @Override
  public int capacity() {
    return layout.capacity(chunks.length);
  }

  @Override
  public void reserve(int count) {
    if (count > capacity()) {
      chunks = layout.grown(chunks, count, float[]::new);
    }
  }

  /** The array that holds a vector. */
  public float[] chunk(int ordinal) {
    return chunks[layout.chunk(ordinal)];
  }

  /** Where in its array a vector begins. */
  public int start(int ordinal) {
    return layout.start(ordinal);
  }

  @Override
  public void read(int ordinal, int component, byte[] source, int offset, int count) {
    LittleEndian.getFloats(source, offset, chunk(ordinal), start(ordinal) + component, count);
  }

  @Override
  public void write(int ordinal, int component, byte[] target, int offset, int count) {
    LittleEndian.putFloats(chunk(ordinal), start(ordinal) + component, target, offset, count);
  }

  @Override
  public void copy(VectorArena source, int from, int to) {
    HeapArena other = (HeapArena) source;
    System.arraycopy(other.chunk(from), other.start(from), chunk(to), start(to), layout.stride());
    extremes.note(other.extremes);
  }

  @Override
  public void shrink(int count) {
    int needed = layout.chunksFor(count);
    if (needed < chunks.length) {
      chunks = Arrays.copyOf(chunks, needed);
    }
  }

  @Override
  public double settle(int ordinal) {
    float[] chunk = chunk(ordinal);
    int start = start(ordinal);
    double norm = Vectors.norm(chunk, start, dimension);
    if (metric == Metric.COSINE) {
      chunk[start + dimension] = (float) (1 / norm);
    }
    boolean hasTiny = metric != Metric.COSINE && kernel.hasTiny(chunk, start, dimension);
    extremes.note(norm, hasTiny);
    return norm;
  }

  /** What was seen among its vectors. */
  public Extremes extremes() {
    return extremes;
  }

  @Override
  public float[] get(int ordinal) {
    int start = start(ordinal);
    return Arrays.copyOfRange(chunk(ordinal), start, start + dimension);
  }

  @Override
  public boolean isEqual(int ordinal, float[] vector) {
    float[] chunk = chunk(ordinal);
    int start = start(ordinal);
    for (int i = 0; i < dimension; i++) {
      if (Float.floatToRawIntBits(chunk[start + i]) != Float.floatToRawIntBits(vector[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Scorer scorer() {
    return new HeapScorer(false);
  }

  @Override
  public Scorer linker() {
    return new HeapScorer(true);
  }

  @Override
  public VectorArena view() {
    HeapArena view = new HeapArena(dimension, metric, kernel, extremes);
    view.chunks = chunks;
    return view;
  }

  @Override
  public void release() {
    // The garbage collector does it.
  }

  /** Scores under every metric. */
  private final class HeapScorer implements Scorer {
    private final boolean isDistance = metric == Metric.L2;
    private final boolean isCosine = metric == Metric.COSINE;
    private final float[][] rows = new float[4][];
    private final int[] starts = new int[4];
    private float[] query = new float[0];
    private int queryStart;

    /** The inverse of the query's norm, if its direction is not what lies there. */
    private float factor = 1;

    private boolean isQueryTiny;
    private final boolean isLinker;

    HeapScorer(boolean isLinker) {
      this.isLinker = isLinker && metric == Metric.DOT;
    }

    @Override
    public void query(float[] vector) {
      isQueryTiny = !isCosine && kernel.hasTiny(vector, 0, dimension);
      query = isCosine ? Vectors.normalized(vector) : vector;
      queryStart = 0;
      factor = 1;
    }

    @Override
    public void query(int ordinal) {
      query = chunk(ordinal);
      queryStart = start(ordinal);
      factor = isCosine ? query[queryStart + dimension] : 1;
      isQueryTiny = false; // It is the arena's, which knows.
      if (isCosine && !Extremes.isModerate(factor)) {
        query(get(ordinal));
      }
    }

    private boolean isRooted() {
      return isLinker && extremes.areExtreme();
    }

    private float root(int ordinal) {
      return Extremes.root(
          Vectors.dotInDoubles(query, queryStart, chunk(ordinal), start(ordinal), dimension));
    }

    private boolean areTiny() {
      return isQueryTiny || extremes.areTiny();
    }

    @Override
    public float nearness(int ordinal) {
      if (isRooted()) {
        return root(ordinal);
      }
      float[] row = chunk(ordinal);
      int start = start(ordinal);
      float result =
          isDistance
              ? kernel.squaredDistance(query, queryStart, row, start, dimension)
              : kernel.dot(query, queryStart, row, start, dimension);
      return nearness(result, row, start, areTiny());
    }

    /** What a kernel's result means. */
    private float nearness(float result, float[] row, int start, boolean areTiny) {
      if (isCosine) {
        return Vectors.cosine(result, factor, row[start + dimension]);
      }
      float sound = Extremes.isSound(result, areTiny) ? result : careful(row, start);
      // Not negated: TeaVM makes of -0 another zero than the JVM.
      return isDistance ? 0 - sound : sound;
    }

    private float careful(float[] row, int start) {
      return Extremes.rounded(
          isDistance
              ? Vectors.squaredDistanceInDoubles(query, queryStart, row, start, dimension)
              : Vectors.dotInDoubles(query, queryStart, row, start, dimension));
    }

    @Override
    public void nearness(int[] ordinals, int count, float[] nearness) {
      if (isRooted()) {
        for (int i = 0; i < count; i++) {
          nearness[i] = root(ordinals[i]);
        }
        return;
      }
      float[][] all = chunks;
      boolean areTiny = areTiny();
      int i = 0;
      for (; i + 4 <= count; i += 4) {
        for (int j = 0; j < 4; j++) {
          rows[j] = all[layout.chunk(ordinals[i + j])];
          starts[j] = start(ordinals[i + j]);
        }
        four(nearness, i);
        for (int j = 0; j < 4; j++) {
          nearness[i + j] = nearness(nearness[i + j], rows[j], starts[j], areTiny);
        }
      }
      for (; i < count; i++) {
        nearness[i] = nearness(ordinals[i]);
      }
    }

    private void four(float[] out, int at) {
      if (isDistance) {
        kernel.squaredDistance4(query, queryStart, rows, starts, dimension, out, at);
      } else {
        kernel.dot4(query, queryStart, rows, starts, dimension, out, at);
      }
    }
  }
}
