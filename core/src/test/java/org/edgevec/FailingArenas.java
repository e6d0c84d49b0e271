package org.edgevec;

import org.edgevec.vector.ForwardingArena;
import org.edgevec.vector.ForwardingScorer;
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
  private final class Arena extends ForwardingArena {

    Arena(VectorArena inner) {
      super(inner);
    }

    @Override
    public void copy(VectorArena source, int from, int to) {
      onCopy.run();
      super.copy(source, from, to);
    }

    @Override
    public Scorer linker() {
      return new Linker(inner.linker());
    }

    @Override
    public VectorArena view() {
      return new Arena(inner.view());
    }
  }

  /** Another scorer, which may fail. */
  private final class Linker extends ForwardingScorer {

    Linker(Scorer inner) {
      super(inner);
    }

    @Override
    public void nearness(int[] ordinals, int count, float[] nearness) {
      call();
      super.nearness(ordinals, count, nearness);
    }
  }
}
