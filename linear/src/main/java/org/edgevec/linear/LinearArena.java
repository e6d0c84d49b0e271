package org.edgevec.linear;

import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.quant.CodedArena;
import org.edgevec.vector.Extremes;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.ScalarKernel;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.teavm.interop.Address;

/**
 * Vectors in linear memory, scored by SIMD.
 *
 * <p>Under cosine the inverse of a vector's norm follows it, in the cache line that scoring reads
 * last. Results are those of {@link ScalarKernel} to the last bit.
 */
public final class LinearArena implements VectorArena {

  private final int dimension;
  private final Metric metric;
  private final LinearChunks chunks;
  private final Extremes extremes;

  private LinearArena(int dimension, Metric metric, LinearChunks chunks, Extremes extremes) {
    this.dimension = dimension;
    this.metric = metric;
    this.chunks = chunks;
    this.extremes = extremes;
  }

  /** Makes arenas in linear memory, with codes; on the heap, where the processor has no SIMD. */
  public static Factory factory() {
    return Kernels.isThere() == 0 ? HeapArena.SCALAR : LinearArena::coded;
  }

  private static VectorArena coded(int dimension, Metric metric) {
    Scratch.allocate();
    int floats = metric == Metric.COSINE ? dimension + 1 : dimension;
    LinearChunks chunks = new LinearChunks(4 * floats, LinearCodes.rowBytes(dimension));
    Extremes extremes = new Extremes();
    LinearArena vectors = new LinearArena(dimension, metric, chunks, extremes);
    return new CodedArena(vectors, extremes, new LinearCodes(dimension, chunks));
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
    return chunks.capacity();
  }

  @Override
  public void reserve(int count) {
    chunks.reserve(count);
  }

  @Override
  public void shrink(int count) {
    chunks.shrink(count);
  }

  @Override
  public void release() {
    chunks.shrink(0);
  }

  /** Where a vector lies. */
  int address(int ordinal) {
    return chunks.vector(ordinal);
  }

  /** What was seen among its vectors. */
  Extremes extremes() {
    return extremes;
  }

  @Override
  public void read(int ordinal, int component, byte[] source, int offset, int count) {
    Address to = Address.fromInt(address(ordinal) + 4 * component);
    int at = offset;
    for (int end = offset + 4 * (count & ~1); at < end; at += 8, to = to.add(8)) {
      to.putLong(LittleEndian.getLong(source, at));
    }
    if ((count & 1) != 0) {
      to.putInt(LittleEndian.getInt(source, at));
    }
  }

  @Override
  public void write(int ordinal, int component, byte[] target, int offset, int count) {
    Address from = Address.fromInt(address(ordinal) + 4 * component);
    int at = offset;
    for (int end = offset + 4 * (count & ~1); at < end; at += 8, from = from.add(8)) {
      LittleEndian.putLong(target, at, from.getLong());
    }
    if ((count & 1) != 0) {
      LittleEndian.putInt(target, at, from.getInt());
    }
  }

  @Override
  public void copy(VectorArena source, int from, int to) {
    LinearArena other = (LinearArena) source;
    chunks.copyVector(other.chunks, from, to);
    extremes.note(other.extremes);
  }

  @Override
  public double settle(int ordinal) {
    int address = address(ordinal);
    double norm = Kernels.norm(address, dimension);
    if (metric == Metric.COSINE) {
      Address.fromInt(address + 4 * dimension).putFloat((float) (1 / norm));
    }
    extremes.note(norm, metric != Metric.COSINE && Kernels.hasTiny(address, dimension) != 0);
    return norm;
  }

  @Override
  public float[] get(int ordinal) {
    float[] copy = new float[dimension];
    Address from = Address.fromInt(address(ordinal));
    for (int i = 0; i < dimension; i++, from = from.add(4)) {
      copy[i] = from.getFloat();
    }
    return copy;
  }

  @Override
  public boolean isEqual(int ordinal, float[] vector) {
    Address from = Address.fromInt(address(ordinal));
    for (int i = 0; i < dimension; i++, from = from.add(4)) {
      if (from.getInt() != Float.floatToRawIntBits(vector[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Scorer scorer() {
    return new LinearScorer(this, false);
  }

  @Override
  public Scorer linker() {
    return new LinearScorer(this, true);
  }

  /** Chunks never move, and there is one thread. */
  @Override
  public VectorArena view() {
    return this;
  }
}
