package org.edgevec.linear;

import java.nio.ByteBuffer;
import org.teavm.interop.Address;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSBuffer;
import org.teavm.jso.JSBufferType;
import org.teavm.jso.typedarrays.Uint8Array;

/** Copies bytes between typed arrays and Java arrays, in the manner of {@link Floats}. */
public final class Bytes {

  private static final int WINDOW_BYTES = 1 << 14;
  private static final ByteBuffer WINDOW = ByteBuffer.allocateDirect(WINDOW_BYTES);
  private static final Address START = Address.fromInt(byteOffset(WINDOW));

  private Bytes() {}

  @JSBody(params = "window", script = "return window.byteOffset;")
  private static native int byteOffset(@JSBuffer(JSBufferType.UINT8) ByteBuffer window);

  @JSBody(
      params = {"window", "source", "start", "end"},
      script = "window.set(source.subarray(start, end));")
  private static native void fill(
      @JSBuffer(JSBufferType.UINT8) ByteBuffer window, Uint8Array source, int start, int end);

  @JSBody(
      params = {"window", "count", "target", "start"},
      script = "target.set(window.subarray(0, count), start);")
  private static native void drain(
      @JSBuffer(JSBufferType.UINT8) ByteBuffer window, int count, Uint8Array target, int start);

  /** The bytes of a typed array as they are now. */
  public static byte[] copyOf(Uint8Array source) {
    byte[] copy = new byte[source.getLength()];
    for (int done = 0; done < copy.length; done += WINDOW_BYTES) {
      int end = Math.min(done + WINDOW_BYTES, copy.length);
      fill(WINDOW, source, done, end);
      Address from = START;
      for (int i = done; i < end; i++, from = from.add(1)) {
        copy[i] = from.getByte();
      }
    }
    return copy;
  }

  /** A typed array with a Java array's bytes. */
  public static Uint8Array toJs(byte[] source) {
    Uint8Array copy = new Uint8Array(source.length);
    for (int done = 0; done < source.length; done += WINDOW_BYTES) {
      int part = Math.min(WINDOW_BYTES, source.length - done);
      WINDOW.position(0);
      WINDOW.put(source, done, part);
      drain(WINDOW, part, copy, done);
    }
    return copy;
  }
}
