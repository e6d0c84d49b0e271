package org.edgevec.storage;

import org.jspecify.annotations.Nullable;

/**
 * The device, the quota or the file system has no room left. Nothing acknowledged is lost; free
 * some room and open the database again.
 */
public final class StorageFullException extends PersistenceException {

  private static final long serialVersionUID = 1L;

  public StorageFullException(String message) {
    this(message, null);
  }

  public StorageFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** {@code FULL}. */
  @Override
  public String code() {
    return "FULL";
  }
}
