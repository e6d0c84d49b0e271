package org.edgevec.file;

import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageIOException;
import org.jspecify.annotations.Nullable;

/**
 * The names in a database's folder, made durable by forcing the folder. Once that has failed it is
 * never tried again: the system may have dropped what it could not write, and a second force would
 * succeed over the loss.
 */
final class FolderEntries {

  private final Path folder;
  private final DiskCalls disk;
  private volatile @Nullable PersistenceException failure;

  FolderEntries(Path folder, DiskCalls disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /** Makes every creation and renaming so far durable. */
  void force() {
    checkUsable();
    try {
      disk.forceDirectory(folder);
    } catch (IOException e) {
      PersistenceException mapped = IoFailures.ofFolder(e, "sync the folder", folder);
      failure = mapped;
      throw mapped;
    }
  }

  /** Fails if an earlier force has failed. */
  void checkUsable() {
    PersistenceException earlier = failure;
    if (earlier != null) {
      throw new StorageIOException(
          "An earlier sync of the folder "
              + folder
              + " failed, and what it holds is unknown; close the database and open it again.",
          earlier);
    }
  }
}
