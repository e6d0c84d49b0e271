package org.edgevec.idb;

/** Removes a database with everything in it; see {@link IndexedDbStorage#destroy}. */
final class Removal {

  private Removal() {}

  /** Removes the database, whose lock the caller has, and returns whether there was one. */
  static boolean remove(String databaseName) {
    boolean existed = true;
    try {
      existed = exists(databaseName);
      IdbConnection.awaitUnused(databaseName);
      LossMarker.unmark(databaseName);
      IdbConnection.delete(databaseName);
    } catch (JsFailure e) {
      throw IdbFailures.of(databaseName, "deleted", e);
    }
    return existed;
  }

  private static boolean exists(String databaseName) throws JsFailure {
    try {
      IdbConnection found = IdbConnection.open(databaseName, false, how -> {});
      try {
        return found.directory().names().length > 0;
      } finally {
        found.close();
      }
    } catch (JsFailure e) {
      if (e.name().equals(IdbConnection.MISSING)) {
        return false;
      }
      if (e.name().equals(IdbConnection.NEWER) || e.name().equals(IdbConnection.FOREIGN)) {
        return true;
      }
      throw e;
    }
  }
}
