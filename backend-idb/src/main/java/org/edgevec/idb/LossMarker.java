package org.edgevec.idb;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;

/**
 * Remembers outside IndexedDB that a database exists, to tell one that the browser lost from one
 * that never was: both open as new.
 *
 * <p>It is an entry in Cache storage, the one other store that workers reach, too. A user who
 * clears a site's data clears both, and eviction takes both: then there is nothing to tell. Where
 * the page has no Cache storage (it is not served securely, or the browser blocks it), a loss goes
 * unnoticed; that is no reason to refuse the database, so failures here are "not marked".
 *
 * <p>Beside the marker lies a reserve of 1 MiB, given back when the quota is full and something is
 * to be deleted, opened or closed. It lies here because a browser counts what is deleted in Cache
 * storage as free at once, and in IndexedDB only when it comes round to clearing up.
 */
final class LossMarker {

  /** So long an answer is waited for; where none comes, it is as if there were no Cache storage. */
  private static final int PATIENCE_MILLIS = 5_000;

  private LossMarker() {}

  /** Gives back the room that is kept for a full quota. */
  static void releaseReserve(String name) {
    attempt(release(name));
  }

  /** Whether a database of that name was marked. */
  static boolean isMarked(String name) {
    return attempt(find(name));
  }

  /** Marks a database that is durable. */
  static void mark(String name) {
    attempt(put(name));
  }

  /** Marks a database in the background. */
  static void markSoon(String name) {
    ignore(put(name));
  }

  /** Forgets a database that is about to be deleted. */
  static void unmark(String name) {
    attempt(remove(name));
  }

  private static boolean attempt(JSObject promise) {
    try {
      return Promises.await(bounded(promise, PATIENCE_MILLIS)) != null;
    } catch (JsFailure e) {
      // No Cache storage: see above.
      return false;
    }
  }

  @JSBody(
      params = {"promise", "millis"},
      script = "promises.bounded")
  private static native JSObject bounded(JSObject promise, int millis);

  @JSBody(params = "promise", script = "promise.catch(function() {});")
  private static native void ignore(JSObject promise);

  @JSBody(params = "name", script = "marker.findMarker")
  private static native JSObject find(String name);

  @JSBody(params = "name", script = "marker.putMarker")
  private static native JSObject put(String name);

  @JSBody(params = "name", script = "marker.deleteReserve")
  private static native JSObject release(String name);

  @JSBody(params = "name", script = "marker.removeMarker")
  private static native JSObject remove(String name);
}
