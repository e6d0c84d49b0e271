package org.edgevec.simd;

import org.edgevec.Metric;
import org.edgevec.bytes.SplitMix64;

/** A number made of the bits of many results of {@link VectorApiKernel}. */
final class KernelBits {

  private static final int COUNT = 401;

  private KernelBits() {}

  /** Prints it. */
  public static void main(String[] args) {
    System.out.println(of(new VectorApiKernel()));
  }

  /** Of pairs of every length up to {@value #COUNT}, one alone and four at a time. */
  static int of(VectorApiKernel kernel) {
    SplitMix64 random = new SplitMix64(17);
    float[] query = floats(random, COUNT);
    float[] row = floats(random, 5 * COUNT);
    float[][] rows = {row, row, row, row};
    int[] starts = {0, COUNT, 2 * COUNT, 3 * COUNT};
    float[] out = new float[4];
    int bits = 0;
    for (Metric metric : new Metric[] {Metric.L2, Metric.DOT}) {
      for (int count = 1; count <= COUNT; count += 7) {
        if (metric == Metric.L2) {
          kernel.squaredDistance4(query, 0, rows, starts, count, out, 0);
          bits = 31 * bits + bitsOf(kernel.squaredDistance(query, 0, row, 4 * COUNT, count));
        } else {
          kernel.dot4(query, 0, rows, starts, count, out, 0);
          bits = 31 * bits + bitsOf(kernel.dot(query, 0, row, 4 * COUNT, count));
        }
        for (float result : out) {
          bits = 31 * bits + bitsOf(result);
        }
      }
    }
    return bits;
  }

  private static int bitsOf(float value) {
    return Float.floatToRawIntBits(value);
  }

  private static float[] floats(SplitMix64 random, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (random.nextLong() >>> 40) / (float) (1 << 23) - 1;
    }
    return floats;
  }
}
