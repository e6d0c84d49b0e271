package org.edgevec.storage;

/**
 * Stored bytes are not what was written: a checksum, a length or a reference does not hold. Nothing
 * was skipped, changed or deleted. Restore a copy, or open for salvage to read what lies before the
 * damage.
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
    super(
        file
            + " is damaged at byte "
            + offset
            + ": "
            + what
            + ". Nothing was changed; restore a copy of the database, or open it for salvage.",
        null);
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

  /** {@code CORRUPT}. */
  @Override
  public String code() {
    return "CORRUPT";
  }
}
