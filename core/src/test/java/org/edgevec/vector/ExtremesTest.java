package org.edgevec.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExtremesTest {

  private static final float LIMIT = 0x1p-39f;

  @Test
  void tinyIsWhatIsBelowTheLimitAndNotZero() {
    assertThat(Extremes.TINY_BITS).isEqualTo(Float.floatToRawIntBits(LIMIT));
    for (float tiny : new float[] {Float.MIN_VALUE, 1e-40f, 1e-20f, Math.nextDown(LIMIT)}) {
      assertThat(isTiny(tiny)).isTrue();
      assertThat(isTiny(-tiny)).isTrue();
    }
    for (float other : new float[] {0, LIMIT, 1, Float.MAX_VALUE}) {
      assertThat(isTiny(other)).isFalse();
      assertThat(isTiny(-other)).isFalse();
    }
  }

  /** Wherever it is in its range, and not beyond. */
  private static boolean isTiny(float value) {
    boolean is = Extremes.hasTiny(new float[] {1e-30f, value, 1e-30f}, 1, 1);
    for (int at = 1; at < 40; at++) {
      float[] vector = new float[41];
      vector[0] = 1e-30f;
      vector[40] = 1e-30f;
      vector[at] = value;
      assertThat(Extremes.hasTiny(vector, 1, 39)).isEqualTo(is);
    }
    return is;
  }

  @Test
  void aResultIsSoundIfNothingOverflowedOrVanished() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThat(Extremes.isSound(bad, false)).isFalse();
    }
    assertThat(Extremes.isSound(-Float.MAX_VALUE, true)).isTrue();
    assertThat(Extremes.isSound(0x1p-110f, true)).isTrue();
    assertThat(Extremes.isSound(-0x1p-111f, true)).isFalse();
    assertThat(Extremes.isSound(0, true)).isFalse();
    assertThat(Extremes.isSound(0, false)).isTrue();
  }

  @Test
  void anExtremeNormIsNoZero() {
    assertThat(Extremes.isExtreme(0)).isFalse();
    assertThat(Extremes.isExtreme(1e-11)).isTrue();
    assertThat(Extremes.isExtreme(1)).isFalse();
    assertThat(Extremes.isExtreme(2e18)).isTrue();
  }

  @Test
  void rootsAreInOrderWhereProductsAreNot() {
    double[] products = {-1e77, -1e40, -1, -1e-60, 0, 1e-60, 1e-50, 1, 1e39, 1e40, 1e77};
    for (int i = 1; i < products.length; i++) {
      assertThat(Extremes.root(products[i]))
          .isGreaterThan(Extremes.root(products[i - 1]))
          .isFinite();
    }
  }
}
