package org.edgevec.shape;

import org.edgevec.Metric;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * An arena whose graph is walked and linked by the vectors themselves, never by coarser copies of
 * them: what the other ways are compared with.
 */
public final class FloatArena implements VectorArena {

  private final VectorArena vectors;

  private FloatArena(VectorArena vectors) {
    this.vectors = vectors;
  }

  /** Arenas as another factory makes them, so walked. */
  public static Factory factory(Factory vectors) {
    return (dimension, metric) -> new FloatArena(vectors.create(dimension, metric));
  }

  @Override
  public Scorer walker(Scorer scorer) {
    return scorer;
  }

  @Override
  public Scorer linker() {
    return scorer();
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
    return vectors.capacity();
  }

  @Override
  public void reserve(int count) {
    vectors.reserve(count);
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
    vectors.copy(((FloatArena) source).vectors, from, to);
  }

  @Override
  public double settle(int ordinal) {
    return vectors.settle(ordinal);
  }

  @Override
  public float[] get(int ordinal) {
    return vectors.get(ordinal);
  }

  @Override
  public boolean isEqual(int a, int b) {
    return vectors.isEqual(a, b);
  }

  @Override
  public Scorer scorer() {
    return vectors.scorer();
  }

  @Override
  public VectorArena view() {
    return vectors.view();
  }

  @Override
  public void release() {
    vectors.release();
  }
}
