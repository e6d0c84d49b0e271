package org.edgevec.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SplitMix64Test {

  /** The first numbers of the reference implementation for this seed. */
  @Test
  void theSequenceIsThatOfTheReference() {
    SplitMix64 random = new SplitMix64(1234567);
    assertThat(
            new String[] {
              Long.toUnsignedString(random.nextLong()),
              Long.toUnsignedString(random.nextLong()),
              Long.toUnsignedString(random.nextLong()),
              Long.toUnsignedString(random.nextLong()),
              Long.toUnsignedString(random.nextLong())
            })
        .containsExactly(
            "6457827717110365317",
            "3203168211198807973",
            "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821");
  }

  @Test
  void boundedNumbersAreTheHighBitsScaled() {
    SplitMix64 random = new SplitMix64(1234567);
    SplitMix64 same = new SplitMix64(1234567);
    int[] counts = new int[10];
    for (int i = 0; i < 10_000; i++) {
      int value = random.nextInt(10);
      assertThat(value).isEqualTo((int) ((same.nextLong() >>> 33) * 10 / (1L << 31)));
      counts[value]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(850, 1150);
    }
    assertThat(random.nextInt(1)).isZero();
    assertThat(random.nextInt(Integer.MAX_VALUE)).isNotNegative();
  }

  @Test
  void floatsFillZeroToOne() {
    SplitMix64 random = new SplitMix64(1);
    float lowest = 1;
    float highest = 0;
    for (int i = 0; i < 10_000; i++) {
      float value = random.nextFloat();
      assertThat(value).isGreaterThanOrEqualTo(0).isLessThan(1);
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
    assertThat(lowest).isLessThan(0.01f);
    assertThat(highest).isGreaterThan(0.99f);
  }
}
