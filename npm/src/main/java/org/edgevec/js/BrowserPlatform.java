package org.edgevec.js;

import org.edgevec.Platform;
import org.edgevec.linear.LinearArena;
import org.edgevec.vector.VectorArena;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/**
 * The browser as a platform: its clock, its cryptographic randomness, tasks between tasks, and
 * SIMD.
 */
final class BrowserPlatform implements Platform {

  @Override
  public long currentTimeMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long randomLong() {
    return (long) random32() << 32 | (random32() & 0xffffffffL);
  }

  @JSBody(script = "return crypto.getRandomValues(new Int32Array(1))[0];")
  private static native int random32();

  @Override
  public boolean schedule(Runnable task, long delayMillis) {
    new Thread(() -> runLater(task, delayMillis)).start();
    return true;
  }

  /** Starting a thread is a turn of the event loop already; without a delay, one is enough. */
  private static void runLater(Runnable task, long delayMillis) {
    if (delayMillis > 0) {
      sleep(delayMillis);
    }
    task.run();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, the task is due now.
      Thread.currentThread().interrupt();
    }
  }

  /** Work as a function of JavaScript's. */
  @JSFunctor
  private interface Body extends JSObject {
    void run();
  }

  @Override
  public void runGuarded(Work work) {
    callThrough(work::run);
  }

  /** On its way through JavaScript a trap becomes an error, and on its way back an exception. */
  @JSBody(params = "body", script = "body();")
  private static native void callThrough(Body body);

  /** It would be two of a hundred KB of the download, for those who have gigabytes of vectors. */
  @Override
  public boolean makesRoomInPlace() {
    return false;
  }

  @Override
  public VectorArena.Factory vectors() {
    return LinearArena.factory();
  }
}
