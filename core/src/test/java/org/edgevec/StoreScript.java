package org.edgevec;

import java.util.Map;
import java.util.TreeMap;
import org.edgevec.storage.MemoryStorage;

/** What is done to a database whose files are then looked at, damaged, and opened again. */
@FunctionalInterface
public interface StoreScript {

  void run(VectorDatabase db);

  /**
   * Opens a database, with a background that does not run, and runs a script on it.
   *
   * @param files its files; they stay as they are
   * @param close whether to take the files after closing it, or as a crash would leave them
   * @return its files then
   */
  static Map<String, byte[]> run(
      Map<String, byte[]> files, Options options, boolean close, StoreScript script) {
    MemoryStorage.Disk disk = MemoryStorage.Disk.of(files);
    VectorDatabase db =
        VectorDatabase.open(MemoryStorage.open(disk), options, TestPlatform.withBackground(7));
    script.run(db);
    Map<String, byte[]> crashed = new TreeMap<>(disk.files());
    db.close();
    return close ? new TreeMap<>(disk.files()) : crashed;
  }
}
