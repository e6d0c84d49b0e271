package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.bytes.SplitMix64;
import org.junit.jupiter.api.Test;

class TopKTest {

  @Test
  void keepsTheLargestInDescendingOrder() {
    SplitMix64 random = new SplitMix64(42);
    for (int k = 0; k < 40; k++) {
      TopK top = new TopK(k);
      long[] values = new long[100];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(3) == 0 && i > 0 ? values[i - 1] : random.nextLong();
        top.offer(values[i]);
      }
      Arrays.sort(values);
      long[] expected = new long[k];
      for (int i = 0; i < k; i++) {
        expected[i] = values[values.length - 1 - i];
      }
      assertThat(top.descending()).isEqualTo(expected);
    }
  }

  @Test
  void sortsFewAndManyInDescendingOrder() {
    SplitMix64 random = new SplitMix64(7);
    for (int length = 0; length < 150; length++) {
      long[] values = new long[length];
      Arrays.setAll(values, i -> random.nextInt(2) == 0 ? random.nextInt(5) : random.nextLong());
      long[] expected = values.clone();
      Arrays.sort(expected);
      TopK.sortDescending(values);
      for (int i = 0; i < length; i++) {
        assertThat(values[i]).isEqualTo(expected[length - 1 - i]);
      }
    }
  }

  @Test
  void packingKeepsTheOrderOfFloatsAndPrefersEarlierOrdinals() {
    float[] ascending = {
      Float.NEGATIVE_INFINITY,
      -Float.MAX_VALUE,
      -1,
      -Float.MIN_VALUE,
      0,
      Float.MIN_VALUE,
      1,
      Float.MAX_VALUE,
      Float.POSITIVE_INFINITY
    };
    for (int i = 1; i < ascending.length; i++) {
      assertThat(Candidate.pack(ascending[i], 5))
          .isGreaterThan(Candidate.pack(ascending[i - 1], 5))
          .isGreaterThan(Candidate.pack(ascending[i - 1], 0));
    }
    assertThat(Candidate.pack(1, 3)).isGreaterThan(Candidate.pack(1, 4));
    assertThat(Candidate.pack(1, 0)).isGreaterThan(Candidate.pack(1, Integer.MAX_VALUE));
  }

  @Test
  void unpackingGivesBackWhatWasPacked() {
    for (int ordinal : new int[] {0, 1, 63, Integer.MAX_VALUE}) {
      for (float nearness : new float[] {-2.5f, 0, 3e30f}) {
        long packed = Candidate.pack(nearness, ordinal);
        assertThat(Candidate.ordinal(packed)).isEqualTo(ordinal);
        assertThat(Candidate.score(packed, Metric.DOT)).isEqualTo(nearness);
        assertThat(Candidate.score(packed, Metric.L2)).isEqualTo(0 - nearness);
      }
    }
  }
}
