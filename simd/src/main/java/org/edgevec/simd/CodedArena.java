package org.edgevec.simd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.vector.CodeBounds;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.Vectors;

/**
 * Vectors with a coarser copy of each for walking through a graph: a byte a component, in units of
 * the vector's largest component over 127. A walk is bound by how fast memory gives vectors out,
 * and of the copies it gives out four times as many. What a walk found is scored again by the
 * vectors themselves.
 *
 * <p>A <em>row</em> holds the codes of a vector and behind them three floats that make a bound of
 * its nearness of an inner product of codes, as {@link CodeBounds} says: {@code factor}, {@code
 * addend} and {@code error}. The fourth is its norm, for when it is the query.
 */
final class CodedArena implements VectorArena {

  /** The largest code; the least is its negative. */
  private static final int MAX_CODE = 127;

  /** Half a mebibyte with the array's header, as {@link HeapArena} has it. */
  private static final int CHUNK_BYTES = (1 << 19) - 32;

  private static final int FACTOR = 0;
  private static final int ADDEND = Float.BYTES;
  private static final int ERROR = 2 * Float.BYTES;
  private static final int NORM = 3 * Float.BYTES;
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.nativeOrder());

  private final HeapArena vectors;
  private final int dimension;
  private final Metric metric;
  private final CodeBounds bounds;
  private final int stride;
  private final int shift;

  /** Volatile, so that who plans without a lock sees rows of a list that he sees. */
  private volatile byte[][] chunks = new byte[0][];

  CodedArena(HeapArena vectors) {
    this.vectors = vectors;
    this.dimension = vectors.dimension();
    this.metric = vectors.metric();
    this.bounds = new CodeBounds(dimension, metric);
    this.stride = dimension + 4 * Float.BYTES;
    this.shift = 31 - Integer.numberOfLeadingZeros(CHUNK_BYTES / stride);
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
    int coded = (int) Math.min(Integer.MAX_VALUE, (long) chunks.length << shift);
    return Math.min(coded, vectors.capacity());
  }

  @Override
  public void reserve(int count) {
    vectors.reserve(count);
    int needed = chunksFor(count);
    if (needed > chunks.length) {
      byte[][] grown = Arrays.copyOf(chunks, needed);
      for (int i = chunks.length; i < needed; i++) {
        grown[i] = new byte[stride << shift];
      }
      chunks = grown;
    }
  }

  private int chunksFor(int count) {
    return (int) (((long) count + (1 << shift) - 1) >>> shift);
  }

  private int start(int ordinal) {
    return (ordinal & ((1 << shift) - 1)) * stride;
  }

  @Override
  public void read(int ordinal, int component, byte[] source, int offset, int count) {
    vectors.read(ordinal, component, source, offset, count);
  }

  @Override
  public void write(int ordinal, int component, byte[] target, int offset, int count) {
    vectors.write(ordinal, component, target, offset, count);
  }

  @Override
  public void copy(VectorArena source, int from, int to) {
    CodedArena other = (CodedArena) source;
    vectors.copy(other.vectors, from, to);
    System.arraycopy(
        other.chunks[from >>> shift], start(from), chunks[to >>> shift], start(to), stride);
  }

  @Override
  public void shrink(int count) {
    vectors.shrink(count);
    int needed = chunksFor(count);
    if (needed < chunks.length) {
      chunks = Arrays.copyOf(chunks, needed);
    }
  }

  @Override
  public double settle(int ordinal) {
    double norm = vectors.settle(ordinal);
    encode(
        vectors.chunk(ordinal), vectors.start(ordinal), norm, chunks[ordinal >>> shift], ordinal);
    return norm;
  }

  private void encode(float[] vector, int from, double norm, byte[] row, int ordinal) {
    int to = start(ordinal);
    float unit = CodeKernel.maxAbs(vector, from, dimension) / MAX_CODE;
    boolean isUsual = unit >= Float.MIN_NORMAL && unit < Float.POSITIVE_INFINITY;
    float inverse = isUsual ? 1 / unit : 0;
    for (int i = 0; i < dimension; i++) {
      row[to + i] =
          (byte) Float.floatToRawIntBits(vector[from + i] * inverse + CodeKernel.ROUNDING);
    }
    // Codes of what is not finite or nearly nothing say nothing: all of it is residual.
    double residual =
        isUsual
            ? bounds.residual(
                unit, MAX_CODE, CodeKernel.squaredRounding(vector, from, dimension, inverse))
            : norm;
    FLOAT.set(row, to + dimension + FACTOR, isUsual ? bounds.factor(unit, norm) : 0);
    FLOAT.set(row, to + dimension + ADDEND, bounds.addend(norm));
    FLOAT.set(row, to + dimension + ERROR, bounds.error(residual, norm));
    FLOAT.set(row, to + dimension + NORM, (float) norm);
  }

  @Override
  public float[] get(int ordinal) {
    return vectors.get(ordinal);
  }

  @Override
  public boolean isEqual(int ordinal, float[] vector) {
    return vectors.isEqual(ordinal, vector);
  }

  @Override
  public Scorer scorer() {
    return vectors.scorer();
  }

  @Override
  public Scorer walker(Scorer scorer) {
    return new CodeScorer(scorer);
  }

  @Override
  public Scorer linker() {
    return vectors.linker();
  }

  @Override
  public VectorArena view() {
    return vectors.view();
  }

  @Override
  public void release() {
    vectors.release();
  }

  /** Bounds by codes, but for queries of which none are known. */
  private final class CodeScorer implements Scorer {
    private final Scorer exact;
    private final byte[][] rows = new byte[4][];
    private final int[] starts = new int[4];
    private final float[] sums = new float[4];
    private final int[] single = new int[1];
    private final float[] singleNearness = new float[1];
    private boolean isExact;
    private float[] query = new float[0];
    private int queryStart;
    private float queryFactor;
    private float queryAddend;
    private float queryReach;

    CodeScorer(Scorer exact) {
      this.exact = exact;
    }

    @Override
    public boolean isExact() {
      return isExact;
    }

    @Override
    public void query(float[] vector) {
      exact.query(vector);
      query(vector, 0, Vectors.norm(vector, 0, dimension));
    }

    @Override
    public void query(int ordinal) {
      exact.query(ordinal);
      float norm = (float) FLOAT.get(chunks[ordinal >>> shift], start(ordinal) + dimension + NORM);
      query(vectors.chunk(ordinal), vectors.start(ordinal), norm);
    }

    private void query(float[] vector, int start, double norm) {
      isExact = !bounds.hold(norm, vectors.extremes());
      query = vector;
      queryStart = start;
      queryFactor = metric == Metric.COSINE ? (float) (1 / norm) : 1;
      queryAddend = bounds.addend(norm);
      queryReach = bounds.reach(norm);
    }

    @Override
    public float nearness(int ordinal) {
      single[0] = ordinal;
      nearness(single, 1, singleNearness);
      return singleNearness[0];
    }

    @Override
    public void nearness(int[] ordinals, int count, float[] nearness) {
      if (isExact) {
        exact.nearness(ordinals, count, nearness);
        return;
      }
      byte[][] all = chunks;
      for (int i = 0; i < count; i += 4) {
        int last = Math.min(4, count - i) - 1;
        for (int j = 0; j < 4; j++) {
          int ordinal = ordinals[i + Math.min(j, last)];
          rows[j] = all[ordinal >>> shift];
          starts[j] = start(ordinal);
        }
        CodeKernel.dot4(query, queryStart, rows, starts, dimension, sums);
        for (int j = 0; j <= last; j++) {
          nearness[i + j] = nearness(sums[j], rows[j], starts[j] + dimension);
        }
      }
    }

    @Override
    public float slack(int ordinal) {
      if (isExact) {
        return 0;
      }
      byte[] row = chunks[ordinal >>> shift];
      int at = start(ordinal) + dimension;
      return bounds.slack(
          queryReach * (float) FLOAT.get(row, at + ERROR),
          queryAddend + (float) FLOAT.get(row, at + ADDEND));
    }

    private float nearness(float sum, byte[] row, int at) {
      float factor = queryFactor * (float) FLOAT.get(row, at + FACTOR);
      float error = queryReach * (float) FLOAT.get(row, at + ERROR);
      return factor * sum + (queryAddend + (float) FLOAT.get(row, at + ADDEND)) + error;
    }
  }
}
