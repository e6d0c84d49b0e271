package org.edgevec.storage;

import org.jspecify.annotations.Nullable;

/**
 * Stored bytes are not what was written: a checksum, a length or a reference does not hold, or they
 * cannot be read, and the cause says why. Nothing was skipped, changed or deleted. Restore a copy,
 * or open for salvage to read what lies before the damage.
 */
public final class CorruptDataException extends PersistenceException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;
  private final String what;

  /**
   * @param file the name of the damaged file
   * @param offset where in the file, in bytes from its start, the damage was noticed
   * @param what what was wrong there
   */
  public CorruptDataException(String file, long offset, String what) {
    this(file, offset, what, null);
  }

  /**
   * Of bytes that cannot be read.
   *
   * @param cause what reading them ended with
   */
  CorruptDataException(String file, long offset, StorageIOException cause) {
    this(file, offset, "it cannot be read there (" + cause.getMessage() + ")", cause);
  }

  private CorruptDataException(
      String file, long offset, String what, @Nullable StorageIOException cause) {
    super(
        file
            + " is damaged at byte "
            + offset
            + ": "
            + what
            + ". Nothing was changed; restore a copy of the database, or open it for salvage.",
        cause);
    this.file = file;
    this.offset = offset;
    this.what = what;
  }

  /** The name of the damaged file. */
  public String file() {
    return file;
  }

  /** Where the damage was noticed, in bytes from the start of {@link #file}. */
  public long offset() {
    return offset;
  }

  /** What was wrong there, in a few words. */
  public String what() {
    return what;
  }

  /** Whether nobody knows what is stored there, since reading it failed. */
  public boolean isUnreadable() {
    return getCause() != null;
  }

  /** {@code CORRUPT}. */
  @Override
  public String code() {
    return "CORRUPT";
  }
}
