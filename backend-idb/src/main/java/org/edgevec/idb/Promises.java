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

  /** How a promise settled. */
  private record Outcome(@Nullable JSObject value, @Nullable JsFailure failure) {}

  /**
   * Sleeps until the promise settles, and returns what it was resolved with. Must run in a
   * coroutine, that is, in a TeaVM thread.
   *
   * <p>A rejection travels as a value: TeaVM 0.15 never forgets what was passed to {@link
   * AsyncCallback#error}, and would throw it again whenever the same thread waits for anything
   * later.
   *
   * @throws JsFailure if it was rejected
   */
  static @Nullable JSObject await(JSObject promise) throws JsFailure {
    Outcome outcome = settled(promise);
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
    return outcome.value();
  }

  @Async
  private static native Outcome settled(JSObject promise);

  @SuppressWarnings("UnusedMethod") // what TeaVM calls for the native method of that name
  private static void settled(JSObject promise, AsyncCallback<Outcome> callback) {
    settle(
        promise,
        value -> callback.complete(new Outcome(value, null)),
        (name, text) -> callback.complete(new Outcome(null, new JsFailure(name, text))));
  }

  @JSBody(
      params = {"promise", "resolved", "rejected"},
      script = "promises.settle")
  private static native void settle(JSObject promise, Resolved resolved, Rejected rejected);
}
