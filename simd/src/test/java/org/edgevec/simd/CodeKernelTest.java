package org.edgevec.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import org.edgevec.bytes.SplitMix64;
import org.junit.jupiter.api.Test;

final class CodeKernelTest {

  private final SplitMix64 random = new SplitMix64(11);

  @Test
  void innerProductsAreThoseOfDoublesAtEveryLength() {
    assumeTrue(CodeKernel.IS_AVAILABLE, "this processor has no vectors of 256 bits");
    for (int count = 1; count <= 67; count++) {
      check(count);
    }
    for (int count : new int[] {101, 127, 257, 1021, 2053, 4093, 4096}) {
      check(count);
    }
  }

  @Test
  void theLargestAbsoluteValueIsFoundWhereverItIs() {
    for (int count = 1; count <= 67; count++) {
      for (int at = 0; at < count; at++) {
        float[] vector = new float[count + 5];
        Arrays.fill(vector, -0.5f);
        vector[2] = 7;
        vector[3 + at] = at % 2 == 0 ? 2 : -2;
        assertThat(CodeKernel.maxAbs(vector, 3, count)).isEqualTo(2);
        vector[3 + at] = Float.NaN;
        assertThat(CodeKernel.maxAbs(vector, 3, count)).isNaN();
      }
    }
  }

  private void check(int count) {
    float[] query = new float[count + 3];
    for (int i = 0; i < query.length; i++) {
      query[i] = (random.nextLong() >>> 40) / (float) (1 << 23) - 1;
    }
    byte[][] rows = new byte[4][];
    int[] starts = new int[4];
    for (int j = 0; j < 4; j++) {
      starts[j] = 5 * j;
      rows[j] = new byte[starts[j] + count];
      for (int i = 0; i < rows[j].length; i++) {
        rows[j][i] = (byte) (random.nextLong() % 128);
      }
    }
    float[] out = new float[4];
    CodeKernel.dot4(query, 3, rows, starts, count, out);
    for (int j = 0; j < 4; j++) {
      double expected = 0;
      double size = 0;
      for (int i = 0; i < count; i++) {
        double product = (double) query[3 + i] * rows[j][starts[j] + i];
        expected += product;
        size += Math.abs(product);
      }
      assertThat(Math.abs(out[j] - expected)).as("of " + count).isLessThanOrEqualTo(1e-6 * size);
    }
  }
}
