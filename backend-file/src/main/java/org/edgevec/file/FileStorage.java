package org.edgevec.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.jspecify.annotations.Nullable;

/**
 * Storage in a folder of the file system: every name is a file of that name.
 *
 * <p><b>The folder.</b> {@link #open} makes it, and missing folders on the way to it, as Lucene
 * does. It refuses a path that is a file and a folder that holds something else, and touches
 * neither. The folder holds one file more, {@code edgevec.lock}, which stays when the storage is
 * closed. Nobody should delete, open or copy that file while a storage is open: POSIX gives a lock
 * up when the process closes any descriptor of the file, and then another process may open the
 * folder. {@link LockFile} says how that is noticed before anything is acknowledged: writing calls
 * then throw {@link org.edgevec.storage.StorageLockedException}.
 *
 * <p><b>Durability.</b> A strict {@link #sync} returns after the device confirmed the bytes (on
 * macOS with {@code F_FULLFSYNC}), and before the first one returns for a new file, the folder is
 * forced, so that the file's name is durable too. The entry of a newly made folder is forced before
 * {@link #open} returns. Windows cannot force a folder: there a new name is as durable as the file
 * system's journal makes it, and a power cut may undo a creation or a replacement (whole, never in
 * part). A relaxed sync has nothing to do, because an append has handed its bytes to the system.
 *
 * <p>{@link #atomicWrite} writes a temporary file in the same folder, forces it, renames it and
 * forces the folder. If only the last step fails, the new content is in place and may or may not
 * survive a power cut; the exception says so by coming from the folder's sync.
 *
 * <p><b>Failures.</b> After a failed append, truncate or sync, further ones of that name are
 * refused until the storage is opened again; after a failed sync of the folder, all strict ones
 * are.
 *
 * <p><b>Interrupts</b> neither stop nor spoil a call, and the thread's interrupt status is kept.
 *
 * <p><b>Threads.</b> As the port says; {@link #close} waits for calls under way, and an {@link
 * #atomicWrite} whose content is still being written then fails.
 *
 * <p>Beyond the port's rule for names, {@code edgevec.lock} and {@code NAME.tmp-} with 16
 * hexadecimal digits are refused. {@link #open} deletes such temporary files of the names that a
 * database writes ({@link StoreFiles#isStoreFile}), and no others: they may be somebody's own.
 */
public final class FileStorage implements StorageBackend {

  /** More than letting go of a folder takes, however large its frames are. */
  static final int FRAMES = 400;

  private final Path folder;
  private final DiskCalls disk;
  private final FolderLock lock;
  private final FolderEntries entries;
  private final FolderFiles folderFiles;
  private final OpenFiles openFiles;

  /** Calls hold its read lock while they touch the disk; {@link #close} takes the write lock. */
  private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();

  /** The log file that another opener may still append to. */
  private volatile @Nullable String inherited;

  @GuardedBy("lifecycle")
  private boolean closed;

  private FileStorage(Path folder, DiskCalls disk, FolderLock lock) {
    this.folder = folder;
    this.disk = disk;
    this.lock = lock;
    this.entries = new FolderEntries(folder, disk);
    this.folderFiles = new FolderFiles(folder, lock.file());
    this.openFiles = new OpenFiles(folder, disk, entries, lock.file());
  }

  /**
   * Opens the storage in {@code folder} and takes its lock; makes the folder if there is none.
   *
   * @throws org.edgevec.storage.StorageLockedException if it is open, here or in another process
   * @throws org.edgevec.InvalidInputException {@code NOT_A_DATABASE} if the path is a file, or a
   *     folder that is not empty and holds no database; nothing was created
   * @throws StorageIOException if the folder cannot be made or written to
   */
  public static FileStorage open(Path folder) {
    EdgeVec.required(folder, "The folder");
    return open(folder, DiskCalls.SYSTEM);
  }

  static FileStorage open(Path folder, DiskCalls disk) {
    requireStack(FRAMES);
    DatabaseFolder checked = new DatabaseFolder(folder, disk);
    try {
      Path real = checked.prepare();
      return openLocked(real, disk, FolderLock.acquire(real, disk));
    } catch (IOException e) {
      throw IoFailures.opening(e, folder.toAbsolutePath());
    }
  }

  /**
   * Lets the stack overflow here, before anything is held, if it has no room for letting go of it
   * again.
   */
  static void requireStack(int frames) {
    if (frames > 0) {
      requireStack(frames - 1);
    }
  }

  /**
   * Opens the storage in a folder that holds a database, for somebody who changes nothing. If the
   * folder cannot be written to (a read-only mount), nothing is made or removed in it, and every
   * changing call fails; if it holds a lock file, nobody can open it for writing meanwhile.
   *
   * @throws org.edgevec.storage.StorageLockedException if it is open for writing
   * @throws org.edgevec.InvalidInputException {@code NOT_A_DATABASE} as {@link #open}
   */
  static FileStorage openForReading(Path folder) {
    return Files.isWritable(folder) ? open(folder) : share(folder);
  }

  static FileStorage share(Path folder) {
    requireStack(FRAMES);
    DatabaseFolder checked = new DatabaseFolder(folder, DiskCalls.SYSTEM);
    try {
      checked.checkNothingElseIsThere();
      Path real = folder.toRealPath();
      return openLocked(real, DiskCalls.SYSTEM, FolderLock.share(real));
    } catch (IOException e) {
      throw IoFailures.opening(e, folder.toAbsolutePath());
    }
  }

