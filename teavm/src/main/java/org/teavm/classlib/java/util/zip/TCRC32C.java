package org.teavm.classlib.java.util.zip;

/**
 * {@code java.util.zip.CRC32C} for TeaVM, which lacks it: the Castagnoli polynomial 0x1EDC6F41,
 * reflected, eight bytes at a time.
 *
 * <p>Source of the method: Kounavis and Berry, "Novel Table Lookup-Based Algorithms for
 * High-Performance CRC Generation", IEEE Transactions on Computers 57 (11), 2008. Not thread-safe.
 */
public class TCRC32C {

  private static final int POLYNOMIAL = 0x82F63B78;

  /**
   * Table {@code k} begins at {@code k * 256}: a byte's CRC when {@code k} zero bytes follow it.
   */
  private static final int[] TABLES = tables();

  private int state = -1;

  private static int[] tables() {
    int[] tables = new int[8 * 256];
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
      }
      tables[i] = crc;
    }
    for (int i = 256; i < tables.length; i++) {
      int before = tables[i - 256];
      tables[i] = before >>> 8 ^ tables[before & 0xff];
    }
    return tables;
  }

  /** Starts anew. */
  public void reset() {
    state = -1;
  }

  /** Adds a range of bytes. */
  public void update(byte[] bytes, int offset, int length) {
    if ((offset | length) < 0 || offset > bytes.length - length) {
      throw new ArrayIndexOutOfBoundsException();
    }
    int[] t = TABLES;
    int crc = state;
    int i = offset;
    int end = offset + length;
    for (int last = end - 8; i <= last; i += 8) {
      int low = crc ^ word(bytes, i);
      int high = word(bytes, i + 4);
      crc =
          t[0x700 | (low & 0xff)]
              ^ t[0x600 | (low >>> 8 & 0xff)]
              ^ t[0x500 | (low >>> 16 & 0xff)]
              ^ t[0x400 | low >>> 24]
              ^ t[0x300 | (high & 0xff)]
              ^ t[0x200 | (high >>> 8 & 0xff)]
              ^ t[0x100 | (high >>> 16 & 0xff)]
              ^ t[high >>> 24];
    }
    for (; i < end; i++) {
      crc = crc >>> 8 ^ t[(crc ^ bytes[i]) & 0xff];
    }
    state = crc;
  }

  private static int word(byte[] a, int i) {
    return (a[i] & 0xff) | (a[i + 1] & 0xff) << 8 | (a[i + 2] & 0xff) << 16 | a[i + 3] << 24;
  }

  /** The checksum of all bytes since the start, as an unsigned 32-bit number. */
  public long getValue() {
    return ~state & 0xffffffffL;
  }
}
