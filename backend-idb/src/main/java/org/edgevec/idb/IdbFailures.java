package org.edgevec.idb;

import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLockedException;

/** What the browser's failures mean to whoever uses the storage. */
final class IdbFailures {

  /** The browser's name for a full quota or disk. */
  private static final String FULL = "QuotaExceededError";

  private IdbFailures() {}

  /** Whether the quota or the disk is full. */
  static boolean isFull(JsFailure failure) {
    return failure.name().equals(FULL);
  }

  /** Whether the connection ended, or is about to. */
  static boolean isClosing(JsFailure failure) {
    return failure.name().equals(IdbConnection.CLOSED)
        || failure.name().equals("InvalidStateError");
  }

  /**
   * The exception for a failure that tells of the database as it is.
   *
   * @param what was to be done to it, as a participle
   */
  static PersistenceException of(String databaseName, String what, JsFailure failure) {
    String told = databaseName + " could not be " + what + " (" + failure.getMessage() + ").";
    return switch (failure.name()) {
      case FULL ->
          new StorageFullException(
              told
                  + " The browser's quota for this site, or the disk, is full: delete something, or"
                  + " ask for more with navigator.storage.persist().",
              failure);
      case IdbConnection.BLOCKED ->
          new StorageLockedException(told + " Close what has it open, then try again.");
      default -> new StorageIOException(told, failure);
    };
  }
}
