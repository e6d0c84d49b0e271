package org.edgevec.bytes;

import java.util.zip.CRC32C;

/**
 * CRC32C over pieces, as every file uses it. The JDK's class on the JVM; the browser build supplies
 * a class of the same name. Not thread-safe.
 */
public final class Checksum {

  private final CRC32C crc = new CRC32C();
  private final byte[] word = new byte[4];

  /** Starts anew. */
  public Checksum reset() {
    crc.reset();
    return this;
  }

  /** Adds a number as four bytes, little-endian. */
  public Checksum u32(int value) {
    LittleEndian.putInt(word, 0, value);
    crc.update(word, 0, 4);
    return this;
  }

  /** Adds a range of bytes. */
  public Checksum bytes(byte[] source, int offset, int length) {
    crc.update(source, offset, length);
    return this;
  }

  /** The checksum of all since {@link #reset}, as an unsigned 32-bit number in an int. */
  public int value() {
    return (int) crc.getValue();
  }
}
