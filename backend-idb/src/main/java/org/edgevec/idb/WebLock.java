package org.edgevec.idb;

import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLockedException;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;

/**
 * An exclusive Web Lock: held by one tab or worker of the origin at a time, and released by the
 * browser when that one ends, however it ends, and by the module's loader when the module does. Who
 * waits for it gets it in the order of asking.
 */
final class WebLock {

  /** So long a browser that does not say whether the lock is free is waited for. */
  private static final int PATIENCE_MILLIS = 60_000;

  private final JSObject handle;

  private WebLock(JSObject handle) {
    this.handle = handle;
  }

  /**
   * Takes the lock.
   *
   * @param waitMillis how long whoever holds it is waited for; 0 or more
   * @param lost is told if somebody takes it by force while it is held
   * @throws StorageLockedException if somebody else held it for all that time
   */
  static WebLock acquire(String name, int waitMillis, IdbConnection.Lost lost) {
    JSObject handle;
    try {
      handle = Promises.await(request(name, waitMillis, PATIENCE_MILLIS, lost));
    } catch (JsFailure e) {
      throw new StorageIOException(
          "The browser refused the lock of " + name + " (" + e.getMessage() + ")", e);
    }
    if (handle == null) {
      throw new StorageLockedException(
          name
              + " is open in another tab, window or worker, or on this page, and was not closed"
              + " within "
              + waitMillis
              + " ms; close it there first");
    }
    return new WebLock(handle);
  }

  /** Gives the lock back, and returns when the next request can have it. */
  void release() {
    try {
      Promises.await(release(handle));
    } catch (JsFailure e) {
      throw new AssertionError("that promise is never rejected", e);
    }
  }

  /**
   * Resolves to a handle with the lock held, or to null if it was not to be had. While it waits,
   * {@code held} has the handle with a method {@code abort}, so that a module that ends leaves no
   * request behind that the browser would grant it later.
   */
  @JSBody(
      params = {"name", "waitMillis", "patienceMillis", "lost"},
      script = "lock.requestLock")
  private static native JSObject request(
      String name, int waitMillis, int patienceMillis, IdbConnection.Lost lost);

  @JSBody(params = "handle", script = "lock.releaseLock")
  private static native JSObject release(@Nullable JSObject handle);
}