  private static FileStorage openLocked(Path folder, DiskCalls disk, FolderLock lock)
      throws IOException {
    boolean isOpen = false;
    try {
      FileStorage storage = new FileStorage(folder, disk, lock);
      if (!lock.file().isShared()) {
        storage.folderFiles.removeLeftovers();
        if (!lock.file().wasClosed()) {
          // Whoever had the folder before may be appending to it still.
          storage.inherited = storage.folderFiles.newestLog();
        }
        // What an earlier process created and did not sync has a durable name from here on.
        disk.forceDirectory(folder);
      }
      isOpen = true;
      return storage;
    } finally {
      if (!isOpen) {
        lock.release();
      }
    }
  }

  @Override
  public List<String> list() {
    enter();
    try {
      return folderFiles.names();
    } finally {
      leave();
    }
  }

  @Override
  public long size(String name) {
    enter(name);
    try {
      return folderFiles.existingSize(name);
    } finally {
      leave();
    }
  }

  @Override
  public void read(String name, long offset, byte[] target, int targetOffset, int length) {
    enter(name);
    try {
      Objects.checkFromIndexSize(targetOffset, length, target.length);
      folderFiles.existingSize(name);
      openFiles.read(name, offset, target, targetOffset, length);
    } finally {
      leave();
    }
  }

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    enter(name);
    try {
      Objects.checkFromIndexSize(offset, length, data.length);
      lock.file().checkWritable();
      openFiles.appendFile(name).append(data, offset, length);
    } catch (StorageIOException e) {
      throw lock.file().whyNot(e);
    } finally {
      leave();
    }
  }

  @Override
  public void sync(String name, Durability durability) {
    Objects.requireNonNull(durability, "durability");
    enter(name);
    try {
      folderFiles.existingSize(name);
      AppendFile file = openFiles.appendFile(name);
      lock.file().checkWritable();
      if (durability == Durability.STRICT) {
        file.force();
      } else {
        file.checkUsable();
      }
      // Last: who looks after the sync may tell of it.
      lock.file().check();
    } catch (StorageIOException e) {
      throw lock.file().whyNot(e);
    } finally {
      leave();
    }
  }

  @Override
  public void truncate(String name, long size) {
    enter(name);
    try {
      folderFiles.existingSize(name);
      lock.file().checkWritable();
      lock.file().check();
      openFiles.appendFile(name).truncate(size);
    } catch (StorageIOException e) {
      throw lock.file().whyNot(e);
    } finally {
      leave();
    }
  }

  @Override
  public void delete(String name) {
    enter(name);
    Path path = folder.resolve(name);
    try {
      changeFile(name, () -> Files.deleteIfExists(path));
    } catch (IOException e) {
      throw IoFailures.of(e, "delete", path, 0);
    } finally {
      leave();
    }
  }

  @Override
  public void atomicWrite(String name, Content content) {
    AtomicFile fresh = createAtomicFile(name);
    try {
      // The content may use this storage, and take long, so it runs outside of the lock.
      content.writeTo(fresh);
      publish(name, fresh);
    } catch (RuntimeException | Error failure) {
      fresh.discard(failure);
      throw failure;
    }
    forceEntries();
  }

  @Override
  public boolean mayGrow(String name) {
    return name.equals(inherited);
  }

  /** Releases the lock, after calls under way have ended. Does not sync. */
  @Override
  public void close() {
    lifecycle.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        closeFiles();
      }
    } finally {
      lifecycle.writeLock().unlock();
    }
  }

  /** Lets others in, however far opening or closing came. */
  void abandon() {
    try {
      lock.release();
    } catch (IOException e) {
      throw Closing.failure(e, folder);
    }
  }

  /** Closes everything, whatever fails, the lock last; throws the first failure. */
  private void closeFiles() {
    Closing closing = new Closing(folder);
    try {
      openFiles.close(closing);
      if (inherited == null) {
        closing.run(lock.file()::markClosed);
      }
    } finally {
      // Also after an error of the JVM's: nobody else could ever let the next opener in.
      closing.run(lock::release);
    }
    closing.end();
  }

  private AtomicFile createAtomicFile(String name) {
    enter(name);
    try {
      lock.file().checkWritable();
      // At random, so that no two storages ever mean the same file, not even one closed too early.
      String temporary = FileNames.temporary(name, ThreadLocalRandom.current().nextLong());
      return AtomicFile.create(folder.resolve(temporary), disk);
    } catch (StorageIOException e) {
      throw lock.file().whyNot(e);
    } finally {
      leave();
    }
  }

  private void publish(String name, AtomicFile fresh) {
    enter();
    try {
      entries.checkUsable();
      fresh.complete();
      changeFile(name, () -> fresh.replace(folder.resolve(name)));
    } catch (IOException e) {
      throw IoFailures.of(e, "replace", folder.resolve(name), 0);
    } finally {
      leave();
    }
  }

  private void forceEntries() {
    enter();
    try {
      entries.force();
    } catch (StorageIOException e) {
      throw lock.file().whyNot(e);
    } finally {
      leave();
    }
  }

  /** Changes which file a name stands for; nobody else appends to the new one. */
  private void changeFile(String name, IoStep change) throws IOException {
    openFiles.change(name, change);
    if (name.equals(inherited)) {
      inherited = null;
    }
  }

  private void enter(String name) {
    enter();
    try {
      FileNames.check(name);
    } catch (RuntimeException e) {
      leave();
      throw e;
    }
  }

  @SuppressWarnings("GuardedBy") // it is held from here on until leave
  private void enter() {
    lifecycle.readLock().lock();
    if (closed) {
      leave();
      throw new StorageIOException(
          "The storage in " + folder + " was closed; open the database again");
    }
  }

  private void leave() {
    lifecycle.readLock().unlock();
  }
}
