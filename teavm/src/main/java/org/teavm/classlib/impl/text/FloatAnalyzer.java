package org.teavm.classlib.impl.text;

import org.teavm.jso.JSBody;

/**
 * The digits of a float, the fewest that read back as the same number, found with JavaScript's
 * {@code toExponential}. Like {@link DoubleAnalyzer} it stands before TeaVM's class of this name:
 * the number is {@code mantissa / 10^8 * 10^exponent}.
 */
public final class FloatAnalyzer {

  public static final int PRECISION = 9;
  public static final int MAX_POS = 100_000_000;

  private FloatAnalyzer() {}

  /** Takes a finite number apart. */
  public static void analyze(float value, Result result) {
    result.sign = value < 0 || 1 / value < 0;
    double magnitude = Math.abs(value);
    result.exponent = magnitude == 0 ? 0 : exponent(magnitude);
    result.mantissa = mantissa(magnitude);
  }

  @JSBody(
      params = "value",
      script =
          "for (var digits = 0; Math.fround(+value.toExponential(digits)) !== value; digits++);"
              + "return Math.round(value.toExponential(digits).split('e')[0] * 1e8);")
  private static native int mantissa(double value);

  @JSBody(
      params = "value",
      script =
          "for (var digits = 0; Math.fround(+value.toExponential(digits)) !== value; digits++);"
              + "return +value.toExponential(digits).split('e')[1];")
  private static native int exponent(double value);

  /** A number's parts. */
  public static class Result {
    public int mantissa;
    public int exponent;
    public boolean sign;
  }
}
