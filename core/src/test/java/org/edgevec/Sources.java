package org.edgevec;

/** Sources that tests change and compile. */
public final class Sources {

  private Sources() {}

  /** A text without annotations that are not needed, and may not be on the class path. */
  public static String withoutAnnotations(String text) {
    return text.replaceAll("import (?:org\\.jspecify|com\\.google\\.errorprone)[^;]*;", "")
        .replaceAll("@GuardedBy\\([^)]*\\)\\s*", "")
        .replace("@Nullable ", "");
  }
}
