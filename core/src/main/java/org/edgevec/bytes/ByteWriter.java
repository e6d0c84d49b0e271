package org.edgevec.bytes;

import java.util.Arrays;

/**
 * A growing array of bytes that numbers are written to, little-endian. Not thread-safe.
 *
 * <p>The array is open to the package's users ({@link #array}) so that nothing is copied on its way
 * to storage.
 */
public final class ByteWriter {

  private byte[] array;
  private int size;

  public ByteWriter(int initialCapacity) {
    array = new byte[initialCapacity];
  }

  /** The bytes, of which the first {@link #size} are written. Valid until the next write. */
  public byte[] array() {
    return array;
  }

  /** How many bytes are written. */
  public int size() {
    return size;
  }

  /** Forgets what was written and keeps the array. */
  public void clear() {
    size = 0;
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(array, size);
  }

  public void u8(int value) {
    ensure(1);
    array[size++] = (byte) value;
  }

  public void u16(int value) {
    ensure(2);
    array[size] = (byte) value;
    array[size + 1] = (byte) (value >>> 8);
    size += 2;
  }

  public void u32(int value) {
    ensure(4);
    LittleEndian.putInt(array, size, value);
    size += 4;
  }

  public void u64(long value) {
    ensure(8);
    LittleEndian.putLong(array, size, value);
    size += 8;
  }

  public void bytes(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, array, size, length);
    size += length;
  }

  public void bytes(byte[] source) {
    bytes(source, 0, source.length);
  }

  public void floats(float[] source, int offset, int count) {
    ensure(4L * count);
    LittleEndian.putFloats(source, offset, array, size, count);
    size += 4 * count;
  }

  /** Overwrites four bytes that were written before. */
  public void setU32(int position, int value) {
    LittleEndian.putInt(array, position, value);
  }

  /** Makes room for so many more bytes. */
  public void reserve(int more) {
    ensure(more);
  }

  private void ensure(long more) {
    long needed = size + more;
    if (needed > array.length) {
      if (needed > Integer.MAX_VALUE - 16) {
        throw new OutOfMemoryError("a buffer of " + needed + " bytes was asked for");
      }
      array =
          Arrays.copyOf(
              array, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, 2L * array.length)));
    }
  }
}
