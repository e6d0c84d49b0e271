package org.edgevec.file;

import org.edgevec.storage.StorageNames;
import org.edgevec.storage.StoreFiles;

/** The names in a database's folder that belong to {@link FileStorage} itself. */
final class FileNames {

  /** The file whose {@code FileLock} is the database's lock. Stays when the database is closed. */
  static final String LOCK = "edgevec.lock";

  private static final String TEMPORARY_INFIX = ".tmp-";
  private static final int TEMPORARY_DIGITS = 16;

  private FileNames() {}

  /** The name under which the new content of {@code name} is collected. */
  static String temporary(String name, long number) {
    String hex = Long.toHexString(number);
    return name + TEMPORARY_INFIX + "0".repeat(TEMPORARY_DIGITS - hex.length()) + hex;
  }

  /** Whether {@link #temporary} makes this name of some valid name. */
  static boolean isTemporary(String name) {
    int infix = name.length() - TEMPORARY_DIGITS - TEMPORARY_INFIX.length();
    if (infix < 1
        || !name.startsWith(TEMPORARY_INFIX, infix)
        || !StorageNames.isValid(name.substring(0, infix))) {
      return false;
    }
    for (int i = name.length() - TEMPORARY_DIGITS; i < name.length(); i++) {
      if ("0123456789abcdef".indexOf(name.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a database left it: the {@link #temporary} name of a file that databases write. */
  static boolean isLeftover(String name) {
    int infix = name.length() - TEMPORARY_DIGITS - TEMPORARY_INFIX.length();
    return isTemporary(name) && StoreFiles.isStoreFile(name.substring(0, infix));
  }

  /** Whether a caller may use the name: it follows the rule and is none of our own. */
  static boolean isUsable(String name) {
    return StorageNames.isValid(name) && !name.equals(LOCK) && !isTemporary(name);
  }

  /**
   * Refuses a name that is not {@link #isUsable usable}.
   *
   * @throws IllegalArgumentException if it is not
   */
  static void check(String name) {
    StorageNames.check(name);
    if (!isUsable(name)) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is kept for the storage's own lock and temporary files");
    }
  }
}
