package org.edgevec.index;

import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.vector.CodeBounds;
import org.edgevec.vector.Extremes;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.Vectors;

/** Byte codes as the arenas of the platforms have them, in the plainest way. */
public final class ByteCodedArena implements VectorArena {

  private static final int MAX_CODE = 127;

  private final HeapArena vectors;
  private final Extremes extremes;
  private final CodeBounds bounds;
  private byte[][] codes = new byte[0][];
  private float[][] numbers = new float[0][];

  /** An empty arena. */
  public ByteCodedArena(int dimension, Metric metric) {
    this.vectors = (HeapArena) HeapArena.SCALAR.create(dimension, metric);
    this.extremes = vectors.extremes();
    this.bounds = new CodeBounds(dimension, metric);
  }

  @Override
  public int dimension() {
    return vectors.dimension();
  }

  @Override
  public Metric metric() {
    return vectors.metric();
  }

  @Override
  public int capacity() {
    return Math.min(codes.length, vectors.capacity());
  }

  @Override
  public void reserve(int count) {
    vectors.reserve(count);
    if (count > codes.length) {
      int capacity = Math.max(count, 2 * codes.length);
      codes = Arrays.copyOf(codes, capacity);
      numbers = Arrays.copyOf(numbers, capacity);
    }
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
    ByteCodedArena other = (ByteCodedArena) source;
    vectors.copy(other.vectors, from, to);
    codes[to] = other.codes[from];
    numbers[to] = other.numbers[from];
  }

  @Override
  public double settle(int ordinal) {
    double norm = vectors.settle(ordinal);
    float[] vector = vectors.get(ordinal);
    float max = 0;
    for (float value : vector) {
      max = Math.max(max, Math.abs(value));
    }
    float unit = max / MAX_CODE;
    byte[] row = new byte[vector.length];
    float lost = 0;
    for (int i = 0; i < row.length && unit >= Float.MIN_NORMAL; i++) {
      float units = vector[i] / unit;
      row[i] = (byte) Math.round(units);
      lost += (units - row[i]) * (units - row[i]);
    }
    double residual = unit >= Float.MIN_NORMAL ? bounds.residual(unit, MAX_CODE, lost) : norm;
    codes[ordinal] = row;
    numbers[ordinal] =
        new float[] {bounds.factor(unit, norm), bounds.addend(norm), bounds.error(residual, norm)};
    return norm;
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
    return new Walker(scorer);
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

  private final class Walker implements Scorer {
    private final Scorer exact;
    private float[] query = new float[0];
    private double norm;

    Walker(Scorer exact) {
      this.exact = exact;
    }

    @Override
    public void query(float[] vector) {
      exact.query(vector);
      begin(vector);
    }

    @Override
    public void query(int ordinal) {
      exact.query(ordinal);
      begin(vectors.get(ordinal));
    }

    private void begin(float[] vector) {
      query = vector;
      norm = Vectors.norm(vector, 0, vector.length);
    }

    @Override
    public boolean isExact() {
      return !bounds.hold(norm, extremes);
    }

    @Override
    public float nearness(int ordinal) {
      if (isExact()) {
        return exact.nearness(ordinal);
      }
      float sum = 0;
      for (int i = 0; i < query.length; i++) {
        sum += query[i] * codes[ordinal][i];
      }
      float[] row = numbers[ordinal];
      float queryFactor = metric() == Metric.COSINE ? (float) (1 / norm) : 1;
      return queryFactor * row[0] * sum
          + (bounds.addend(norm) + row[1])
          + bounds.reach(norm) * row[2];
    }

    @Override
    public float slack(int ordinal) {
      float[] row = numbers[ordinal];
      return isExact()
          ? 0
          : bounds.slack(bounds.reach(norm) * row[2], bounds.addend(norm) + row[1]);
    }

    @Override
    public void nearness(int[] ordinals, int count, float[] nearness) {
      for (int i = 0; i < count; i++) {
        nearness[i] = nearness(ordinals[i]);
      }
    }
  }
}
