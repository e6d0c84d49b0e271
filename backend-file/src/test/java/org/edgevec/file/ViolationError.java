package org.edgevec.file;

import org.jspecify.annotations.Nullable;

/** An acknowledged write that is gone, half a batch, or whatever else must not be after a crash. */
final class ViolationError extends AssertionError {

  private static final long serialVersionUID = 1;

  ViolationError(String message) {
    this(message, null);
  }

  ViolationError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
