package org.edgevec.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLockedException;
import org.edgevec.storage.StorageLostException;
import org.jspecify.annotations.Nullable;

/**
 * The lock file of a folder, and the fence in it.
 *
 * <p><b>Why a lock is not enough.</b> POSIX drops a process's lock on a file as soon as the process
 * closes any descriptor of it, so whoever copies the file in the same JVM (a backup) lets the next
 * opener in; so does whoever removes the file, or puts another folder in this one's place. So the
 * file holds a token, too. An opener writes its own before it reads anything else, and a writer
 * looks, after each sync and before anybody is told of it, whether the file of that path is still
 * the one that it opened and holds its own token. Either the look came first, and the other's
 * recovery finds what was synced; or nothing is acknowledged any more.
 *
 * <p><b>Steps.</b> What another opener must not find happening under it, making, replacing and
 * removing files, is done in a <em>step</em>: under a lock on the file's last byte, which an opener
 * takes to write its token, and after a look. Appending to a file needs none: who finds that the
 * file was not {@linkplain #wasClosed closed} {@linkplain
 * org.edgevec.storage.StorageBackend#mayGrow replaces} what may still be appended to.
 *
 * <p>The file is read through the one descriptor that holds the lock, since opening and closing
 * another would drop it. Its calls are those of {@code java.io}, which no interrupt can break.
 */
final class LockFile {

  /** Up to here reaches the lock of an owner; earlier versions lock the byte behind it, too. */
  private static final long STEP_BYTE = Long.MAX_VALUE - 1;

  /**
   * What the file holds when nobody has the folder. An empty file says nothing: it was made anew in
   * the place of one that was removed, and whose owner may be alive. And writing over what is there
   * needs no room on the device.
   */
  private static final byte[] CLOSED = "closed".getBytes(StandardCharsets.US_ASCII);

  private static final int MIN_TOKEN_BYTES = 64;
  private static final int MAX_TOKEN_BYTES = 1024;

  /** How long another process may take for a step, which holds up an opener. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Path path;

  /** Null if it is shared and there is none. */
  private final @Nullable RandomAccessFile file;

  private final boolean isShared;
  private final byte[] token = newToken();

  @GuardedBy("this")
  private final byte[] seen = new byte[token.length];

  private final Object stepMonitor = new Object();
  private @Nullable Object identity;
  private boolean wasClosed;

  @GuardedBy("this")
  private @Nullable String fence;

  private LockFile(Path path, @Nullable RandomAccessFile file, boolean isShared) {
    this.path = path;
    this.file = file;
    this.isShared = isShared;
  }

  /** Opens the lock file of a folder, and makes it if there is none. */
  static LockFile open(Path folder, DiskCalls disk) throws IOException {
    Path path = folder.resolve(FileNames.LOCK);
    checkIsFile(path);
    return new LockFile(path, disk.openLockFile(path), false);
  }

  /**
   * Opens the lock file of a folder that cannot be written to, if there is one, and takes a lock
   * that others may have, too. Who has it changes nothing and so needs no fence.
   *
   * @return null if a writer has the lock
   */
  static @Nullable LockFile share(Path folder) throws IOException {
    Path path = folder.resolve(FileNames.LOCK);
    checkIsFile(path);
    if (!Files.exists(path)) {
      return new LockFile(path, null, true);
    }
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    FileLock lock = null;
    try {
      lock = Uninterruptible.run(() -> file.getChannel().tryLock(0, STEP_BYTE, /* shared= */ true));
    } finally {
      if (lock == null) {
        file.close();
      }
    }
    return lock == null ? null : new LockFile(path, file, true);
  }

