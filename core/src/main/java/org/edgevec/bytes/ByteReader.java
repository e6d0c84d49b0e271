package org.edgevec.bytes;

/**
 * Reads numbers, little-endian, from a range of an array, and never beyond it.
 *
 * <p>Every read checks what is left, because the array may hold anything: TeaVM does not check
 * array bounds. A read that does not fit throws {@link MalformedException}; whoever knows which
 * file the bytes came from turns that into corruption with a file and an offset. Not thread-safe.
 */
public final class ByteReader {

  private final byte[] array;
  private final int end;
  private int position;

  /** Reads {@code length} bytes of {@code array} from {@code offset} on. */
  public ByteReader(byte[] array, int offset, int length) {
    java.util.Objects.checkFromIndexSize(offset, length, array.length);
    this.array = array;
    this.position = offset;
    this.end = offset + length;
  }

  /** The array read from; for bulk access at {@link #position}. */
  public byte[] array() {
    return array;
  }

  /** Where in the array the next read begins. */
  public int position() {
    return position;
  }

  /** How many bytes are left. */
  public int remaining() {
    return end - position;
  }

  public int u8() {
    return array[take(1)] & 0xff;
  }

  public int u16() {
    return LittleEndian.getShort(array, take(2));
  }

  public int u32() {
    return LittleEndian.getInt(array, take(4));
  }

  public long u64() {
    return LittleEndian.getLong(array, take(8));
  }

  /** An unsigned 32-bit length or count, which must not be larger than {@code max}. */
  public int count(String what, int max) {
    int value = u32();
    if (value < 0 || value > max) {
      throw new MalformedException(what + " is " + (value & 0xffffffffL) + ", at most " + max);
    }
    return value;
  }

  /** The next {@code length} bytes, copied. */
  public byte[] bytes(int length) {
    int at = take(length);
    byte[] copy = new byte[length];
    System.arraycopy(array, at, copy, 0, length);
    return copy;
  }

  /** Passes over {@code length} bytes and returns where in the array they began. */
  public int take(int length) {
    if (length < 0 || length > end - position) {
      throw new MalformedException(length + " bytes expected, " + (end - position) + " left");
    }
    int at = position;
    position += length;
    return at;
  }

  /** Insists that everything was read. */
  public void expectEnd(String what) {
    if (position != end) {
      throw new MalformedException((end - position) + " bytes too many after " + what);
    }
  }
}
