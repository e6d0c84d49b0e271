package org.edgevec.shape;

import org.edgevec.bytes.SplitMix64;

/**
 * Numbers drawn at random, the same on every platform: there is nothing but additions and
 * multiplications of IEEE numbers in a fixed order. Logarithms and cosines differ in the last bit
 * between platforms.
 */
final class Chance {

  private static final int SQUARINGS = 10;

  private final SplitMix64 random;

  Chance(long seed) {
    random = new SplitMix64(seed);
  }

  /** A number in [0, bound). */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number in [0, 1). */
  float uniform() {
    return random.nextFloat();
  }

  /** A number of mean 0 and deviation 1; see {@link #normal(SplitMix64)}. */
  float normal() {
    return normal(random);
  }

  /** So many of them. */
  float[] normals(int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = normal();
    }
    return vector;
  }

  /** A positive number whose logarithm has mean 0 and that deviation, nearly. */
  double logNormal(double deviation) {
    double power = 1 + deviation * normal() / (1 << SQUARINGS);
    for (int i = 0; i < SQUARINGS; i++) {
      power *= power;
    }
    return power;
  }

  /** Puts them in another order. */
  void shuffle(float[][] vectors) {
    for (int i = vectors.length - 1; i > 0; i--) {
      int other = below(i + 1);
      float[] vector = vectors[i];
      vectors[i] = vectors[other];
      vectors[other] = vector;
    }
  }

  /**
   * A number of mean 0 and deviation 1, normally distributed but for the tails: the sum of twelve
   * uniform ones of 16 bits each.
   */
  static float normal(SplitMix64 random) {
    int sum = 0;
    for (int i = 0; i < 3; i++) {
      long bits = random.nextLong();
      sum +=
          (int) (bits & 0xFFFF)
              + (int) (bits >>> 16 & 0xFFFF)
              + (int) (bits >>> 32 & 0xFFFF)
              + (int) (bits >>> 48);
    }
    return (sum - 6 * 0xFFFF) * 0x1p-16f;
  }
}
