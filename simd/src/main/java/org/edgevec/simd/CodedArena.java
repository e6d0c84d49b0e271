package org.edgevec.simd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.vector.CodeCheck;
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
 * <p>A <em>row</em> holds the codes of a vector and behind them two floats that make a nearness of
 * an inner product of codes: {@code factor} and {@code addend}.
 *
 * <p>Codes that are too coarse for the data would lead a walk astray: those of vectors with one
 * component far larger than all others, or all far from the origin and near each other. So from
 * time to time as there are more (see {@link CodeCheck}), a sample is scored both ways, and unless
 * the codes err by far less than the nearest neighbors differ, walks use the vectors themselves.
 */
final class CodedArena implements VectorArena {

  /** The largest code; the least is its negative. */
  private static final int MAX_CODE = 127;

  private static final int CHUNK_BYTES = 1 << 20;

  /**
   * Added to a small number, leaves it rounded in the lowest bits; a cast takes five times longer.
   */
  private static final float ROUNDING = 3 << 22;

  private static final int FACTOR = 0;
  private static final int ADDEND = Float.BYTES;
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.nativeOrder());

  private final HeapArena vectors;
  private final int dimension;
  private final Metric metric;
  private final int stride;
  private final int shift;

  /** Volatile, so that who plans without a lock sees rows of a list that he sees. */
  private volatile byte[][] chunks = new byte[0][];

  private volatile boolean areCodesGood;

  CodedArena(HeapArena vectors) {
    this.vectors = vectors;
    this.dimension = vectors.dimension();
    this.metric = vectors.metric();
    this.stride = dimension + 2 * Float.BYTES;
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
  public void reserve(int count) {
    vectors.reserve(count);
    int needed = (int) (((long) count + (1 << shift) - 1) >>> shift);
    if (needed > chunks.length) {
      byte[][] grown = Arrays.copyOf(chunks, needed);
      for (int i = chunks.length; i < needed; i++) {
        grown[i] = new byte[stride << shift];
      }
      chunks = grown;
    }
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
    checkCodes(to + 1);
  }

  @Override
  public double settle(int ordinal) {
    double norm = vectors.settle(ordinal);
    byte[] row = chunks[ordinal >>> shift];
    int start = start(ordinal);
    float unit = encode(vectors.chunk(ordinal), vectors.start(ordinal), row, start);
    FLOAT.set(row, start + dimension + FACTOR, factor(unit, norm));
    FLOAT.set(row, start + dimension + ADDEND, addend(norm));
    checkCodes(ordinal + 1);
    return norm;
  }

  /** Makes codes, and tells what one of them stands for. */
  private float encode(float[] vector, int from, byte[] codes, int to) {
    float unit = CodeKernel.maxAbs(vector, from, dimension) / MAX_CODE;
    // Codes of what is not finite or nearly nothing say nothing, and the check finds that out.
    boolean isUsual = unit >= Float.MIN_NORMAL && unit < Float.POSITIVE_INFINITY;
    float inverse = isUsual ? 1 / unit : 0;
    for (int i = 0; i < dimension; i++) {
      codes[to + i] = (byte) Float.floatToRawIntBits(vector[from + i] * inverse + ROUNDING);
    }
    return unit;
  }

  /** What an inner product with codes is to be multiplied by. */
  private float factor(float unit, double norm) {
    return switch (metric) {
      case L2 -> 2 * unit;
      case DOT -> unit;
      case COSINE -> (float) (unit / norm);
    };
  }

  /** What is to be added on each side: of a squared distance, the square of a norm. */
  private float addend(double norm) {
    return metric == Metric.L2 ? (float) (-norm * norm) : 0;
  }

  @Override
  public float[] get(int ordinal) {
    return vectors.get(ordinal);
  }

  @Override
  public Scorer scorer() {
    return vectors.scorer();
  }

  @Override
  public Scorer walker(Scorer scorer) {
    return new CodeScorer(scorer, false);
  }

  @Override
  public Scorer linker() {
    return walker(vectors.linker());
  }

  @Override
  public VectorArena view() {
    return vectors.view();
  }

  @Override
  public void release() {
    vectors.release();
  }

  private void checkCodes(int count) {
    if (vectors.isExtreme()) {
      areCodesGood = false;
    } else if (CodeCheck.isDue(count)) {
      areCodesGood = new CodeCheck(scorer(), new CodeScorer(scorer(), true), count).passes();
    }
  }

  /** Scores codes while they are good, and vectors otherwise. */
  private final class CodeScorer implements Scorer {
    private final Scorer exact;
    private final boolean isCheck;
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

    /**
     * @param isCheck whether to score codes in any case, to find out whether they are good
     */
    CodeScorer(Scorer exact, boolean isCheck) {
      this.exact = exact;
      this.isCheck = isCheck;
    }

    @Override
    public boolean isExact() {
      return isExact;
    }

    @Override
    public void query(float[] vector) {
      exact.query(vector);
      isExact = !isCheck && !areCodesGood;
      if (isExact) {
        return;
      }
      double norm = Vectors.norm(vector, 0, dimension);
      query = vector;
      queryStart = 0;
      queryFactor = metric == Metric.COSINE ? (float) (1 / norm) : 1;
      queryAddend = addend(norm);
    }

    @Override
    public void query(int ordinal) {
      isExact = !isCheck && !areCodesGood;
      if (isExact) {
        exact.query(ordinal);
        return;
      }
      query = vectors.chunk(ordinal);
      queryStart = vectors.start(ordinal);
      queryFactor = metric == Metric.COSINE ? query[queryStart + dimension] : 1;
      queryAddend =
          (float) FLOAT.get(chunks[ordinal >>> shift], start(ordinal) + dimension + ADDEND);
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

    private float nearness(float sum, byte[] row, int at) {
      float factor = queryFactor * (float) FLOAT.get(row, at + FACTOR);
      return factor * sum + (queryAddend + (float) FLOAT.get(row, at + ADDEND));
    }
  }
}
