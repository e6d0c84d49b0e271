package org.edgevec;

/**
 * The search graph could not take entries in; {@link #getCause} tells why, such as an {@link
 * OutOfMemoryError}. Nothing is lost: the entries are durable, searches find them, and it is tried
 * again.
 */
public final class IndexingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * With a text that says what it means.
   *
   * @param cause why
   */
  public IndexingException(Throwable cause) {
    super(
        "The search graph could not take entries in ("
            + cause
            + "). They are stored, and searches find them by scoring each; the next write or"
            + " awaitIndexed tries again.",
        cause);
  }
}
