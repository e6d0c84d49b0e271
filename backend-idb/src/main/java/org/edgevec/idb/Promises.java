package org.edgevec.idb;

import org.jspecify.annotations.Nullable;
import org.teavm.interop.Async;
import org.teavm.interop.AsyncCallback;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/** Waiting for promises. */
final class Promises {

  private Promises() {}

  @JSFunctor
  private interface Resolved extends JSObject {
    void accept(@Nullable JSObject value);
  }

  @JSFunctor
  private interface Rejected extends JSObject {
    void accept(String name, String text);
  }

  /**
   * Sleeps until the promise settles, and returns what it was resolved with. Must run in a
   * coroutine, that is, in a TeaVM thread.
   *
   * @throws JsFailure if it was rejected
   */
  @Async
  static native @Nullable JSObject await(JSObject promise) throws JsFailure;

  @SuppressWarnings("UnusedMethod") // what TeaVM calls for the native method of that name
  private static void await(JSObject promise, AsyncCallback<@Nullable JSObject> callback) {
    settle(promise, callback::complete, (name, text) -> callback.error(new JsFailure(name, text)));
  }

  @JSBody(
      params = {"promise", "resolved", "rejected"},
      script =
          "promise.then("
              + "function(value) { resolved(value === undefined ? null : value); },"
              + "function(e) {"
              + "  rejected(String(e && e.name || 'Error'), String(e && e.message || e));"
              + "});")
  private static native void settle(JSObject promise, Resolved resolved, Rejected rejected);
}
