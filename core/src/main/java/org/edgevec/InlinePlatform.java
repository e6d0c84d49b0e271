package org.edgevec;

import org.edgevec.bytes.SplitMix64;

/** The {@link Platform} of whoever brings none. */
final class InlinePlatform implements Platform {

  private final SplitMix64 random =
      new SplitMix64(
          Double.doubleToLongBits(Math.random())
              ^ System.nanoTime()
              ^ Long.rotateLeft(System.currentTimeMillis(), 32));

  @Override
  public long currentTimeMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long randomLong() {
    return random.nextLong() ^ Double.doubleToLongBits(Math.random());
  }

  @Override
  public boolean schedule(Runnable task, long delayMillis) {
    return false;
  }
}
