package org.edgevec.engine;

import org.edgevec.DatabaseClosedException;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.ReadOnlyException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a database is open, read-only, closing or closed. It goes that way and never back.
 *
 * <p>Everything here may be asked by any thread, without a lock: who must not be overtaken by a
 * closing asks again under the lock that closing takes, too.
 */
final class Lifecycle {

  private final boolean isSalvage;
  private volatile boolean closing;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  /**
   * @param isSalvage whether it was opened to be read only
   * @param failure what makes it read-only from the beginning, or null
   */
  Lifecycle(boolean isSalvage, @Nullable Throwable failure) {
    this.isSalvage = isSalvage;
    this.failure = failure;
  }

  /** From now on nothing begins any more; what is under way may go on. */
  void beginClosing() {
    closing = true;
  }

  void close() {
    closing = true;
    closed = true;
  }

  /**
   * Makes it read-only. What is given is kept as it is, since making anything of it could fail as
   * well.
   */
  void fail(Throwable because) {
    failure = because;
  }

  boolean isClosing() {
    return closing;
  }

  boolean isClosed() {
    return closed;
  }

  boolean hasFailed() {
    return failure != null;
  }

  boolean isReadOnly() {
    return failure != null || isSalvage;
  }

  void checkNotClosing() {
    if (closing) {
      throw new DatabaseClosedException();
    }
  }

  void checkOpen() {
    if (closed) {
      throw new DatabaseClosedException();
    }
  }

  void checkWritable() {
    Throwable first = failure;
    if (first != null) {
      throw new ReadOnlyException(
          "The database takes no writes since one failed ("
              + (first instanceof PersistenceException ? first.getMessage() : first)
              + "). Reading goes on; close it and open it again to write.",
          first);
    }
    if (isSalvage) {
      throw new ReadOnlyException(
          "The database was opened for salvage, which only reads. Copy its entries to a new one.");
    }
  }
}
