package org.edgevec.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.jspecify.annotations.Nullable;

/** Which files a database's folder holds, as the file system tells when it is asked. */
final class FolderFiles {

  private final Path folder;
  private final LockFile lock;

  FolderFiles(Path folder, LockFile lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** The names of the files that a caller may use, sorted. */
  List<String> names() {
    try {
      List<String> names = new ArrayList<>();
      for (String name : DatabaseFolder.namesIn(folder)) {
        if (FileNames.isUsable(name) && mayBeFile(folder.resolve(name))) {
          names.add(name);
        }
      }
      names.sort(null);
      return List.copyOf(names);
    } catch (IOException e) {
      throw IoFailures.ofFolder(e, "list", folder);
    }
  }

  /**
   * What cannot be looked at may be a file of the database's: it counts as one that cannot be read,
   * and not as one that is not there.
   */
  private static boolean mayBeFile(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).isRegularFile();
    } catch (NoSuchFileException e) {
      // Removed just now, unless it is a link to what is not there.
      return Files.isSymbolicLink(path);
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * The size of a file in bytes.
   *
   * @throws StorageIOException if there is no file of that name
   */
  long existingSize(String name) {
    Path path = folder.resolve(name);
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        return attributes.size();
      }
    } catch (NoSuchFileException e) {
      // If another opener removed it, or another folder stands here now, that is what to tell.
      lock.check();
      throw new StorageIOException("There is no file " + path, e);
    } catch (IOException e) {
      throw IoFailures.of(e, "read the size of", path, 0);
    }
    throw new StorageIOException(path + " is not a file");
  }

  /** The newest log file, or null if there is none. */
  @Nullable String newestLog() throws IOException {
    long newest = -1;
    for (String name : DatabaseFolder.namesIn(folder)) {
      newest = Math.max(newest, StoreFiles.Kind.WAL.number(name));
    }
    return newest < 0 ? null : StoreFiles.Kind.WAL.name(newest);
  }

  /** Deletes what interrupted atomic writes left. */
  void removeLeftovers() throws IOException {
    for (String name : DatabaseFolder.namesIn(folder)) {
      Path path = folder.resolve(name);
      if (FileNames.isLeftover(name) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(path);
      }
    }
  }
}
