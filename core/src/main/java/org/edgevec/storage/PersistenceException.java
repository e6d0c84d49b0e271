package org.edgevec.storage;

import org.jspecify.annotations.Nullable;

/**
 * A failure of storage, always as one of a few subclasses on which a program can act. Nothing on
 * the storage path throws anything else: no {@code IOException}, no {@code DOMException}.
 *
 * <p>The message says what was wrong, where, and what to do.
 */
public abstract sealed class PersistenceException extends RuntimeException
    permits CorruptDataException,
        ReadOnlyException,
        StorageFullException,
        StorageIOException,
        StorageLockedException,
        StorageLostException,
        UnsupportedVersionException {

  private static final long serialVersionUID = 1L;

  PersistenceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * A stable name for this kind of failure, the same in Java and JavaScript, for example {@code
   * CORRUPT}.
   */
  public abstract String code();
}
