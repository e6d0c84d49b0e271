package org.teavm.classlib.java.util.concurrent.locks;

/**
 * {@code java.util.concurrent.locks.ReentrantReadWriteLock} for TeaVM, which lacks it.
 *
 * <p>It does nothing, because it has nothing to do: a browser's threads are coroutines, which yield
 * only where they wait, and core holds this lock for work in memory only. Whoever held it across a
 * wait would break that. Tests watch that nobody does: {@code LocksAreWatched} of {@code
 * tests-browser} has the methods here and each wait counted in the bundle of tests.
 */
public class TReentrantReadWriteLock {

  private final ReadLock readLock = new ReadLock();
  private final WriteLock writeLock = new WriteLock();

  public ReadLock readLock() {
    return readLock;
  }

  public WriteLock writeLock() {
    return writeLock;
  }

  /** Does nothing. */
  public static class ReadLock {
    public void lock() {}

    public void unlock() {}
  }

  /** Does nothing. */
  public static class WriteLock {
    public void lock() {}

    public void unlock() {}
  }
}
