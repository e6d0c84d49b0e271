package org.edgevec.filter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Times in ISO 8601: {@code 2024-05-01}, which is midnight UTC, or {@code 2024-05-01T12:30Z} with
 * seconds and up to nine digits of their fraction if wanted, and {@code Z} or {@code +02:00} at the
 * end. Years beyond 9999 have a sign and up to ten digits.
 *
 * <p>Written out, since the class library's formatters would be the larger part of the download.
 */
final class Times {

  private static final int DAY_SECONDS = 86_400;

  /** From 0000-03-01, where this calendar's years begin, to 1970-01-01. */
  private static final int DAYS_TO_1970 = 719_468;

  private static final int DAYS_IN_400_YEARS = 146_097;

  private final String text;
  private int at;
  private boolean isWrong;

  private Times(String text) {
    this.text = text;
  }

  /** The instant that a text names, or null if it names none. */
  static @Nullable Instant parse(String text) {
    return new Times(text).parse();
  }

  private @Nullable Instant parse() {
    boolean isSigned = at('-') || at('+');
    int sign = at('-') ? -1 : 1;
    at += isSigned ? 1 : 0;
    int digits = isSigned ? digitsAhead() : 4;
    isWrong = digits < 4 || digits > 10;
    long year = sign * number(digits);
    expect('-');
    long month = number(2);
    expect('-');
    long day = number(2);
    isWrong |= month < 1 || month > 12 || day < 1 || day > 31;
    long days = isWrong ? 0 : days(year, month, day);
    // A day that the month does not have is one of the next.
    isWrong |= date(days)[2] != day;
    long seconds = days * DAY_SECONDS;
    int nanos = 0;
    if (!isWrong && at < text.length()) {
      expect('T');
      seconds += hoursAndMinutes();
      if (at(':')) {
        at++;
        seconds += number(2, 59);
        nanos = at('.') ? fraction() : 0;
      }
      seconds -= offset();
    }
    boolean isInRange =
        seconds >= Instant.MIN.getEpochSecond() && seconds <= Instant.MAX.getEpochSecond();
    return isWrong || at < text.length() || !isInRange
        ? null
        : Instant.ofEpochSecond(seconds, nanos);
  }

  private boolean at(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private void expect(char c) {
    isWrong |= !at(c);
    at++;
  }

  private int digitsAhead() {
    int end = at;
    while (end < text.length() && Tokenizer.isDigit(text.charAt(end))) {
      end++;
    }
    return end - at;
  }

  private long number(int digits) {
    long number = 0;
    for (int i = 0; i < digits; i++) {
      boolean isDigit = at < text.length() && Tokenizer.isDigit(text.charAt(at));
      isWrong |= !isDigit;
      number = number * 10 + (isDigit ? text.charAt(at++) - '0' : 0);
    }
    return number;
  }

  private long number(int digits, int max) {
    long number = number(digits);
    isWrong |= number > max;
    return number;
  }

  private long hoursAndMinutes() {
    long hours = number(2, 23);
    expect(':');
    return hours * 3600 + number(2, 59) * 60;
  }

  private int fraction() {
    at++;
    int digits = digitsAhead();
    isWrong |= digits < 1 || digits > 9;
    long nanos = isWrong ? 0 : number(digits);
    for (int i = digits; i < 9; i++) {
      nanos *= 10;
    }
    return (int) nanos;
  }

  private long offset() {
    int sign = at('Z') ? 0 : at('-') ? -1 : 1;
    isWrong |= sign == 1 && !at('+');
    at++;
    return sign == 0 ? 0 : sign * hoursAndMinutes();
  }

  /** As {@link #parse} reads it. */
  static String format(Instant time) {
    long days = Math.floorDiv(time.getEpochSecond(), DAY_SECONDS);
    long second = Math.floorMod(time.getEpochSecond(), DAY_SECONDS);
    long[] date = date(days);
    StringBuilder out = new StringBuilder();
    long year = date[0];
    out.append(year < 0 ? "-" : year > 9999 ? "+" : "");
    digits(out, Math.abs(year), 4);
    digits(out.append('-'), date[1], 2);
    digits(out.append('-'), date[2], 2);
    digits(out.append('T'), second / 3600, 2);
    digits(out.append(':'), second / 60 % 60, 2);
    digits(out.append(':'), second % 60, 2);
    if (time.getNano() != 0) {
      digits(out.append('.'), time.getNano(), 9);
    }
    return out.append('Z').toString();
  }

  private static void digits(StringBuilder out, long number, int count) {
    String digits = Long.toString(number);
    for (int i = digits.length(); i < count; i++) {
      out.append('0');
    }
    out.append(digits);
  }

  /**
   * Days since 1970 in the Gregorian calendar. Years are counted from March, so that the day of a
   * leap year is the last one (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
   */
  private static long days(long year, long month, long day) {
    long marchYear = month > 2 ? year : year - 1;
    long ofEra = Math.floorMod(marchYear, 400L);
    long ofYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    return Math.floorDiv(marchYear, 400L) * DAYS_IN_400_YEARS
        + ofEra * 365
        + ofEra / 4
        - ofEra / 100
        + ofYear
        - DAYS_TO_1970;
  }

  /** Year, month and day. */
  private static long[] date(long days) {
    long since = days + DAYS_TO_1970;
    long ofEra = Math.floorMod(since, (long) DAYS_IN_400_YEARS);
    long year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
    long ofYear = ofEra - (365 * year + year / 4 - year / 100);
    long month = (5 * ofYear + 2) / 153;
    long calendarMonth = month < 10 ? month + 3 : month - 9;
    return new long[] {
      Math.floorDiv(since, (long) DAYS_IN_400_YEARS) * 400 + year + (calendarMonth <= 2 ? 1 : 0),
      calendarMonth,
      ofYear - (153 * month + 2) / 5 + 1
    };
  }
}
