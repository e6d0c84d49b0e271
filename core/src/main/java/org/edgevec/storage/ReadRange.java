package org.edgevec.storage;

/** The rule that every {@link StorageBackend} applies to the range of a file that is to be read. */
public final class ReadRange {

  private ReadRange() {}

  /**
   * Refuses a range that does not lie in a file.
   *
   * @param file what messages call the file
   * @param size how long it is, in bytes
   * @throws IndexOutOfBoundsException if {@code offset} is negative
   * @throws StorageIOException if the file ends before {@code offset + length}
   */
  public static void check(String file, long size, long offset, int length) {
    if (offset < 0) {
      throw new IndexOutOfBoundsException("offset " + offset + " is negative");
    }
    if (offset > size - length) {
      throw new StorageIOException(
          file
              + " holds "
              + size
              + " bytes, and bytes "
              + offset
              + " to "
              + (offset + length)
              + " were asked for");
    }
  }
}
