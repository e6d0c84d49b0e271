package org.edgevec.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;

/**
 * The new content of a file, collected under a temporary name until it is whole and durable and may
 * take the place of the old.
 */
final class AtomicFile implements StorageBackend.Sink {

  private static final int BUFFER_BYTES = 64 << 10;

  private final Path path;
  private final DiskCalls disk;
  private final RandomAccessFile file;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private boolean complete;

  private AtomicFile(Path path, DiskCalls disk, RandomAccessFile file) {
    this.path = path;
    this.disk = disk;
    this.file = file;
  }

  /** Creates the temporary file, which must not exist. */
  static AtomicFile create(Path path, DiskCalls disk) {
    try {
      // This fails if anything is there, also a link that would lead elsewhere.
      Files.createFile(path);
    } catch (IOException e) {
      throw IoFailures.of(e, "create", path, 1);
    }
    try {
      return new AtomicFile(path, disk, new RandomAccessFile(path.toFile(), "rw"));
    } catch (IOException e) {
      PersistenceException failure = IoFailures.of(e, "open", path, 1);
      remove(path, failure);
      throw failure;
    }
  }

  @Override
  public void write(byte[] data, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.length);
    if (complete) {
      throw new IllegalStateException("The atomic write that this sink belongs to is over");
    }
    if (length > BUFFER_BYTES - buffered) {
      flush();
    }
    if (length >= BUFFER_BYTES) {
      writeOut(data, offset, length);
    } else {
      System.arraycopy(data, offset, buffer, buffered, length);
      buffered += length;
    }
  }

  /** Phase one ends: no more bytes, and those written are durable. */
  void complete() {
    flush();
    complete = true;
    try {
      disk.force(file, path);
      file.close();
    } catch (IOException e) {
      throw IoFailures.of(e, "sync", path, 1);
    }
  }

  /** Phase two: {@code target} names the new content, in one step. */
  void replace(Path target) {
    try {
      disk.rename(path, target);
    } catch (IOException e) {
      throw IoFailures.of(e, "rename " + path.getFileName() + " to", target, 1);
    }
  }

  /** Removes what was written, because of {@code reason}. */
  void discard(Throwable reason) {
    complete = true;
    try {
      file.close();
    } catch (IOException e) {
      reason.addSuppressed(IoFailures.of(e, "close", path, 0));
    }
    remove(path, reason);
  }

  private static void remove(Path path, Throwable reason) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The next opening removes it. What the caller must see is why the write failed.
      reason.addSuppressed(IoFailures.of(e, "remove", path, 0));
    }
  }

  private void flush() {
    writeOut(buffer, 0, buffered);
    buffered = 0;
  }

  private void writeOut(byte[] data, int offset, int length) {
    try {
      disk.write(file, path, data, offset, length);
    } catch (IOException e) {
      throw IoFailures.of(e, "write " + length + " bytes to", path, length);
    }
  }
}
