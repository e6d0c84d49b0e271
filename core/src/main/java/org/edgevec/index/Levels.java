package org.edgevec.index;

import org.edgevec.bytes.SplitMix64;

/**
 * The level of each ordinal: on each level one node in {@code m} is on the next, too. Integers
 * only, so that every platform comes to the same.
 */
final class Levels {

  private static final long SEED = 0x45646765566563L;

  private Levels() {}

  static int of(int ordinal, int m) {
    SplitMix64 random = new SplitMix64(SEED + ordinal);
    int level = 0;
    while (level < HnswGraph.MAX_LEVEL && (random.nextLong() >>> 32) * m < 1L << 32) {
      level++;
    }
    return level;
  }
}
