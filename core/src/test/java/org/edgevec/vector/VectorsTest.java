package org.edgevec.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.edgevec.bytes.SplitMix64;
import org.junit.jupiter.api.Test;

class VectorsTest {

  @Test
  void sumsAgreeWithDoublesAtEveryLength() {
    SplitMix64 random = new SplitMix64(7);
    for (int length = 1; length <= 67; length++) {
      float[] a = floats(random, length + 3);
      float[] b = floats(random, length + 5);
      double dot = 0;
      double distance = 0;
      double norm = 0;
      for (int i = 0; i < length; i++) {
        double x = a[3 + i];
        double y = b[5 + i];
        dot += x * y;
        distance += (x - y) * (x - y);
        norm += x * x;
      }
      assertThat((double) Vectors.dot(a, 3, b, 5, length)).isCloseTo(dot, within(1e-5));
      assertThat((double) Vectors.squaredDistance(a, 3, b, 5, length))
          .isCloseTo(distance, within(1e-5));
      assertThat(Vectors.norm(a, 3, length)).isCloseTo(Math.sqrt(norm), within(1e-12));
    }
  }

  private static float[] floats(SplitMix64 random, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = random.nextFloat() - 0.5f;
    }
    return floats;
  }

  @Test
  void normsOfExtremeVectorsAreExact() {
    float[] large = {Float.MAX_VALUE, Float.MAX_VALUE};
    assertThat(Vectors.norm(large, 0, 2)).isCloseTo(Float.MAX_VALUE * Math.sqrt(2), within(1e25));
    assertThat(Vectors.norm(new float[] {Float.MIN_VALUE}, 0, 1)).isEqualTo(Float.MIN_VALUE);
    assertThat(Vectors.isDirection(0)).isFalse();
    assertThat(Vectors.isDirection(1e-30)).isTrue();
    assertThat(Vectors.isDirection(1.1e30)).isFalse();
    assertThat(Vectors.isDirection(Double.NaN)).isFalse();
  }
}
