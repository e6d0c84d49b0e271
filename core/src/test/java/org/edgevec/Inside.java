package org.edgevec;

import org.edgevec.engine.Engine;

/** What does the work of a database, for tests of other packages. */
public final class Inside {

  private Inside() {}

  public static Engine engine(VectorDatabase db) {
    return db.engine();
  }
}
