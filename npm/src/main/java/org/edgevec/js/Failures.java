package org.edgevec.js;

import org.edgevec.DatabaseClosedException;
import org.edgevec.InvalidInputException;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.PersistenceException;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;

/** Exceptions as the plain objects of which JavaScript makes an {@code EdgeVecError}. */
final class Failures {

  private Failures() {}

  /** {@code {code, message, file, offset}}; the last two only of corruption. */
  static JSObject of(Throwable failure) {
    if (failure instanceof InvalidInputException invalid) {
      return failure(invalid.code().name(), message(failure), null, 0);
    }
    if (failure instanceof DatabaseClosedException) {
      return failure("CLOSED", message(failure), null, 0);
    }
    if (failure instanceof CorruptDataException corrupt) {
      return failure(corrupt.code(), message(failure), corrupt.file(), corrupt.offset());
    }
    if (failure instanceof PersistenceException persistence) {
      return failure(persistence.code(), message(failure), null, 0);
    }
    if (failure instanceof OutOfMemoryError) {
      return failure("OUT_OF_MEMORY", message(failure), null, 0);
    }
    return failure("INTERNAL", "A defect of EdgeVec: " + failure, null, 0);
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }

  @JSBody(
      params = {"code", "message", "file", "offset"},
      script =
          "var failure = {code: code, message: message};"
              + "if (file !== null) { failure.file = file; failure.offset = offset; }"
              + "return failure;")
  private static native JSObject failure(
      String code, String message, @Nullable String file, double offset);
}
