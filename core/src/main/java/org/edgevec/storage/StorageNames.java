package org.edgevec.storage;

/**
 * The rule that every {@link StorageBackend} applies to the names it is given: {@code
 * [a-z0-9][a-z0-9.-]{0,99}}. Such a name is safe as a file name on every system and holds no path.
 */
public final class StorageNames {

  private static final int MAX_LENGTH = 100;

  private StorageNames() {}

  /**
   * Refuses a name that no backend takes.
   *
   * @throws IllegalArgumentException if {@code name} breaks the rule
   */
  public static void check(String name) {
    if (!isValid(name)) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" is not a storage name: use 1 to "
              + MAX_LENGTH
              + " of a-z, 0-9, '.' and '-', beginning with a letter or a digit");
    }
  }

  /** Whether the name follows the rule. */
  public static boolean isValid(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH || !isAlphanumeric(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isAlphanumeric(c) && c != '.' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }
}
