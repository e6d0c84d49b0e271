package org.edgevec.filter;

import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.bytes.Utf8;
import org.jspecify.annotations.Nullable;

/** How a filter is refused: one beginning, and behind it what is wrong and what to do. */
final class Refusals {

  private static final String BEGINNING = "This filter cannot be used: ";

  private Refusals() {}

  static InvalidInputException refuse(String what) {
    return new InvalidInputException(Code.INVALID_FILTER, BEGINNING + what + ".");
  }

  /** The same refusal with the place in a text that led to it. */
  static InvalidInputException at(String place, InvalidInputException refusal) {
    String what = String.valueOf(refusal.getMessage()).substring(BEGINNING.length());
    InvalidInputException placed =
        new InvalidInputException(Code.INVALID_FILTER, BEGINNING + place + what);
    placed.initCause(refusal.getCause());
    return placed;
  }

  /** A collection or map of the caller's that does not work. */
  static InvalidInputException unreadable(String what, RuntimeException because) {
    InvalidInputException refusal =
        refuse(what + " could not be read (" + because.getClass().getName() + ")");
    refusal.initCause(because);
    return refusal;
  }

  static String nameOf(@Nullable Object value) {
    return value == null ? "null" : "a " + value.getClass().getName();
  }

  /** A part of a text as a message shows it. */
  static String quoted(String text) {
    return '"' + Utf8.shortened(text) + '"';
  }
}
