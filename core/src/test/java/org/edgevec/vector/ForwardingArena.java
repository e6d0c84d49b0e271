package org.edgevec.vector;

import org.edgevec.Metric;

/** Passes everything on; a test overrides what it wants to see, break or hold up. */
public abstract class ForwardingArena implements VectorArena {

  /** Where everything goes. */
  protected final VectorArena inner;

  protected ForwardingArena(VectorArena inner) {
    this.inner = inner;
  }

  @Override
  public int dimension() {
    return inner.dimension();
  }

  @Override
  public Metric metric() {
    return inner.metric();
  }

  @Override
  public int capacity() {
    return inner.capacity();
  }

  @Override
  public void reserve(int count) {
    inner.reserve(count);
  }

  @Override
  public void read(int ordinal, int component, byte[] source, int offset, int count) {
    inner.read(ordinal, component, source, offset, count);
  }

  @Override
  public void write(int ordinal, int component, byte[] target, int offset, int count) {
    inner.write(ordinal, component, target, offset, count);
  }

  @Override
  public void copy(VectorArena source, int from, int to) {
    inner.copy(((ForwardingArena) source).inner, from, to);
  }

  @Override
  public void move(int from, int to) {
    inner.move(from, to);
  }

  @Override
  public void shrink(int count) {
    inner.shrink(count);
  }

  @Override
  public double settle(int ordinal) {
    return inner.settle(ordinal);
  }

  @Override
  public float[] get(int ordinal) {
    return inner.get(ordinal);
  }

  @Override
  public boolean isEqual(int ordinal, float[] vector) {
    return inner.isEqual(ordinal, vector);
  }

  @Override
  public Scorer scorer() {
    return inner.scorer();
  }

  @Override
  public Scorer walker(Scorer scorer) {
    return inner.walker(scorer);
  }

  @Override
  public Scorer linker() {
    return inner.linker();
  }

  @Override
  public VectorArena view() {
    return inner.view();
  }

  @Override
  public void release() {
    inner.release();
  }
}
