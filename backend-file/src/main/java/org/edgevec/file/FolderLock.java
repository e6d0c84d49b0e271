package org.edgevec.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.edgevec.storage.StorageLockedException;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive right to a database's folder: a {@link LockFile}, and an entry in a table of this
 * JVM.
 *
 * <p>Both are needed. A file lock keeps other processes out, but POSIX drops it as soon as the
 * process closes <em>any</em> descriptor of that file. So within the JVM a second opener must be
 * turned away before it opens the file, and for the same reason the lock file is never opened
 * twice, copied or deleted here.
 *
 * <p>Nothing that reaches a disk is done under a monitor that other folders need: one that hangs
 * holds up nobody else.
 */
final class FolderLock {

  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  /**
   * Lock files that somebody outside of {@link #HELD} has locked in this JVM: the same classes
   * under another class loader. Closing such a file would drop the other's lock, so it is kept for
   * the next try. Only who has the key in {@link #HELD} looks it up.
   */
  private static final Map<Object, LockFile> KEPT_OPEN = new ConcurrentHashMap<>();

  private final Object folderKey;
  private final LockFile file;

  @GuardedBy("this")
  private boolean isReleased;

  private FolderLock(Object folderKey, LockFile file) {
    this.folderKey = folderKey;
    this.file = file;
  }

  /**
   * Takes the lock of a folder that exists, or fails at once.
   *
   * @throws StorageLockedException if this or another process holds it
   */
  static FolderLock acquire(Path folder, DiskCalls disk) throws IOException {
    Object key = keyOf(folder);
    if (!HELD.add(key)) {
      throw locked(folder, "in this program", null);
    }
    FolderLock lock = null;
    try {
      lock = new FolderLock(key, own(folder, disk, key));
      return lock;
    } finally {
      if (lock == null) {
        HELD.remove(key);
      }
    }
  }

  /**
   * Keeps writers out of a folder that cannot be written to, as far as that is possible without
   * making anything there.
   *
   * @throws StorageLockedException if this or another process holds it for writing
   */
  static FolderLock share(Path folder) throws IOException {
    Object key = keyOf(folder);
    if (!HELD.add(key)) {
      throw locked(folder, "in this program", null);
    }
    FolderLock lock = null;
    try {
      LockFile file = LockFile.share(folder);
      if (file == null) {
        throw locked(folder, "by another process", null);
      }
      lock = new FolderLock(key, file);
      return lock;
    } finally {
      if (lock == null) {
        HELD.remove(key);
      }
    }
  }

  /** The file, on which this opener is alone. */
  LockFile file() {
    return file;
  }

  /** Lets others in; a second call does nothing. */
  synchronized void release() throws IOException {
    if (isReleased) {
      return;
    }
    try {
      // Before another opener may come, whose lock this would drop.
      file.close();
    } finally {
      HELD.remove(folderKey);
      isReleased = true;
    }
  }

  private static LockFile own(Path folder, DiskCalls disk, Object key) throws IOException {
    LockFile kept = KEPT_OPEN.remove(key);
    LockFile file = kept != null ? kept : LockFile.open(folder, disk);
    boolean isKept = false;
    boolean isOwn = false;
    try {
      isOwn = file.tryOwn();
    } catch (OverlappingFileLockException e) {
      KEPT_OPEN.put(key, file);
      isKept = true;
      throw locked(folder, "in this program, under another class loader", e);
    } finally {
      if (!isOwn && !isKept) {
        file.close();
      }
    }
    if (!isOwn) {
      throw locked(folder, "by another process", null);
    }
    return file;
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
