package org.edgevec.bytes;

/**
 * The SplitMix64 generator: fast, seedable, and the same on every platform, which {@code
 * java.util.Random} is not.
 *
 * <p>Source: Guy L. Steele Jr., Doug Lea, Christine H. Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014. Not thread-safe; not for secrets.
 */
public final class SplitMix64 {

  private long state;

  /** A generator whose sequence depends on nothing but {@code seed}. */
  public SplitMix64(long seed) {
    state = seed;
  }

  /** The next 64 bits. */
  public long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A number in [0, bound), {@code bound} being at least 1. Bias is below bound / 2^31. */
  public int nextInt(int bound) {
    return (int) ((nextLong() >>> 33) * bound >>> 31);
  }

  /** A float in [0, 1). */
  public float nextFloat() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }
}
