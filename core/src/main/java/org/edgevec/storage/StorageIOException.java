package org.edgevec.storage;

import org.jspecify.annotations.Nullable;

/**
 * Reading or writing failed for a reason that has no type of its own; the cause holds the
 * platform's error.
 */
public final class StorageIOException extends PersistenceException {

  private static final long serialVersionUID = 1L;

  public StorageIOException(String message) {
    this(message, null);
  }

  public StorageIOException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** {@code IO}. */
  @Override
  public String code() {
    return "IO";
  }
}
