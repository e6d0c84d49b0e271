package org.edgevec.filter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.edgevec.InvalidInputException;
import org.edgevec.bytes.Digits;
import org.edgevec.bytes.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * The single values that filters compare with: {@code String}, {@code Long}, {@code Double}, {@code
 * Boolean} and {@code Instant}. Numbers compare by value, a {@code Long} with a {@code Double}
 * exactly; strings by code point, which is the order of their UTF-8 bytes; times by instant. All
 * else does not compare.
 */
public final class Scalars {

  /** The most values of a list. */
  public static final int MAX_VALUES = 10_000;

  /** What {@link #compare} says of values that have no order. */
  public static final int UNORDERED = 2;

  private static final double TWO_TO_63 = 0x1p63;

  private Scalars() {}

  /**
   * A value as filters have it.
   *
   * @throws InvalidInputException if it is null, of another type, not finite, or no valid Unicode
   */
  public static Object of(@Nullable Object value) {
    if (value instanceof String string) {
      return text(string);
    }
    if (value instanceof Long || value instanceof Boolean || value instanceof Instant) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Double number) {
      return finite(number);
    }
    if (value instanceof Float number) {
      // As in metadata: 0.1f is 0.1.
      return finite(Digits.ofFloat(number));
    }
    throw Refusals.refuse(
        "a value is "
            + Refusals.nameOf(value)
            + (value == null
                ? "; IS NULL looks for null"
                : "; use a string, a whole number, a double, a boolean or an Instant"));
  }

  private static Double finite(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw Refusals.refuse("a value is " + number + "; use a finite number");
    }
    return number;
  }

  /** A string, which must be valid Unicode: no other is ever stored. */
  static String text(String text) {
    if (Utf8.length(text) < 0) {
      throw Refusals.refuse("the text " + Refusals.quoted(text) + " holds half a surrogate pair");
    }
    return text;
  }

  /**
   * A copy of a collection's values.
   *
   * @throws InvalidInputException as in {@link #of}, or if there are more than {@link #MAX_VALUES}
   */
  public static List<Object> listOf(Collection<?> values) {
    List<Object> list = new ArrayList<>();
    try {
      for (Object value : values) {
        add(list, value);
      }
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw Refusals.unreadable("the list of values", e);
    }
    return Collections.unmodifiableList(list);
  }

  static void add(List<Object> list, @Nullable Object value) {
    if (list.size() == MAX_VALUES) {
      throw Refusals.refuse("a list has more than " + MAX_VALUES + " values");
    }
    list.add(of(value));
  }

  /** The value that all equal ones have in common, so that {@code equals} compares them. */
  static @Nullable Object canonical(@Nullable Object value) {
    if (value instanceof Double number) {
      double exact = number;
      // Compiled to JavaScript, other doubles cannot be cast.
      if (exact >= -TWO_TO_63 && exact < TWO_TO_63 && (long) exact == exact) {
        return (long) exact;
      }
    }
    return value;
  }

  /** Negative, zero or positive as {@code a} is less, equal or greater; or {@link #UNORDERED}. */
  public static int compare(@Nullable Object a, Object b) {
    if (a instanceof String first && b instanceof String second) {
      return compareText(first, second);
    }
    if (a instanceof Long first) {
      return b instanceof Long second
          ? Long.compare(first, second)
          : b instanceof Double other ? compareExact(first, other) : UNORDERED;
    }
    if (a instanceof Double first) {
      if (b instanceof Double second) {
        return compareDoubles(first, second);
      }
      int reverse = b instanceof Long second ? compareExact(second, first) : UNORDERED;
      return reverse == UNORDERED ? UNORDERED : -reverse;
    }
    return a instanceof Instant first && b instanceof Instant second
        ? Integer.signum(first.compareTo(second))
        : UNORDERED;
  }

  private static int compareDoubles(double a, double b) {
    return a < b ? -1 : a > b ? 1 : a == b ? 0 : UNORDERED;
  }

  private static int compareExact(long a, double b) {
    if (!(b >= -TWO_TO_63 && b < TWO_TO_63)) {
      return compareDoubles(0, b);
    }
    // Cutting the fraction off is exact, and so is making a double of what is left.
    long whole = (long) b;
    return a == whole ? compareDoubles(whole, b) : Long.compare(a, whole);
  }

  private static int compareText(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char first = a.charAt(i);
      char second = b.charAt(i);
      if (first != second) {
        return rank(first) < rank(second) ? -1 : 1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Halves of surrogate pairs, which stand for what is beyond U+FFFF, come last. */
  private static int rank(char unit) {
    return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
  }
}
