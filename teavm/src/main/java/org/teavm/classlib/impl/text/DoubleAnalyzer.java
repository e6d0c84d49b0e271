package org.teavm.classlib.impl.text;

import org.teavm.jso.JSBody;

/**
 * The digits of a double, taken from JavaScript's {@code toExponential}, which gives the shortest
 * that read back as the same number.
 *
 * <p>It stands before TeaVM's class of this name, whose tables are a tenth of the whole download,
 * and keeps that one's interface for {@code StringBuilder}: the number is {@code mantissa / 10^17 *
 * 10^exponent}. See docs/decisions.md.
 */
public final class DoubleAnalyzer {

  public static final int DECIMAL_PRECISION = 18;
  public static final long DOUBLE_MAX_POS = 100_000_000_000_000_000L;

  private DoubleAnalyzer() {}

  /** Takes a finite number apart. */
  public static void analyze(double value, Result result) {
    result.sign = value < 0 || 1 / value < 0;
    result.exponent = 0;
    result.mantissa = 0;
    String text = toExponential(Math.abs(value));
    int e = text.indexOf('e');
    long unit = DOUBLE_MAX_POS;
    for (int i = 0; i < e; i++) {
      char c = text.charAt(i);
      if (c != '.') {
        result.mantissa += (c - '0') * unit;
        unit /= 10;
      }
    }
    if (result.mantissa != 0) {
      result.exponent = toInt(text.substring(e + 1));
    }
  }

  /** What {@code Double.toString} gives: see {@code ShortNumberTexts}. */
  @JSBody(
      params = "value",
      script =
          "var size = Math.abs(value), parts;"
              + "if (size < 1 / 0 && (size >= 1e7 || (size && size < 1e-3))) {"
              + "  parts = value.toExponential().replace('+', '').split('e');"
              + "  return parts[0] + (parts[0].includes('.') ? 'E' : '.0E') + parts[1];"
              + "}"
              + "return (Object.is(value, -0) ? '-0' : value) + (size % 1 ? '' : size < 1 / 0 ? '.0' : '');")
  public static native String text(double value);

  @JSBody(params = "value", script = "return value.toExponential().replace('+', '');")
  private static native String toExponential(double value);

  /** TeaVM's own way would cost as much as this class. */
  @JSBody(params = "text", script = "return +text;")
  private static native int toInt(String text);

  /** A number's parts. */
  public static class Result {
    public long mantissa;
    public int exponent;
    public boolean sign;
  }
}
