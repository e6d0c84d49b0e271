package org.edgevec.engine;

import org.edgevec.Inside;
import org.edgevec.VectorDatabase;
import org.edgevec.contents.Contents;

/** What a database holds in memory, for tests that compare it. */
public final class EngineInside {

  private EngineInside() {}

  /** The contents at work; nobody may write. */
  public static Contents contents(VectorDatabase db) {
    return Inside.engine(db).contents();
  }
}
