package org.edgevec.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLostException;
import org.jspecify.annotations.Nullable;

/** Turns the system's errors into the few that a program can act on. */
final class IoFailures {

  /** What Linux, macOS and Windows say, in the language that the JVM usually runs them in. */
  private static final List<String> FULL_MESSAGES =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "Disc quota exceeded",
          "There is not enough space on the disk");

  private IoFailures() {}

  /**
   * The typed form of a failure to do something to a file of an open storage.
   *
   * @param doing what was tried, as in "append 12 bytes to"
   * @param path on what
   * @param neededBytes how much room that takes at least
   */
  static PersistenceException of(IOException failure, String doing, Path path, long neededBytes) {
    return lostOr(failure, doing, path, neededBytes, path.getParent());
  }

  /** The typed form of a failure to do something to the folder of an open storage. */
  static PersistenceException ofFolder(IOException failure, String doing, Path folder) {
    return lostOr(failure, doing, folder, 0, folder);
  }

  /** The typed form of a failure to open a storage. */
  static PersistenceException opening(IOException failure, Path folder) {
    return typed(failure, "open the database folder", folder, 1);
  }

  private static PersistenceException lostOr(
      IOException failure, String doing, Path path, long neededBytes, @Nullable Path folder) {
    if (folder != null && !Files.isDirectory(folder)) {
      return new StorageLostException(
          describe(failure, doing, path)
              + ". The folder is gone; bring it back and open the database again.",
          failure);
    }
    return typed(failure, doing, path, neededBytes);
  }

  private static PersistenceException typed(
      IOException failure, String doing, Path path, long neededBytes) {
    String what = describe(failure, doing, path);
    if (isFull(failure, path, neededBytes)) {
      return new StorageFullException(
          what + ". Free some room on the device and open the database again.", failure);
    }
    return new StorageIOException(
        what + ". Check the device and the permissions, then open the database again.", failure);
  }

  private static String describe(IOException failure, String doing, Path path) {
    return "Cannot " + doing + " " + path + ": " + reason(failure);
  }

  private static boolean isFull(IOException failure, Path path, long neededBytes) {
    String reason = reason(failure);
    if (FULL_MESSAGES.stream().anyMatch(reason::contains)) {
      return true;
    }
    // The system words its errors in the user's language, and a failed sync comes without a reason.
    return neededBytes > 0 && usableBytes(path) < neededBytes;
  }

  private static long usableBytes(Path path) {
    Path folder = path.getParent();
    try {
      return folder == null ? Long.MAX_VALUE : Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      // Only a hint on the first failure, which is the one to report.
      return Long.MAX_VALUE;
    }
  }

  /** A {@code FileSystemException}'s message may be no more than the path. */
  private static String reason(IOException failure) {
    String reason =
        failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }
}