  private static void checkIsFile(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      // Opening a pipe may take for ever, and a link may lead anywhere.
      throw new IOException("its " + FileNames.LOCK + " is not a file");
    }
  }

  /** Whether it was opened for reading alone. */
  boolean isShared() {
    return isShared;
  }

  /**
   * @throws StorageIOException if the folder was opened for reading alone
   */
  void checkWritable() {
    if (isShared) {
      throw new StorageIOException(
          "The folder " + path.getParent() + " cannot be written to, and was opened for reading.");
    }
  }

  private RandomAccessFile file() {
    checkWritable();
    return Objects.requireNonNull(file);
  }

  /**
   * Random enough: two openers of one file must not have the same. Of a random length, too, which
   * the file's path shows.
   */
  private static byte[] newToken() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String text =
        "open in process "
            + ProcessHandle.current().pid()
            + " "
            + Long.toHexString(random.nextLong())
            + Long.toHexString(random.nextLong());
    int length = random.nextInt(MIN_TOKEN_BYTES, MAX_TOKEN_BYTES);
    return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), length);
  }

  /**
   * Takes the lock, and then makes the file this opener's own.
   *
   * @return whether it was free
   * @throws OverlappingFileLockException if this JVM holds it, under another class loader
   */
  boolean tryOwn() throws IOException {
    FileLock lock =
        Uninterruptible.run(() -> file().getChannel().tryLock(0, STEP_BYTE, /* shared= */ false));
    if (lock == null) {
      return false;
    }
    Uninterruptible.run(
        () -> {
          try (FileLock step = lockStep()) {
            own(step);
          }
          return path;
        });
    return true;
  }

  private void own(FileLock step) throws IOException {
    Objects.requireNonNull(step);
    wasClosed = holds(CLOSED);
    file().seek(0);
    file().write(token);
    file().setLength(token.length);
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    identity = attributes.fileKey();
    if (attributes.size() != token.length) {
      throw new StorageLockedException(
          "Another process replaced the lock file " + path + " just now; open the database again.");
    }
  }

  private boolean holds(byte[] content) throws IOException {
    byte[] found = new byte[content.length];
    file().seek(0);
    return file().length() == content.length
        && file().read(found) == content.length
        && Arrays.equals(found, content);
  }

  private FileLock lockStep() throws IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        FileLock lock = file().getChannel().tryLock(STEP_BYTE, 1, /* shared= */ false);
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // The same classes under another class loader of this JVM.
      }
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new StorageLockedException(
            "Another process holds up the database in "
                + path.getParent()
                + "; close it there first.");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Whether whoever had the folder before has certainly closed it. */
  boolean wasClosed() {
    return wasClosed;
  }

  /**
   * Looks whether the folder is still this opener's own.
   *
   * @throws StorageLockedException if it is not, now and from now on
   * @throws PersistenceException if nobody can tell
   */
  synchronized void check() {
    if (isShared) {
      return;
    }
    if (fence == null) {
      fence = look();
    }
    if (fence != null) {
      throw new StorageLockedException(
          "The lock file "
              + path
              + " "
              + fence
              + " while the database was open, so that another process may have it open now. Nothing"
              + " more is written here; close the database.");
    }
  }

  /** If the folder is gone or somebody else's, that is why writing failed. */
  PersistenceException whyNot(StorageIOException failure) {
    try {
      check();
      return failure;
    } catch (StorageLockedException | StorageLostException e) {
      e.addSuppressed(failure);
      return e;
    }
  }

  /** What is wrong with the lock file, or null. */
  @GuardedBy("this")
  private @Nullable String look() {
    try {
      Object now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      if (!Objects.equals(now, identity)) {
        return "was replaced";
      }
      file().seek(0);
      int read = file().read(seen);
      return read == token.length && Arrays.equals(seen, token) ? null : "was taken";
    } catch (NoSuchFileException e) {
      Path folder = path.getParent();
      if (folder != null && Files.isDirectory(folder)) {
        return "was removed";
      }
      // Not by a second look, which might find another folder there by now.
      throw new StorageLostException(
          "The folder " + folder + " is gone; bring it back and open the database again.", e);
    } catch (IOException e) {
      throw IoFailures.of(e, "read", path, 0);
    }
  }

  /**
   * Changes which files there are, unless the folder is no longer this opener's own.
   *
   * @throws PersistenceException if it is not; nothing was changed
   */
  void step(IoStep change) throws IOException {
    checkWritable();
    synchronized (stepMonitor) {
      Uninterruptible.run(
          () -> {
            try (FileLock step = lockStep()) {
              Objects.requireNonNull(step);
              check();
              change.run();
            }
            return path;
          });
    }
  }

  /**
   * Says that nothing is appended any more; does nothing if the file is somebody else's now, or its
   * folder is gone.
   */
  void markClosed() throws IOException {
    if (isShared) {
      return;
    }
    try {
      step(this::writeClosed);
    } catch (StorageLockedException | StorageLostException e) {
      // What was acknowledged is the other's, too, and what was not has been told.
    }
  }

  private void writeClosed() throws IOException {
    file().seek(0);
    file().write(CLOSED);
    file().setLength(CLOSED.length);
  }

  /** Gives up the lock. */
  void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
