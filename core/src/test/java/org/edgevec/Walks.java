package org.edgevec;

/** How the searches of a database walked through its graph. */
public final class Walks {

  private Walks() {}

  /**
   * How many had to walk by the vectors themselves, because codes could not tell what is nearest.
   */
  public static long byVectors(VectorDatabase db) {
    return db.index().trust().walksByVectors();
  }
}
