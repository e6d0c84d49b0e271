package org.edgevec;

import org.edgevec.bytes.SplitMix64;
import org.edgevec.vector.VectorArena;

/** The {@link Platform} of whoever brings none. */
final class InlinePlatform implements Platform {

  private final SplitMix64 random =
      new SplitMix64(
          Double.doubleToLongBits(Math.random())
              ^ System.nanoTime()
              ^ Long.rotateLeft(System.currentTimeMillis(), 32));

  private final VectorArena.Factory vectors;

  InlinePlatform(VectorArena.Factory vectors) {
    this.vectors = vectors;
  }

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

  @Override
  public VectorArena.Factory vectors() {
    return vectors;
  }
}
