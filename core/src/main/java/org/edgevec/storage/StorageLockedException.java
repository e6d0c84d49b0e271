package org.edgevec.storage;

import org.jspecify.annotations.Nullable;

/**
 * Another process, tab or handle has this database open. Close it there first. Of a write: the
 * folder is no longer this opener's own, so the write may or may not be stored, and nothing more is
 * written.
 */
public final class StorageLockedException extends PersistenceException {

  private static final long serialVersionUID = 1L;

  public StorageLockedException(String message) {
    this(message, null);
  }

  public StorageLockedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** {@code LOCKED}. */
  @Override
  public String code() {
    return "LOCKED";
  }
}
