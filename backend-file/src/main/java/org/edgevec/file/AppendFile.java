package org.edgevec.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageIOException;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows at its end, and what must still be forced before it is durable.
 *
 * <p>Writes through {@code RandomAccessFile}, whose calls no interrupt can break. After a failed
 * append, truncate or sync its tail is unknown, and every later one is refused.
 */
final class AppendFile {

  private final Path path;
  private final DiskCalls disk;
  private final FolderEntries entries;
  private final LockFile lock;

  @GuardedBy("this")
  private @Nullable RandomAccessFile file;

  @GuardedBy("this")
  private boolean isThere;

  @GuardedBy("this")
  private boolean entryIsDurable;

  @GuardedBy("this")
  private @Nullable PersistenceException failure;

  /**
   * @param isThere whether the file exists, and its entry in the folder was forced already
   */
  AppendFile(Path path, DiskCalls disk, FolderEntries entries, LockFile lock, boolean isThere) {
    this.path = path;
    this.disk = disk;
    this.entries = entries;
    this.lock = lock;
    this.isThere = isThere;
    this.entryIsDurable = isThere;
  }

  /** Adds bytes at the end; creates the file if there is none. */
  synchronized void append(byte[] data, int offset, int length) {
    checkUsable();
    RandomAccessFile open = open();
    try {
      open.seek(open.length());
      disk.write(open, path, data, offset, length);
    } catch (IOException e) {
      throw remember(IoFailures.of(e, "append " + length + " bytes to", path, length));
    }
  }

  /** Makes the bytes, the length and the name durable. */
  synchronized void force() {
    checkUsable();
    entries.checkUsable();
    RandomAccessFile open = open();
    try {
      disk.force(open, path);
    } catch (IOException e) {
      throw remember(IoFailures.of(e, "sync", path, 1));
    }
    if (!entryIsDurable) {
      entries.force();
      entryIsDurable = true;
    }
  }

  /** Shortens the file; {@code size} is at most its length. */
  synchronized void truncate(long size) {
    checkUsable();
    RandomAccessFile open = open();
    checkSize(open, size);
    try {
      open.setLength(size);
    } catch (IOException e) {
      throw remember(IoFailures.of(e, "truncate", path, 0));
    }
  }

  /** Fails if an earlier append, truncate or sync has failed. */
  synchronized void checkUsable() {
    if (failure != null) {
      throw new StorageIOException(
          "An earlier write or sync of "
              + path
              + " failed, and its end is unknown; close the database and open it again.",
          failure);
    }
  }

  /** Gives the file handle back; the next call opens the file again. */
  synchronized void release() {
    RandomAccessFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw remember(IoFailures.of(e, "close", path, 1));
      }
    }
  }

  private void checkSize(RandomAccessFile open, long size) {
    long length;
    try {
      length = open.length();
    } catch (IOException e) {
      throw IoFailures.of(e, "read the size of", path, 0);
    }
    if (size < 0 || size > length) {
      throw new IllegalArgumentException(
          path + " holds " + length + " bytes and cannot be truncated to " + size);
    }
  }

  @GuardedBy("this")
  private RandomAccessFile open() {
    RandomAccessFile open = file;
    if (open == null) {
      create();
      try {
        open = new RandomAccessFile(path.toFile(), "rw");
      } catch (IOException e) {
        throw IoFailures.of(e, "open", path, 0);
      }
      file = open;
    }
    return open;
  }

  @GuardedBy("this")
  private void create() {
    if (isThere) {
      return;
    }
    try {
      // This fails if anything is there, also a link that would lead elsewhere.
      lock.step(() -> Files.createFile(path));
    } catch (IOException e) {
      throw IoFailures.of(e, "create", path, 1);
    }
    isThere = true;
  }

  @GuardedBy("this")
  private PersistenceException remember(PersistenceException first) {
    failure = first;
    return first;
  }
}
