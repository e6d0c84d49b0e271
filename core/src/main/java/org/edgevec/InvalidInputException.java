package org.edgevec;

/**
 * An argument that the database refuses. Nothing was written; the message says what was wrong and
 * what to do, and {@link #code} is what a program acts on.
 */
public final class InvalidInputException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final Code code;

  public InvalidInputException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Which kind of argument was refused; the same names as in JavaScript. */
  public Code code() {
    return code;
  }

  /** The kinds of refusal. Names are stable. */
  public enum Code {
    /** A dimension outside 1 to 4096, or a vector whose length is not the database's dimension. */
    INVALID_DIMENSION,
    /** A vector with NaN or infinity, or one of (nearly) no length under {@link Metric#COSINE}. */
    INVALID_VECTOR,
    /** An id that is empty, longer than 512 UTF-8 bytes, or not valid Unicode. */
    INVALID_ID,
    /** Metadata with an unsupported type, an unusable key, or too many bytes. */
    INVALID_METADATA,
    /** A filter that cannot be read, or with a value or size that none may have. */
    INVALID_FILTER,
    /** A batch that is larger than one log frame may be. */
    INVALID_BATCH,
    /** Any other argument outside its documented range. */
    INVALID_ARGUMENT,
    /** Options that contradict those stored with the database. */
    OPTIONS_MISMATCH,
    /** There is no database there, and none was to be created. */
    NOT_FOUND,
    /** The place holds something that is not a database. */
    NOT_A_DATABASE
  }
}
