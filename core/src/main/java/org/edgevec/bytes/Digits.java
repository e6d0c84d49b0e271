package org.edgevec.bytes;

/** Decimal digits of numbers. */
public final class Digits {

  /** So many digits tell all floats apart. */
  private static final int MAX_FLOAT_DIGITS = 9;

  /** The powers of ten that are doubles. */
  private static final double[] POWERS = new double[23];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = 10 * POWERS[i - 1];
    }
  }

  private Digits() {}

  /**
   * The double of the fewest decimal digits that is the float when rounded to one: 0.1 for 0.1f. A
   * whole number of at most nine digits times or by a power of ten that a double holds exactly is
   * rounded once, so it is the nearest to those digits. (Without {@code Double.parseDouble}, which
   * browsers' builds leave out.)
   */
  public static double ofFloat(float number) {
    if (number == 0 || !Float.isFinite(number)) {
      return number;
    }
    int magnitude = (int) Math.floor(Math.log10(Math.abs(number)));
    for (int digits = 1; digits <= MAX_FLOAT_DIGITS; digits++) {
      int power = digits - 1 - magnitude;
      if (Math.abs(power) >= POWERS.length) {
        continue;
      }
      double near =
          power < 0
              ? Math.rint(number / POWERS[-power]) * POWERS[-power]
              : Math.rint(number * POWERS[power]) / POWERS[power];
      if ((float) near == number) {
        return near;
      }
    }
    return number;
  }
}
