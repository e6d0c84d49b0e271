package org.edgevec.browser.bundle;

import org.jspecify.annotations.Nullable;

/**
 * Counts how many read and write locks are held, and refuses to let a coroutine suspend meanwhile:
 * others would run then, and find the lock free. {@code LocksAreWatched} has the compiler call it.
 *
 * <p>No coroutine runs beside another, and none suspends with a lock: so whatever is held is held
 * by the one that runs.
 */
public final class HeldLocks {

  private static int held;
  private static int takenInAll;
  private static int waitsInAll;
  private static @Nullable String violation;

  private HeldLocks() {}

  /** A lock is taken. */
  public static void taken() {
    held++;
    takenInAll++;
  }

  /** A lock is given back. */
  public static void givenBack() {
    held--;
  }

  /**
   * A coroutine is about to suspend.
   *
   * @throws AssertionError if it holds a lock. It is kept as well, since some catch whatever comes
   */
  public static void beforeWaiting() {
    waitsInAll++;
    if (held != 0) {
      AssertionError error = new AssertionError("A coroutine suspends with " + held + " locks.");
      violation = error.getMessage();
      throw error;
    }
  }

  /** What was wrong since this was called last, or null. */
  static @Nullable String takeViolation() {
    String found = violation;
    violation = null;
    return found;
  }

  /** How many locks were taken so far. */
  static int takenInAll() {
    return takenInAll;
  }

  /** How many times coroutines suspended so far. */
  static int waitsInAll() {
    return waitsInAll;
  }
}
