package org.edgevec;

import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * Makes arenas on which building a graph fails when told to; searching does not. What fails is the
 * scoring of some vectors, which linking and mending do many times. Copying can fail as well, which
 * leaving dead entries behind does.
 */
public final class FailingArenas implements VectorArena.Factory {

  private Runnable failure = () -> {};
  private int firstFailing = Integer.MAX_VALUE;
  private int failing;
  private int calls;
  private volatile Runnable onCopy = () -> {};

  /** Lets something happen before each vector that is copied, which may throw. */
  public void onCopy(Runnable happening) {
    onCopy = happening;
  }

  /**
   * Lets scoring fail.
   *
   * @param after how many times it goes well before, counted from now
   * @param count how many times it fails then
   * @param thrower throws what it fails with
   */
  public synchronized void fail(int after, int count, Runnable thrower) {
    failure = thrower;
    firstFailing = after;
    failing = count;
    calls = 0;
  }

  /** Lets it fail each time from now on. */
  public void failAlways(Runnable thrower) {
    fail(0, Integer.MAX_VALUE, thrower);
  }

  /** Lets it go well from now on. */
  public void heal() {
    fail(0, 0, () -> {});
  }

  /** How many times there was scoring since it was told last whether to fail. */
  public synchronized int calls() {
    return calls;
  }

  private synchronized void call() {
    int number = calls++;
    if (number >= firstFailing && number - firstFailing < failing) {
      failure.run();
    }
  }

  @Override
  public VectorArena create(int dimension, Metric metric) {
    return new Arena(HeapArena.SCALAR.create(dimension, metric));
  }

  /** Another arena, on which linking may fail. */
  private final class Arena implements VectorArena {
    private final VectorArena inner;

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
      onCopy.run();
      inner.copy(((Arena) source).inner, from, to);
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
    public boolean isEqual(int a, int b) {
      return inner.isEqual(a, b);
    }

    @Override
    public Scorer scorer() {
      return inner.scorer();
    }

    @Override
    public Scorer linker() {
      return new Linker(inner.linker());
    }

    @Override
    public VectorArena view() {
      return new Arena(inner.view());
    }

    @Override
    public void release() {
      inner.release();
    }
  }

  /** Another scorer, which may fail. */
  private final class Linker implements Scorer {
    private final Scorer inner;

    Linker(Scorer inner) {
      this.inner = inner;
    }

    @Override
    public void query(float[] vector) {
      inner.query(vector);
    }

    @Override
    public void query(int ordinal) {
      inner.query(ordinal);
    }

    @Override
    public float nearness(int ordinal) {
      return inner.nearness(ordinal);
    }

    @Override
    public void nearness(int[] ordinals, int count, float[] nearness) {
      call();
      inner.nearness(ordinals, count, nearness);
    }
  }
}
