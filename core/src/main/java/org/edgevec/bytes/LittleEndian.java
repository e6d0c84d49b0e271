package org.edgevec.bytes;

/**
 * Numbers in byte arrays, least significant byte first.
 *
 * <p>Plain shifts: {@code VarHandle} is missing in TeaVM, and its {@code ByteBuffer} costs a call
 * for every element. The caller has checked the range.
 */
public final class LittleEndian {

  private LittleEndian() {}

  public static int getShort(byte[] a, int i) {
    return (a[i] & 0xff) | (a[i + 1] & 0xff) << 8;
  }

  public static int getInt(byte[] a, int i) {
    return (a[i] & 0xff) | (a[i + 1] & 0xff) << 8 | (a[i + 2] & 0xff) << 16 | a[i + 3] << 24;
  }

  public static long getLong(byte[] a, int i) {
    return (getInt(a, i) & 0xffffffffL) | (long) getInt(a, i + 4) << 32;
  }

  public static void putInt(byte[] a, int i, int value) {
    a[i] = (byte) value;
    a[i + 1] = (byte) (value >>> 8);
    a[i + 2] = (byte) (value >>> 16);
    a[i + 3] = (byte) (value >>> 24);
  }

  public static void putLong(byte[] a, int i, long value) {
    putInt(a, i, (int) value);
    putInt(a, i + 4, (int) (value >>> 32));
  }

  public static void getFloats(byte[] source, int offset, float[] target, int start, int count) {
    for (int i = 0, at = offset; i < count; i++, at += 4) {
      target[start + i] = Float.intBitsToFloat(getInt(source, at));
    }
  }

  public static void putFloats(float[] source, int start, byte[] target, int offset, int count) {
    for (int i = 0, at = offset; i < count; i++, at += 4) {
      putInt(target, at, Float.floatToRawIntBits(source[start + i]));
    }
  }

  public static void getInts(byte[] source, int offset, int[] target, int start, int count) {
    for (int i = 0, at = offset; i < count; i++, at += 4) {
      target[start + i] = getInt(source, at);
    }
  }

  public static void putInts(int[] source, int start, byte[] target, int offset, int count) {
    for (int i = 0, at = offset; i < count; i++, at += 4) {
      putInt(target, at, source[start + i]);
    }
  }
}
