package org.edgevec;

import org.edgevec.InvalidInputException.Code;
import org.jspecify.annotations.Nullable;

/** Refuses arguments that are missing, by the names that the caller knows. */
final class Arguments {

  private Arguments() {}

  /**
   * The value, which must be there.
   *
   * @param what names it at the beginning of a sentence
   * @throws InvalidInputException {@code INVALID_ARGUMENT}, if it is null
   */
  static <T> T required(@Nullable T value, String what) {
    if (value == null) {
      throw new InvalidInputException(Code.INVALID_ARGUMENT, what + " is null; give one.");
    }
    return value;
  }
}
