package org.edgevec.storage;

/** A file was written by a newer EdgeVec. Nothing was touched; open it with that version. */
public final class UnsupportedVersionException extends PersistenceException {

  private static final long serialVersionUID = 1L;

  /**
   * @param file the name of the file
   * @param found its format version
   * @param supported the newest format version this code reads
   */
  public UnsupportedVersionException(String file, int found, int supported) {
    super(
        file
            + " has format version "
            + found
            + ", and this EdgeVec reads versions up to "
            + supported
            + ". Nothing was changed; open the database with a newer EdgeVec.",
        null);
  }

  /** {@code UNSUPPORTED_VERSION}. */
  @Override
  public String code() {
    return "UNSUPPORTED_VERSION";
  }
}
