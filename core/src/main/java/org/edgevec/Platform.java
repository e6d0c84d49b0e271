package org.edgevec;

import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;

/**
 * What a database needs from the place it runs in, apart from storage.
 *
 * <p>Core starts no thread and owns no source of chance; whoever opens a database says where these
 * come from. The JVM's and the browser's openers bring their own, and a test brings a fixed one.
 */
public interface Platform {

  /** Milliseconds since 1970. Only reported, never compared with: it may jump. */
  long currentTimeMillis();

  /** Nanoseconds since whenever; by their difference a slice of maintenance knows when to end. */
  default long nanoTime() {
    return System.nanoTime();
  }

  /** 64 random bits. Store ids and log epochs are made of them, so no two calls should agree. */
  long randomLong();

  /**
   * Runs {@code task} once, about {@code delayMillis} from now, never on the caller's stack. The
   * tasks of one platform do not overlap.
   *
   * @return false if there is no background to run it in; the database then does its maintenance
   *     inside the calls that make it due. An exception would leave it waiting for the task
   */
  boolean schedule(Runnable task, long delayMillis);

  /**
   * Is called by a task between two small steps: lets threads that callers wait for go first where
   * there are more of them than processors. Does not wait for anything.
   */
  default void yieldToCallers() {}

  /**
   * Is called before a search begins, and may let it wait until others have ended: more searches at
   * a time than there are processors end no sooner, and those that wait for a processor in the
   * middle would hold up every write. {@link #endSearch} follows in any case.
   */
  default void beginSearch() {}

  /** Is called when a search has ended. */
  default void endSearch() {}

  /** Work that never waits, and that TeaVM therefore compiles as plain code. */
  @FunctionalInterface
  interface Work {
    void run();
  }

  /**
   * Runs work and throws what ends it before its time. In the browser that takes something: the
   * failures that a JVM would find, such as an index out of range, stop WebAssembly without an
   * exception there.
   */
  default void runGuarded(Work work) {
    work.run();
  }

  /**
   * With how many threads the graph is linked.
   *
   * @param wanted as many as {@link Options#indexingThreads} asks for, or 0 if it leaves it open
   * @return 1 or more; 1 where {@link #runParallel} has no others
   */
  default int indexingThreads(int wanted) {
    return 1;
  }

  /**
   * Runs work that takes what is to be done piece by piece, until nothing is left: on the caller's
   * thread, and on others at the same time as far as they can be had. What was done before is seen
   * by all of them, and what they did by whoever the call returns to.
   *
   * @param threads how many at most run it, each once; with the caller's
   * @throws RuntimeException what one of them has thrown, when all have ended; likewise an error
   */
  default void runParallel(Work work, int threads) {
    work.run();
  }

  /**
   * Whether so much memory is likely to be had, beside what others need. Asked before something is
   * done that can also be done with little, by letting searches wait for it.
   */
  default boolean hasMemoryFor(long bytes) {
    return true;
  }

  /**
   * Whether dead entries are left behind in place where memory ends. A platform that is told of
   * that by no error, but ends, has no use for it, and its code need not be there.
   */
  default boolean makesRoomInPlace() {
    return true;
  }

  /** Where vectors lie, and how they are scored. */
  default VectorArena.Factory vectors() {
    return HeapArena.SCALAR;
  }

  /** A platform with the system's clock and chance, and no background. */
  static Platform inline() {
    return inline(HeapArena.SCALAR);
  }

  /** The same, with vectors elsewhere or scored in another way. */
  static Platform inline(VectorArena.Factory vectors) {
    return new InlinePlatform(vectors);
  }
}
