package org.edgevec.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.edgevec.InvalidInputException;
import org.edgevec.storage.StoreFiles;

/**
 * Decides whether a path may hold a database, and makes the folder for a new one.
 *
 * <p>A folder is a database's if it holds the lock file or any file that a database writes. An
 * empty folder may become one, and hidden files make none less empty: a new volume comes with
 * {@code lost+found}, a desktop leaves {@code .DS_Store}, and git needs {@code .gitkeep}. All else
 * is left alone.
 */
final class DatabaseFolder {

  private final Path path;
  private final DiskCalls disk;

  DatabaseFolder(Path path, DiskCalls disk) {
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new InvalidInputException(
          InvalidInputException.Code.INVALID_ARGUMENT,
          path + " is not in the default file system; a database needs a folder on a disk.");
    }
    Path absolute = path.toAbsolutePath();
    // Where nothing is yet, "new/../db" must not make a folder "new".
    this.path = Files.exists(absolute) ? absolute : absolute.normalize();
    this.disk = disk;
  }

  /**
   * Makes sure that the folder exists and may be used, and returns its real path. The entry of a
   * folder without a database in it is durable on return.
   *
   * @throws InvalidInputException {@code NOT_A_DATABASE}, and nothing was created
   */
  Path prepare() throws IOException {
    checkNothingElseIsThere();
    if (holdsDatabase()) {
      return path.toRealPath();
    }
    forceNewEntries(createMissing());
    return path.toRealPath();
  }

  /** Whether the folder exists and holds a file that a database wrote. */
  boolean holdsDatabase() throws IOException {
    return Files.isDirectory(path) && names().stream().anyMatch(StoreFiles::isStoreFile);
  }

  /**
   * Refuses a path that is not a folder, or one that holds something else.
   *
   * @throws InvalidInputException {@code NOT_A_DATABASE}
   */
  void checkNothingElseIsThere() throws IOException {
    for (Path at = path; at != null; at = at.getParent()) {
      if (Files.exists(at)) {
        checkIsFolder(at);
        break;
      }
    }
    if (Files.isDirectory(path)) {
      checkContent(names());
    }
  }

  private void checkIsFolder(Path existing) {
    if (!Files.isDirectory(existing)) {
      throw new InvalidInputException(
          InvalidInputException.Code.NOT_A_DATABASE,
          existing + " is a file, and a database needs a folder; give the path of a folder.");
    }
  }

  private void checkContent(List<String> names) throws IOException {
    if (names.contains(FileNames.LOCK) || names.stream().anyMatch(StoreFiles::isStoreFile)) {
      return;
    }
    for (String name : names) {
      if (!isHidden(name)) {
        throw new InvalidInputException(
            InvalidInputException.Code.NOT_A_DATABASE,
            path
                + " holds something that is not a database, for example "
                + name
                + "; give the path of a database, or of a new or empty folder.");
      }
    }
  }

  /** Whether the system or its tools keep a thing of that name in folders that are empty. */
  private boolean isHidden(String name) throws IOException {
    return name.startsWith(".")
        || name.equals("lost+found")
        || name.equalsIgnoreCase("desktop.ini")
        || name.equalsIgnoreCase("thumbs.db")
        || Files.isHidden(path.resolve(name));
  }

  private List<String> names() throws IOException {
    return namesIn(path);
  }

  /** The names of everything in a folder, in no order. */
  static List<String> namesIn(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private Set<Path> createMissing() throws IOException {
    Set<Path> missing = new HashSet<>();
    for (Path at = path; at != null && !Files.exists(at); at = at.getParent()) {
      missing.add(at);
    }
    Files.createDirectories(path);
    return missing;
  }

  /**
   * Forces the entry of the folder and of every folder made on the way to it, and that of the first
   * one found: an earlier start may have made it and died before it forced it.
   */
  private void forceNewEntries(Set<Path> created) throws IOException {
    Path at = path;
    boolean own = true;
    while (own && at.getParent() != null) {
      own = created.contains(at);
      forceEntriesOf(at.getParent(), own);
      at = at.getParent();
    }
  }

  private void forceEntriesOf(Path folder, boolean madeHere) throws IOException {
    try {
      disk.forceDirectory(folder);
    } catch (AccessDeniedException e) {
      // One may be allowed to use a folder without being allowed to read the one around it. Then
      // whoever made it has to vouch for its entry.
      if (madeHere) {
        throw e;
      }
    }
  }
}
