package org.edgevec.storage;

import org.jspecify.annotations.Nullable;

/**
 * The database accepts no writes: an earlier write or sync failed, so what the storage holds is
 * unknown until recovery has looked, or it was opened for salvage. Reads and searches go on; close
 * it and open it again to write. The cause is the failure that came first, where there was one.
 */
public final class ReadOnlyException extends PersistenceException {

  private static final long serialVersionUID = 1L;

  public ReadOnlyException(String message) {
    this(message, null);
  }

  public ReadOnlyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** {@code READ_ONLY}. */
  @Override
  public String code() {
    return "READ_ONLY";
  }
}
