package org.edgevec.idb;

import java.util.Objects;
import org.edgevec.storage.Durability;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLockedException;
import org.edgevec.storage.StorageLostException;
import org.jspecify.annotations.Nullable;

/**
 * A database from its opening to its closing: the lock that makes it this opener's own, the
 * connection, and whether the browser took one of them away. Runs transactions, and makes of their
 * failures what this has to do with them.
 */
final class IdbSession {

  private final String databaseName;
  private @Nullable WebLock lock;
  private @Nullable IdbConnection connection;
  private int urgent = 1;
  private boolean hasReserve = true;
  private boolean closed;
  private @Nullable String lost;

  private IdbSession(String databaseName) {
    this.databaseName = databaseName;
  }

  /**
   * Takes the lock of a database.
   *
   * @param lockWaitMillis how long whoever has it is waited for; 0 or more
   * @throws StorageLockedException if somebody else had it for all that time
   */
  static IdbSession begin(String databaseName, int lockWaitMillis) {
    IdbSession session = new IdbSession(databaseName);
    session.lock = WebLock.acquire(databaseName, lockWaitMillis, session::lockLost);
    return session;
  }

  /** Opens the connection; a database that is not there is made, or is a failure. */
  IdbConnection connect(boolean mayCreate) throws JsFailure {
    IdbConnection opened = IdbConnection.open(databaseName, mayCreate, this::lost);
    connection = opened;
    return opened;
  }

  String databaseName() {
    return databaseName;
  }

  /** The connection, once there is one. */
  IdbConnection connection() {
    return Objects.requireNonNull(connection);
  }

  // What becomes of it

  /** The browser says that the database went away, or is about to. */
  private void lost(String how) {
    if (!closed && lost == null) {
      lost = how;
    }
  }

  /** Somebody has the lock beside this, so nothing may be written any more. */
  private void lockLost(String how) {
    lost(how);
    IdbConnection open = connection;
    if (open != null) {
      open.end(how);
    }
  }

  /** Whether nothing keeps transactions from being tried. */
  boolean isOpen() {
    return !closed && lost == null;
  }

  /**
   * Fails if nothing can be asked of the database any more.
   *
   * @throws StorageIOException if it was closed
   * @throws StorageLostException if it went away
   */
  void checkOpen() {
    if (closed) {
      throw new StorageIOException("This storage was closed; open it again");
    }
    if (lost != null) {
      throw lostNow(null);
    }
  }

  /** See {@link IndexedDbStorage#urgent}. */
  void urgent(boolean begins) {
    urgent += begins ? 1 : -1;
  }

  /** See {@link IndexedDbStorage#hurry}. */
  void hurry() {
    urgent(true);
    IdbConnection open = connection;
    if (open != null && !closed) {
      open.hurry();
    }
  }

  /** Ends the connection and gives the lock back; a second call does nothing. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    IdbConnection open = connection;
    try {
      if (open != null) {
        open.close();
      }
    } finally {
      Objects.requireNonNull(lock).release();
    }
  }

  /** Closes what a failure leaves open. */
  void closeAfter(Throwable because) {
    try {
      close();
    } catch (PersistenceException e) {
      because.addSuppressed(e);
    }
  }

  // Transactions

  /**
   * Runs changes, if need be at the expense of the reserve.
   *
   * @param what becomes of the database by them, as a participle
   * @throws PersistenceException if they were not made
   */
  void write(Changes changes, Durability durability, String what) {
    JsFailure failure = attempt(changes, durability);
    if (failure != null && IdbFailures.isFull(failure) && hasReserve && urgent > 0) {
      hasReserve = false;
      LossMarker.releaseReserve(databaseName);
      failure = attempt(changes, durability);
    }
    if (failure != null) {
      throw failure(what, failure);
    }
  }

  /** Runs changes, and returns why they were not made, or null if they were. */
  @Nullable JsFailure attempt(Changes changes, Durability durability) {
    checkOpen();
    try {
      connection().write(changes, durability);
      return null;
    } catch (JsFailure e) {
      return e;
    }
  }

  /** The exception for a failure; {@code what} was to be done to the database, as a participle. */
  PersistenceException failure(String what, JsFailure failure) {
    if (lost != null || IdbFailures.isClosing(failure)) {
      return lostNow(failure);
    }
    return IdbFailures.of(databaseName, what, failure);
  }

  private StorageLostException lostNow(@Nullable Throwable cause) {
    return new StorageLostException(
        databaseName
            + " went away while it was open ("
            + (lost == null ? "the browser closed it" : lost)
            + "). Close it and open it again.",
        cause);
  }
}
