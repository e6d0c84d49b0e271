package org.edgevec.crash;

import java.util.Arrays;

/** A set of 64-bit hashes, in stripes so that threads seldom meet. Thread-safe. */
final class LongSet {

  private static final int STRIPES = 64;

  private final Stripe[] stripes = new Stripe[STRIPES];

  LongSet() {
    Arrays.setAll(stripes, i -> new Stripe());
  }

  /** Adds a value; false if it was there. */
  boolean add(long value) {
    return stripes[(int) (value >>> 58)].add(value);
  }

  /** Open addressing; 0 marks a free slot, so the value 0 itself is kept as 1. */
  private static final class Stripe {
    private long[] slots = new long[1 << 8];
    private int size;

    synchronized boolean add(long value) {
      long stored = value == 0 ? 1 : value;
      if (!insert(slots, stored)) {
        return false;
      }
      size++;
      if (size * 2 > slots.length) {
        grow();
      }
      return true;
    }

    private void grow() {
      long[] larger = new long[slots.length * 2];
      for (long slot : slots) {
        if (slot != 0) {
          insert(larger, slot);
        }
      }
      slots = larger;
    }

    private static boolean insert(long[] slots, long value) {
      int mask = slots.length - 1;
      int at = (int) (value ^ value >>> 29) & mask;
      while (slots[at] != 0) {
        if (slots[at] == value) {
          return false;
        }
        at = (at + 1) & mask;
      }
      slots[at] = value;
      return true;
    }
  }
}
