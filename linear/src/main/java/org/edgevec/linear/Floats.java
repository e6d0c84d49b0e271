package org.edgevec.linear;

import java.nio.ByteBuffer;
import org.teavm.interop.Address;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSBuffer;
import org.teavm.jso.JSBufferType;
import org.teavm.jso.typedarrays.Float32Array;

/**
 * Copies floats from typed arrays to Java arrays, which JavaScript cannot see, by way of a piece of
 * linear memory, which both can. TeaVM's own copying allocates such a piece at every call. One
 * coroutine at a time is inside, since nothing here waits.
 */
public final class Floats {

  private static final int WINDOW_FLOATS = 1 << 14;
  private static final ByteBuffer WINDOW = ByteBuffer.allocateDirect(Float.BYTES * WINDOW_FLOATS);
  private static final Address START = Address.fromInt(byteOffset(WINDOW));

  private Floats() {}

  @JSBody(params = "window", script = "return window.byteOffset;")
  private static native int byteOffset(@JSBuffer(JSBufferType.UINT8) ByteBuffer window);

  /** By bytes: the window need not begin at a multiple of four. */
  @JSBody(
      params = {"window", "source", "start", "count"},
      script =
          "window.set(new Uint8Array(source.buffer, source.byteOffset + 4 * start, 4 * count));")
  private static native void fill(
      @JSBuffer(JSBufferType.UINT8) ByteBuffer window, Float32Array source, int start, int count);

  /** The floats of a typed array as they are now. */
  public static float[] copyOf(Float32Array source) {
    float[] copy = new float[source.getLength()];
    for (int done = 0; done < copy.length; done += WINDOW_FLOATS) {
      int part = Math.min(WINDOW_FLOATS, copy.length - done);
      fill(WINDOW, source, done, part);
      Address from = START;
      for (int i = done, end = done + part; i < end; i++, from = from.add(Float.BYTES)) {
        copy[i] = from.getFloat();
      }
    }
    return copy;
  }
}
