package org.edgevec;

import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/** Makes arenas that have room for a number of vectors together, and no memory for more. */
public final class LimitedArenas implements VectorArena.Factory {

  private final int limit;
  private int reserved;
  private int failures;
  private boolean keepsRoom;

  public LimitedArenas(int limit) {
    this.limit = limit;
  }

  /** How often there was no memory. */
  public synchronized int failures() {
    return failures;
  }

  /** From now on nothing is given back: there is not even memory for the list of what stays. */
  public synchronized void keepRoom() {
    keepsRoom = true;
  }

  private synchronized void checkGiving() {
    if (keepsRoom) {
      failures++;
      throw new OutOfMemoryError("no memory to give something back");
    }
  }

  private synchronized void take(int more) {
    if (more > limit - reserved) {
      failures++;
      throw new OutOfMemoryError("no room for " + more + " more vectors of " + limit);
    }
    reserved += more;
  }

  @Override
  public VectorArena create(int dimension, Metric metric) {
    return new Arena(HeapArena.SCALAR.create(dimension, metric));
  }

  private final class Arena implements VectorArena {
    private final VectorArena inner;
    private int capacity;

    Arena(VectorArena inner) {
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
      return capacity;
    }

    @Override
    public void reserve(int count) {
      if (count > capacity) {
        take(count - capacity);
        capacity = count;
        inner.reserve(count);
      }
    }

    @Override
    public void shrink(int count) {
      if (count < capacity) {
        checkGiving();
        take(count - capacity);
        capacity = count;
        inner.shrink(count);
      }
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
      inner.copy(((Arena) source).inner, from, to);
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
    public boolean isEqual(int a, int b) {
      return inner.isEqual(a, b);
    }

    @Override
    public Scorer scorer() {
      return inner.scorer();
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
      take(-capacity);
      capacity = 0;
      inner.release();
    }
  }
}
