package org.edgevec.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.edgevec.storage.StorageLockedException;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive right to a database's folder: a {@code FileLock} on a file that serves nothing
 * else, and an entry in a table of this JVM.
 *
 * <p>Both are needed. A {@code FileLock} keeps other processes out, but POSIX drops it as soon as
 * the process closes <em>any</em> descriptor of that file. So within the JVM a second opener must
 * be turned away before it opens the file, and for the same reason the lock file is never read,
 * copied or deleted here.
 */
final class FolderLock {

  private static final Set<Object> HELD = new HashSet<>();

  /**
   * Channels on lock files that somebody outside of {@link #HELD} has locked in this JVM: the same
   * classes under another class loader. Closing such a channel would drop the other's lock, so it
   * is kept for the next try.
   */
  private static final Map<Object, FileChannel> KEPT_OPEN = new HashMap<>();

  private final Object folderKey;
  private final FileChannel channel;

  private FolderLock(Object folderKey, FileChannel channel) {
    this.folderKey = folderKey;
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder that exists, or fails at once.
   *
   * @throws StorageLockedException if this or another process holds it
   */
  static FolderLock acquire(Path folder) throws IOException {
    Object key = keyOf(folder);
    synchronized (HELD) {
      if (HELD.contains(key)) {
        throw locked(folder, "in this program", null);
      }
      FolderLock lock = new FolderLock(key, lockFile(folder, key));
      HELD.add(key);
      return lock;
    }
  }

  /** Lets others in. */
  void release() throws IOException {
    synchronized (HELD) {
      HELD.remove(folderKey);
      channel.close();
    }
  }

  private static FileChannel lockFile(Path folder, Object key) throws IOException {
    FileChannel kept = KEPT_OPEN.remove(key);
    FileChannel channel = kept != null ? kept : openLockFile(folder);
    FileLock lock;
    try {
      lock = Uninterruptible.run(channel::tryLock);
    } catch (OverlappingFileLockException e) {
      KEPT_OPEN.put(key, channel);
      throw locked(folder, "in this program, under another class loader", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    if (lock == null) {
      channel.close();
      throw locked(folder, "by another process", null);
    }
    return channel;
  }

  private static FileChannel openLockFile(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve(FileNames.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** The folder itself where the system can tell (device and inode), else its real path. */
  private static Object keyOf(Path folder) throws IOException {
    Object fileKey = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    return fileKey != null ? fileKey : folder.toRealPath();
  }

  private static StorageLockedException locked(
      Path folder, String where, @Nullable Throwable cause) {
    return new StorageLockedException(
        "The database in " + folder + " is open already, " + where + "; close it there first.",
        cause);
  }
}
