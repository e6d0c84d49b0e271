package org.edgevec.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/**
 * The two ways in which JavaScript calls Java.
 *
 * <p>A call that may wait for storage runs in a TeaVM thread, a coroutine, and gives a promise. One
 * that never waits runs at once and gives {@code {value}} or {@code {failure}}; a coroutine would
 * cost a turn of the event loop. No exception crosses the border: JavaScript would see its message
 * and lose its type.
 */
final class Calls {

  private Calls() {}

  /** What a call does that may wait; null is {@code null} in JavaScript. */
  @FunctionalInterface
  interface Waiting {
    @Nullable JSObject run();
  }

  /**
   * What a call does that never waits. A type of its own, because TeaVM compiles all
   * implementations of a method as coroutines if one of them waits.
   */
  @FunctionalInterface
  interface Immediate {
    @Nullable JSObject get();
  }

  @JSFunctor
  private interface Settle extends JSObject {
    void accept(@Nullable JSObject value);
  }

  @JSFunctor
  private interface Start extends JSObject {
    void start(Settle resolve, Settle reject);
  }

  /** Runs a call that may wait; rejects with {@link Failures#of}. */
  static JSObject waiting(Waiting body) {
    return promise((resolve, reject) -> new Thread(() -> settle(body, resolve, reject)).start());
  }

  private static void settle(Waiting body, Settle resolve, Settle reject) {
    JSObject value;
    try {
      value = body.run();
    } catch (Throwable e) {
      reject.accept(Failures.of(e));
      return;
    }
    resolve.accept(value);
  }

  /** Runs a call that never waits. */
  static JSObject immediate(Immediate body) {
    try {
      return succeeded(body.get());
    } catch (Throwable e) {
      return failed(Failures.of(e));
    }
  }

  @JSBody(
      params = "start",
      script = "return new Promise(function(resolve, reject) { start(resolve, reject); });")
  private static native JSObject promise(Start start);

  @JSBody(params = "value", script = "return {value: value};")
  private static native JSObject succeeded(@Nullable JSObject value);

  @JSBody(params = "failure", script = "return {failure: failure};")
  private static native JSObject failed(JSObject failure);
}
