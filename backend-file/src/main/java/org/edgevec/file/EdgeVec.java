package org.edgevec.file;

import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.InvalidInputException;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SalvageReport;
import org.edgevec.VectorDatabase;
import org.edgevec.VerifyReport;
import org.jspecify.annotations.Nullable;

/**
 * Opens databases that lie in folders: where a program on the JVM begins.
 *
 * <p>While a database is open its folder belongs to it alone; see {@link FileStorage} for what the
 * folder holds and what durability rests on. Maintenance (sealing the log, due checkpoints) runs in
 * a daemon thread, {@code edgevec-maintenance}, that ends by itself when there is nothing to do.
 */
public final class EdgeVec {

  private EdgeVec() {}

  /**
   * Opens the database in {@code folder}, or makes one there if the options say of what kind and
   * allow it. Missing folders are made.
   *
   * @throws InvalidInputException {@code NOT_A_DATABASE} if the path is a file or holds something
   *     else, {@code NOT_FOUND} if there is no database and none may be made, {@code
   *     OPTIONS_MISMATCH} if the options contradict the stored ones; nothing was created or changed
   * @throws org.edgevec.storage.PersistenceException if it is open already, cannot be read whole,
   *     or was written by a newer version; its files are as they were. Also if there is no room to
   *     put in order what a crash left; nothing is lost then
   */
  public static VectorDatabase open(Path folder, Options options) {
    FileStorage.requireStack(FileStorage.FRAMES);
    required(folder, "The folder");
    required(options, "The object of Options");
    if (!mayCreate(options)) {
      requireDatabase(folder);
    }
    FilePlatform platform = new FilePlatform();
    FileStorage storage = openStorage(folder, options.salvage());
    boolean isOpen = false;
    try {
      VectorDatabase database = VectorDatabase.open(storage, options, platform);
      isOpen = true;
      return database;
    } finally {
      if (!isOpen) {
        // Closed already, unless there was no stack or memory for that.
        storage.abandon();
      }
    }
  }

  /** Opens a folder that cannot be written to all the same, for those who only read. */
  private static FileStorage openStorage(Path folder, boolean onlyReads) {
    return onlyReads ? FileStorage.openForReading(folder) : FileStorage.open(folder);
  }

  /**
   * Opens the database in {@code folder}, whatever its dimension and metric.
   *
   * @throws InvalidInputException as in {@link #open(Path, Options)}
   * @throws org.edgevec.storage.PersistenceException as in {@link #open(Path, Options)}
   */
  public static VectorDatabase open(Path folder) {
    return open(folder, Options.existing());
  }

  /**
   * Reads every stored byte of the database in {@code folder}, which must not be open, and tells
   * all that is damaged, with file and offset; see {@link VectorDatabase#verify(
   * org.edgevec.storage.StorageBackend, ProgressListener)}. Changes none of its files; the folder
   * may be one that cannot be written to.
   *
   * @throws InvalidInputException {@code NOT_FOUND} or {@code NOT_A_DATABASE} if there is none;
   *     nothing was created
   * @throws org.edgevec.storage.PersistenceException if it is open, cannot be read, or was written
   *     by a newer version
   */
  public static VerifyReport verify(Path folder, ProgressListener progress) {
    required(folder, "The folder");
    required(progress, "The progress listener");
    requireDatabase(folder);
    return VectorDatabase.verify(FileStorage.openForReading(folder), progress);
  }

  /** Verifies without telling of progress; see {@link #verify(Path, ProgressListener)}. */
  public static VerifyReport verify(Path folder) {
    return verify(folder, ProgressListener.NONE);
  }

  /**
   * Copies what can still be read of the damaged database in one folder into a new database in
   * another; see {@link VectorDatabase#salvage}. The damaged one stays as it is.
   *
   * @param target a new or empty folder; made only after the damaged database was read
   * @throws InvalidInputException {@code INVALID_ARGUMENT} if a database is in {@code target},
   *     {@code NOT_A_DATABASE} if something else is there, {@code NOT_FOUND} if none is in {@code
   *     damaged}; nothing was created
   * @throws org.edgevec.storage.PersistenceException if neither snapshot can be read, or reading or
   *     writing fails; then no database is in {@code target}
   */
  public static SalvageReport salvage(Path damaged, Path target, ProgressListener progress) {
    required(damaged, "The damaged folder");
    required(target, "The folder for the copy");
    required(progress, "The progress listener");
    requireDatabase(damaged);
    requireNone(target);
    return VectorDatabase.salvage(
        FileStorage.openForReading(damaged),
        () -> FileStorage.open(target),
        new FilePlatform(),
        progress);
  }

  static void required(@Nullable Object value, String what) {
    if (value == null) {
      throw new InvalidInputException(
          InvalidInputException.Code.INVALID_ARGUMENT, what + " is null; give one.");
    }
  }

  private static boolean mayCreate(Options options) {
    return options.createIfMissing() && options.metric() != null && !options.salvage();
  }

  /** Refuses before the storage would make a folder and a lock file for nothing. */
  private static void requireDatabase(Path path) {
    if (!holdsDatabase(path)) {
      throw new InvalidInputException(
          InvalidInputException.Code.NOT_FOUND,
          "There is no database in "
              + path.toAbsolutePath()
              + ". To make one, open it with a dimension and a metric.");
    }
  }

  /** Refuses a place for a copy before the damaged database is read for nothing. */
  private static void requireNone(Path path) {
    if (holdsDatabase(path)) {
      throw new InvalidInputException(
          InvalidInputException.Code.INVALID_ARGUMENT,
          "There is a database in "
              + path.toAbsolutePath()
              + " already; give a new or empty folder for the copy.");
    }
  }

  /** Whether a database is there; refuses a place that holds something else. */
  private static boolean holdsDatabase(Path path) {
    DatabaseFolder folder = new DatabaseFolder(path, DiskCalls.SYSTEM);
    try {
      folder.checkNothingElseIsThere();
      return folder.holdsDatabase();
    } catch (IOException e) {
      throw IoFailures.opening(e, path.toAbsolutePath());
    }
  }
}
