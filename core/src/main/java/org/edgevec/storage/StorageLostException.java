package org.edgevec.storage;

import org.jspecify.annotations.Nullable;

/**
 * The storage went away: the browser closed or removed the database, or a database that was known
 * to exist is gone. Never presented as a new, empty one.
 */
public final class StorageLostException extends PersistenceException {

  private static final long serialVersionUID = 1L;

  public StorageLostException(String message) {
    this(message, null);
  }

  public StorageLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** {@code LOST}. */
  @Override
  public String code() {
    return "LOST";
  }
}
