package org.edgevec.idb;

import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLockedException;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;

/**
 * An exclusive Web Lock: held by one tab or worker of the origin at a time, and released by the
 * browser when that one ends, however it ends, and by the module's loader when the module does.
 */
final class WebLock {

  /**
   * How long a request waits for a lock that is held. The lock of a page that is going away (a
   * reload, a terminated worker) is released a moment after its successor runs.
   */
  private static final int GRACE_MILLIS = 250;

  private final JSObject handle;

  private WebLock(JSObject handle) {
    this.handle = handle;
  }

  /**
   * Takes the lock.
   *
   * @throws StorageLockedException if somebody else holds it
   */
  static WebLock acquire(String name) {
    JSObject handle;
    try {
      handle = Promises.await(request(name, GRACE_MILLIS));
    } catch (JsFailure e) {
      throw new StorageIOException(
          "The browser refused the lock of " + name + " (" + e.getMessage() + ")", e);
    }
    if (handle == null) {
      throw new StorageLockedException(
          name
              + " is open in another tab, window or worker, or on this page; close it there first");
    }
    return new WebLock(handle);
  }

  /** Gives the lock back, and returns when the next request can have it. */
  void release() {
    try {
      Promises.await(release(handle));
    } catch (JsFailure e) {
      throw new StorageIOException("The lock could not be released (" + e.getMessage() + ")", e);
    }
  }

  /** Resolves to a handle with the lock held, or to null if it was not to be had. */
  @JSBody(
      params = {"name", "graceMillis"},
      script =
          "return new Promise(function(resolve, reject) {"
              + "  var handle = {}, abort = new AbortController(), timer = 0;"
              + "  function granted() {"
              + "    clearTimeout(timer);"
              + "    resolve(handle);"
              + "    return new Promise(function(release) {"
              + "      handle.close = release;"
              + "      held.add(handle);"
              + "    });"
              + "  }"
              + "  handle.done = navigator.locks.request(name, {ifAvailable: true}, function(lock) {"
              + "    return lock ? granted() : 'busy';"
              + "  }).then(function(result) {"
              + "    if (result !== 'busy') return;"
              + "    timer = setTimeout(function() { abort.abort(); }, graceMillis);"
              + "    return navigator.locks.request(name, {signal: abort.signal}, granted);"
              + "  });"
              + "  handle.done.catch(function(e) {"
              + "    if (e && e.name === 'AbortError') resolve(null); else reject(e);"
              + "  });"
              + "});")
  private static native JSObject request(String name, int graceMillis);

  @JSBody(params = "handle", script = "held.delete(handle); handle.close(); return handle.done;")
  private static native JSObject release(@Nullable JSObject handle);
}
