package org.edgevec;

import org.edgevec.vector.ForwardingArena;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;

/** Makes arenas that have room for a number of vectors together, and no memory for more. */
public final class LimitedArenas implements VectorArena.Factory {

  private final int limit;
  private int reserved;
  private int failures;
  private boolean keepsRoom;
  private Runnable beforeFailing = () -> {};

  public LimitedArenas(int limit) {
    this.limit = limit;
  }

  /** How often there was no memory. */
  public synchronized int failures() {
    return failures;
  }

  /** What happens, once, between the look for room and the failure. */
  public synchronized void beforeNextFailure(Runnable action) {
    beforeFailing = action;
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
      Runnable action = beforeFailing;
      beforeFailing = () -> {};
      action.run();
      throw new OutOfMemoryError("no room for " + more + " more vectors of " + limit);
    }
    reserved += more;
  }

  @Override
  public VectorArena create(int dimension, Metric metric) {
    return new Arena(HeapArena.SCALAR.create(dimension, metric));
  }

  private final class Arena extends ForwardingArena {
    private int capacity;

    Arena(VectorArena inner) {
      super(inner);
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
        super.reserve(count);
      }
    }

    @Override
    public void shrink(int count) {
      if (count < capacity) {
        checkGiving();
        take(count - capacity);
        capacity = count;
        super.shrink(count);
      }
    }

    @Override
    public void release() {
      take(-capacity);
      capacity = 0;
      super.release();
    }
  }
}
