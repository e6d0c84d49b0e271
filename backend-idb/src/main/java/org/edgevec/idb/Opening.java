package org.edgevec.idb;

import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.idb.IndexedDbStorage.WhenMissing;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageLostException;
import org.edgevec.storage.UnsupportedVersionException;

/** Connects to a database, or says why that cannot be; see {@link IndexedDbStorage#open}. */
final class Opening {

  private Opening() {}

  /** Opens the database of a session that has its lock; who called closes what fails. */
  static IndexedDbStorage open(IdbSession session, WhenMissing whenMissing) {
    FileTable files = new FileTable();
    Changes orphans;
    try {
      orphans = files.load(session.connect(whenMissing != WhenMissing.REFUSE).directory());
    } catch (JsFailure e) {
      throw failure(session, e);
    }
    boolean vanished = false;
    if (files.size() == 0) {
      vanished = wasLost(session.databaseName(), whenMissing);
    } else {
      LossMarker.markSoon(session.databaseName());
    }
    if (orphans != null) {
      // They do no harm, and are looked for again.
      session.attempt(orphans, Durability.RELAXED);
    }
    return new IndexedDbStorage(session, files, vanished);
  }

  /** Whether the browser lost a database of that name; refuses to go on if that matters. */
  private static boolean wasLost(String databaseName, WhenMissing whenMissing) {
    boolean wasThere = LossMarker.isMarked(databaseName);
    if (wasThere && whenMissing != WhenMissing.CREATE_EVEN_IF_LOST) {
      throw lostBefore(databaseName);
    }
    return wasThere;
  }

  private static RuntimeException failure(IdbSession session, JsFailure failure) {
    return switch (failure.name()) {
      case IdbConnection.MISSING -> missing(session.databaseName());
      case IdbConnection.FOREIGN ->
          new InvalidInputException(
              Code.NOT_A_DATABASE,
              "The IndexedDB database "
                  + session.databaseName()
                  + " is not one of EdgeVec's ("
                  + failure.text()
                  + "); choose another name.");
      case IdbConnection.NEWER -> newerVersion(session, failure);
      default -> session.failure("opened", failure);
    };
  }

  private static RuntimeException missing(String databaseName) {
    if (LossMarker.isMarked(databaseName)) {
      return lostBefore(databaseName);
    }
    return new InvalidInputException(
        Code.NOT_FOUND,
        "There is no database "
            + databaseName
            + " in this browser. To make one, give a dimension and a metric, and do not forbid"
            + " it.");
  }

  private static StorageLostException lostBefore(String databaseName) {
    return new StorageLostException(
        databaseName
            + " was in this browser before and is gone: the browser lost or evicted it. Open it"
            + " with ifLost: 'create' to begin an empty one, or import a copy.");
  }

  private static RuntimeException newerVersion(IdbSession session, JsFailure failure) {
    try {
      int found = IdbConnection.versionOf(session.databaseName());
      return new UnsupportedVersionException(session.databaseName(), found, IdbConnection.VERSION);
    } catch (JsFailure e) {
      failure.addSuppressed(e);
      return session.failure("opened", failure);
    }
  }
}
