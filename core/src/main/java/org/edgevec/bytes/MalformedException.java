package org.edgevec.bytes;

/**
 * Bytes that do not have the form they should. Never leaves the storage path: the reader that knows
 * the file turns it into a {@code CorruptDataException}.
 */
public final class MalformedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String what;

  /**
   * @param what what is wrong with the bytes, to follow "it holds"
   */
  public MalformedException(String what) {
    super(what);
    this.what = what;
  }

  /** What is wrong with the bytes. */
  public String what() {
    return what;
  }
}
