package org.edgevec.file;

import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.storage.StorageLockedException;

/** Opens a folder, prints "open" or "locked: ...", and holds it until its input ends. */
final class LockHolder {

  private LockHolder() {}

  public static void main(String[] arguments) throws IOException {
    try (FileStorage storage = FileStorage.open(Path.of(arguments[0]))) {
      System.out.println(storage.list().isEmpty() ? "open" : "open, with files");
      while (System.in.read() >= 0) {
        // Only the end matters.
      }
    } catch (StorageLockedException e) {
      System.out.println("locked: " + e.getMessage());
    }
  }
}
