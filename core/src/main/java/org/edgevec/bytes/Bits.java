package org.edgevec.bytes;

/** Sets of ordinals as bits in longs. */
public final class Bits {

  private Bits() {}

  /** How many longs hold {@code count} bits. */
  public static int words(int count) {
    return (int) (((long) count + 63) >>> 6);
  }

  public static boolean get(long[] bits, int index) {
    return (bits[index >>> 6] >>> index & 1) != 0;
  }

  public static void set(long[] bits, int index) {
    bits[index >>> 6] |= 1L << index;
  }

  public static void clear(long[] bits, int index) {
    bits[index >>> 6] &= ~(1L << index);
  }

  /** Those bits of the long at {@code word} that are below {@code count} in all. */
  public static long mask(int word, int count) {
    long left = count - 64L * word;
    return left >= 64 ? -1 : left <= 0 ? 0 : (1L << left) - 1;
  }

  /** Of the first {@code count} those that are not set. */
  public static long[] inverted(long[] bits, int count) {
    long[] inverted = new long[words(count)];
    for (int word = 0; word < inverted.length; word++) {
      inverted[word] = ~bits[word] & mask(word, count);
    }
    return inverted;
  }

  /** The bits in [from, to), moved to begin at 0. */
  public static long[] range(long[] bits, int from, int to) {
    long[] range = new long[words(to - from)];
    for (int i = from; i < to; i++) {
      if (get(bits, i)) {
        set(range, i - from);
      }
    }
    return range;
  }

  /** How many bits in [from, to) are set. */
  public static int count(long[] bits, int from, int to) {
    int count = 0;
    int index = from;
    while (index < to && (index & 63) != 0) {
      count += get(bits, index++) ? 1 : 0;
    }
    for (; index + 64 <= to; index += 64) {
      count += Long.bitCount(bits[index >>> 6]);
    }
    while (index < to) {
      count += get(bits, index++) ? 1 : 0;
    }
    return count;
  }
}
