package org.edgevec.storage;

/**
 * Every file name that a database uses, built and parsed in one place.
 *
 * <p>Numbers are 16 lower-case hexadecimal digits, so that names sort by number: {@code
 * wal-0000000000000001.evec}.
 */
public final class StoreFiles {

  /** How every name ends, apart from {@link #torn} ones. */
  private static final String SUFFIX = ".evec";

  private static final String TORN_SUFFIX = ".torn";

  /**
   * The highest number of a file, and of a batch, that is believed. Counting never gets there, and
   * whatever goes on counting from one that is read must not overflow.
   */
  public static final long MAX_NUMBER = 1L << 62;

  /** How far the log is known to be durable. */
  public static final String SEAL = "seal" + SUFFIX;

  private StoreFiles() {}

  /** The kinds of file that carry a number. */
  public enum Kind {
    /** A piece of the write-ahead log. */
    WAL("wal-"),
    /** An immutable set of entries with their vectors. */
    SEGMENT("segment-"),
    /** The list of what makes up a snapshot. */
    MANIFEST("manifest-"),
    /** The links between the entries of a snapshot, for searching. */
    GRAPH("graph-");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }

    /** The file name for a number, which is at least 0. */
    public String name(long number) {
      String hex = Long.toHexString(number);
      return prefix + "0".repeat(16 - hex.length()) + hex + SUFFIX;
    }

    /** The number in such a name, or -1 if {@code name} is not one of this kind. */
    public long number(String name) {
      if (name.length() != prefix.length() + 16 + SUFFIX.length()
          || !name.startsWith(prefix)
          || !name.endsWith(SUFFIX)) {
        return -1;
      }
      return parseHex(name, prefix.length());
    }
  }

  /** Where recovery keeps the torn tail that it cut from a log file. */
  public static String torn(String walName) {
    return walName + TORN_SUFFIX;
  }

  /** The number of the log file whose torn tail a file holds, or -1 if it holds none. */
  public static long tornNumber(String name) {
    return name.endsWith(TORN_SUFFIX)
        ? Kind.WAL.number(name.substring(0, name.length() - TORN_SUFFIX.length()))
        : -1;
  }

  /** Whether a database may have written a file of that name. */
  public static boolean isStoreFile(String name) {
    if (name.equals(SEAL)) {
      return true;
    }
    String plain =
        name.endsWith(TORN_SUFFIX) ? name.substring(0, name.length() - TORN_SUFFIX.length()) : name;
    for (Kind kind : Kind.values()) {
      if (kind.number(plain) >= 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Insists that no file has a number that counting cannot have reached.
   *
   * @throws CorruptDataException naming the first that has
   */
  public static void checkNumbers(Iterable<String> names) {
    for (String name : names) {
      for (Kind kind : Kind.values()) {
        if (kind.number(name) > MAX_NUMBER) {
          throw new CorruptDataException(name, 0, "its number is higher than any that is given");
        }
      }
    }
  }

  private static long parseHex(String name, int start) {
    long number = 0;
    for (int i = start; i < start + 16; i++) {
      char c = name.charAt(i);
      int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
      if (digit < 0) {
        return -1;
      }
      number = number << 4 | digit;
    }
    return number;
  }
}
