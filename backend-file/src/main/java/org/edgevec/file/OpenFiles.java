package org.edgevec.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files that a storage has handles of: those that were appended to, and the one read last. No
 * handle outlives the moment in which its name comes to stand for another file.
 */
final class OpenFiles {

  private final Path folder;
  private final DiskCalls disk;
  private final FolderEntries entries;
  private final LockFile lock;
  private final RangeReader reader = new RangeReader();
  private final Map<String, AppendFile> appendFiles = new ConcurrentHashMap<>();

  OpenFiles(Path folder, DiskCalls disk, FolderEntries entries, LockFile lock) {
    this.folder = folder;
    this.disk = disk;
    this.entries = entries;
    this.lock = lock;
  }

  /** Fills the range of {@code target}, which the caller has checked. */
  void read(String name, long offset, byte[] target, int targetOffset, int length) {
    reader.read(folder.resolve(name), offset, target, targetOffset, length);
  }

  /** The file of that name as one that grows, whether or not it is there yet. */
  synchronized AppendFile appendFile(String name) {
    AppendFile file = appendFiles.get(name);
    if (file == null) {
      Path path = folder.resolve(name);
      // What is there and was not appended to since opening got its durable name when the storage
      // was opened, or by an atomic write.
      file = new AppendFile(path, disk, entries, lock, Files.exists(path));
      appendFiles.put(name, file);
    }
    return file;
  }

  /** Changes which file a name stands for, with no handle on the old one left open. */
  void change(String name, IoStep change) throws IOException {
    AppendFile old = appendFiles.get(name);
    if (old != null) {
      old.release();
    }
    reader.whileUnread(folder.resolve(name), () -> lock.step(change));
    // Only now: if the change failed, the old file's state must not be forgotten.
    appendFiles.remove(name);
  }

  /** Gives all handles back. */
  void close(Closing closing) {
    for (AppendFile file : appendFiles.values()) {
      closing.run(file::release);
    }
    closing.run(reader::close);
  }
}
