package org.edgevec.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.bytes.Utf8;
import org.junit.jupiter.api.Test;

/** Numbers are compared by value and strings by their bytes, exactly. */
class ScalarsTest {

  private static final Object[] NUMBERS = {
    0L,
    1L,
    -1L,
    (1L << 53) - 1,
    1L << 53,
    (1L << 53) + 1,
    -(1L << 53) - 1,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 1,
    Long.MAX_VALUE - 1023,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    0.0,
    -0.0,
    0.5,
    -0.5,
    1.0,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    0x1p53,
    -0x1p53,
    0x1p53 + 2,
    0x1p63,
    -0x1p63,
    Math.nextDown(0x1p63),
    Math.nextDown(-0x1p63),
    Double.MAX_VALUE,
    -Double.MAX_VALUE
  };

  private static void check(Object a, Object b) {
    int expected = new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
    assertThat(Scalars.compare(a, b)).as(a + " and " + b).isEqualTo(expected);
    assertThat(ValuePredicate.In.one(b).accepts(a)).as(a + " = " + b).isEqualTo(expected == 0);
  }

  private static Object exact(Object number) {
    return number instanceof Double d ? new BigDecimal(d) : number;
  }

  @Test
  void numbersCompareByValue() {
    for (Object a : NUMBERS) {
      for (Object b : NUMBERS) {
        int expected =
            new BigDecimal(exact(a).toString()).compareTo(new BigDecimal(exact(b).toString()));
        assertThat(Scalars.compare(a, b)).as(a + " and " + b).isEqualTo(expected);
        assertThat(ValuePredicate.In.one(b).accepts(a)).as(a + " = " + b).isEqualTo(expected == 0);
      }
    }
  }

  @Test
  void randomNumbersCompareByValue() {
    SplitMix64 random = new SplitMix64(1);
    for (int i = 0; i < 20_000; i++) {
      long a = random.nextLong() >> random.nextInt(64);
      long near = a + random.nextInt(5) - 2;
      check(a, near);
      check(a, exactDouble((double) near));
      check(exactDouble(near + 0.5), a);
    }
  }

  /** Doubles whose text is exact. */
  private static Object exactDouble(double value) {
    return Math.abs(value) < 0x1p53 ? (Object) value : (Object) (long) value;
  }

  @Test
  void notANumberComparesToNothing() {
    for (Object number : NUMBERS) {
      assertThat(Scalars.compare(Double.NaN, number)).isEqualTo(Scalars.UNORDERED);
      assertThat(ValuePredicate.In.one(number).accepts(Double.NaN)).isFalse();
      assertThat(ValuePredicate.Range.below(number, true).accepts(Double.NaN)).isFalse();
      assertThat(ValuePredicate.Range.above(number, true).accepts(Double.NaN)).isFalse();
    }
    assertThat(ValuePredicate.Range.above(1, false).accepts(Double.POSITIVE_INFINITY)).isTrue();
    assertThat(ValuePredicate.Range.below(1, false).accepts(Double.NEGATIVE_INFINITY)).isTrue();
  }

  @Test
  void stringsCompareAsTheirBytesDo() {
    String[] parts = {
      "a", "b", "", "\u007f", "\u0080", "\ud7ff", "\ue000", "\uffff", "\ud83d\ude00"
    };
    SplitMix64 random = new SplitMix64(2);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder a = new StringBuilder();
      StringBuilder b = new StringBuilder();
      for (int j = 0; j < 3; j++) {
        a.append(parts[random.nextInt(parts.length)]);
        b.append(parts[random.nextInt(parts.length)]);
      }
      int expected = Arrays.compareUnsigned(Utf8.encode(a.toString()), Utf8.encode(b.toString()));
      assertThat(Scalars.compare(a.toString(), b.toString())).isEqualTo(Integer.signum(expected));
    }
  }
}
