package org.edgevec.simd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.edgevec.quant.CodeBounds;
import org.edgevec.quant.CodeLayout;
import org.edgevec.quant.CodeQuery;
import org.edgevec.quant.Codes;
import org.edgevec.vector.ChunkLayout;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.Vectors;

/** Codes in byte arrays, scored by {@link CodeKernel}. Queries stay floats. */
final class ArrayCodes implements Codes {

  /** Half a mebibyte with the array's header, as {@link HeapArena} has it. */
  private static final int CHUNK_BYTES = (1 << 19) - 32;

  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.nativeOrder());

  private final HeapArena vectors;
  private final int dimension;
  private final ChunkLayout layout;

  /** Volatile, so that who plans without a lock sees rows of a list that he sees. */
  private volatile byte[][] chunks = new byte[0][];

  ArrayCodes(HeapArena vectors) {
    this.vectors = vectors;
    this.dimension = vectors.dimension();
    this.layout = new ChunkLayout(dimension + CodeLayout.NUMBER_BYTES, CHUNK_BYTES);
  }

  @Override
  public int capacity() {
    return layout.capacity(chunks.length);
  }

  @Override
  public void reserve(int count) {
    if (count > capacity()) {
      chunks = layout.grown(chunks, count, byte[]::new);
    }
  }

  @Override
  public void shrink(int count) {
    int needed = layout.chunksFor(count);
    if (needed < chunks.length) {
      chunks = Arrays.copyOf(chunks, needed);
    }
  }

  private byte[] chunk(int ordinal) {
    return chunks[layout.chunk(ordinal)];
  }

  @Override
  public void copy(Codes source, int from, int to) {
    System.arraycopy(
        ((ArrayCodes) source).chunk(from),
        layout.start(from),
        chunk(to),
        layout.start(to),
        layout.stride());
  }

  @Override
  public float encode(int ordinal) {
    float[] vector = vectors.chunk(ordinal);
    int from = vectors.start(ordinal);
    byte[] row = chunk(ordinal);
    int to = layout.start(ordinal);
    float largest = CodeKernel.maxAbs(vector, from, dimension);
    float unit = largest / CodeLayout.MAX_CODE;
    float inverse = CodeLayout.isTelling(unit) ? 1 / unit : 0;
    for (int i = 0; i < dimension; i++) {
      row[to + i] =
          (byte) Float.floatToRawIntBits(vector[from + i] * inverse + CodeKernel.ROUNDING);
    }
    float lost = CodeKernel.squaredRounding(vector, from, dimension, inverse);
    FLOAT.set(row, to + dimension + CodeLayout.ERROR, lost);
    return largest;
  }

  @Override
  public float number(int ordinal, int which) {
    return (float) FLOAT.get(chunk(ordinal), layout.start(ordinal) + dimension + which);
  }

  @Override
  public void setNumbers(int ordinal, float factor, float addend, float error, float norm) {
    byte[] row = chunk(ordinal);
    int at = layout.start(ordinal) + dimension;
    FLOAT.set(row, at + CodeLayout.FACTOR, factor);
    FLOAT.set(row, at + CodeLayout.ADDEND, addend);
    FLOAT.set(row, at + CodeLayout.ERROR, error);
    FLOAT.set(row, at + CodeLayout.NORM, norm);
  }

  @Override
  public CodeQuery query(Scorer scorer) {
    return new FloatQuery();
  }

  /** To make codes of a query, too, was neither faster nor better. */
  private final class FloatQuery implements CodeQuery {
    private final byte[][] rows = new byte[4][];
    private final int[] starts = new int[4];
    private final float[] sums = new float[4];
    private float[] query = new float[0];
    private int queryStart;
    private boolean isNew;

    @Override
    public double set(float[] vector) {
      query = vector;
      queryStart = 0;
      isNew = true;
      return Vectors.norm(vector, 0, dimension);
    }

    @Override
    public double set(int ordinal) {
      query = vectors.chunk(ordinal);
      queryStart = vectors.start(ordinal);
      isNew = true;
      return number(ordinal, CodeLayout.NORM);
    }

    @Override
    public boolean prepare() {
      boolean wasNew = isNew;
      isNew = false;
      return wasNew;
    }

    @Override
    public float unit() {
      return 1;
    }

    @Override
    public double residual(CodeBounds bounds) {
      return 0;
    }

    /** Nothing is lost, so norms count for nothing. */
    @Override
    public void bounds(
        int[] ordinals,
        int count,
        float factor,
        float addend,
        float reach,
        float lost,
        float[] bounds) {
      byte[][] all = chunks;
      for (int i = 0; i < count; i += 4) {
        int last = Math.min(4, count - i) - 1;
        for (int j = 0; j < 4; j++) {
          int ordinal = ordinals[i + Math.min(j, last)];
          rows[j] = all[layout.chunk(ordinal)];
          starts[j] = layout.start(ordinal);
        }
        CodeKernel.dot4(query, queryStart, rows, starts, dimension, sums);
        for (int j = 0; j <= last; j++) {
          byte[] row = rows[j];
          int at = starts[j] + dimension;
          float rowFactor = (float) FLOAT.get(row, at + CodeLayout.FACTOR);
          float rowAddend = (float) FLOAT.get(row, at + CodeLayout.ADDEND);
          float error = (float) FLOAT.get(row, at + CodeLayout.ERROR);
          bounds[i + j] = factor * rowFactor * sums[j] + (addend + rowAddend) + reach * error;
        }
      }
    }
  }
}
