package org.edgevec;

/** The database was used after {@link VectorDatabase#close}. Open it again. */
public final class DatabaseClosedException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /** With a text that says what to do. */
  public DatabaseClosedException() {
    super("This database is closed; open it again to use it.");
  }
}
