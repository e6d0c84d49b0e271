package org.edgevec.js;

import java.util.HashMap;
import java.util.Map;
import org.edgevec.VectorDatabase;
import org.edgevec.idb.IndexedDbStorage;

/** Open databases by number: what JavaScript holds instead of a Java object. */
final class Handles {

  private static final Map<Integer, Open> OPEN = new HashMap<>();
  private static int last;

  private Handles() {}

  /**
   * An open database.
   *
   * @param database the database
   * @param storage what it lies in, which is the database's to close
   */
  record Open(VectorDatabase database, IndexedDbStorage storage) {}

  static int add(Open open) {
    last++;
    OPEN.put(last, open);
    return last;
  }

  static Open get(int handle) {
    Open open = OPEN.get(handle);
    if (open == null) {
      throw new IllegalStateException("no database is open under handle " + handle);
    }
    return open;
  }

  static void remove(int handle) {
    OPEN.remove(handle);
  }
}
