package org.edgevec.storage;

/**
 * Reads a file front to back through a window of about 1 MiB, so that a thousand small reads are
 * one of storage. What is in the file must not change meanwhile, but it may grow. Not thread-safe.
 *
 * <p>What cannot be read is damaged: here {@link StorageIOException} becomes {@link
 * CorruptDataException}.
 */
public final class BufferedFile {

  private static final int WINDOW_BYTES = 1 << 20;

  /** After a read that failed: each costs a device seconds, and all before the place would fail. */
  private static final int SMALL_WINDOW_BYTES = 4 << 10;

  private final StorageBackend storage;
  private final String name;
  private final long size;
  private byte[] buffer = new byte[0];
  private long start;
  private int length;
  private int window = WINDOW_BYTES;

  /**
   * @throws CorruptDataException if there is no such file
   */
  public BufferedFile(StorageBackend storage, String name) {
    this.storage = storage;
    this.name = name;
    this.size = size(storage, name);
  }

  private static long size(StorageBackend storage, String name) {
    try {
      return storage.size(name);
    } catch (StorageIOException e) {
      throw new CorruptDataException(name, 0, e);
    }
  }

  /** The file's name. */
  public String name() {
    return name;
  }

  /** The file's length in bytes. */
  public long size() {
    return size;
  }

  /** What {@link #at} points into; another array after each {@code at}. */
  public byte[] buffer() {
    return buffer;
  }

  /**
   * Makes bytes [offset, offset + count) of the file lie in {@link #buffer}.
   *
   * @return where in the buffer they begin
   * @throws CorruptDataException if the file ends before, or these bytes cannot be read
   */
  public int at(long offset, int count) {
    if (offset < start || offset + count > start + length) {
      load(offset, count);
    }
    return (int) (offset - start);
  }

  private void load(long offset, int count) {
    if (offset + count > size) {
      throw new CorruptDataException(
          name, size, "it ends there, and should reach to byte " + (offset + count) + " at least");
    }
    int wanted = (int) Math.min(size - offset, Math.max(count, window));
    if (buffer.length < wanted) {
      buffer = new byte[wanted];
    }
    length = 0;
    length = read(offset, count, wanted);
    start = offset;
  }

  /** Reads as much as is wanted, or if that cannot be read, only what is needed. */
  private int read(long offset, int count, int wanted) {
    try {
      storage.read(name, offset, buffer, 0, wanted);
      return wanted;
    } catch (StorageIOException e) {
      if (count == wanted) {
        throw new CorruptDataException(name, offset, e);
      }
      window = SMALL_WINDOW_BYTES;
      return read(offset, count, count);
    }
  }

  /** The first {@link FileHeader#BYTES} bytes, copied. */
  public byte[] header() {
    int at = at(0, FileHeader.BYTES);
    return java.util.Arrays.copyOfRange(buffer, at, at + FileHeader.BYTES);
  }
}
