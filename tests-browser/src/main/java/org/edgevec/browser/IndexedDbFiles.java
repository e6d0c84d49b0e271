package org.edgevec.browser;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Tells from a profile's folder with what the browser keeps the sites' IndexedDB. */
final class IndexedDbFiles {

  private static final byte[] SQLITE_MAGIC =
      "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  private IndexedDbFiles() {}

  /** What a browser's IndexedDB rests on. */
  enum Kind {
    LEVELDB("LevelDB"),
    SQLITE("SQLite");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Where Chromium and Firefox keep the IndexedDB of all sites. */
  static List<Path> folders(Path profile) throws IOException {
    Path chromium = profile.resolve("Default/IndexedDB");
    if (Files.isDirectory(chromium)) {
      return List.of(chromium);
    }
    return children(profile.resolve("storage/default")).stream()
        .map(origin -> origin.resolve("idb"))
        .toList();
  }

  /** What databases of sites there are; empty if there are none. */
  static Set<Kind> kinds(Path profile) throws IOException {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (Path folder : folders(profile)) {
      addKinds(folder, kinds);
      for (Path child : children(folder)) {
        addKinds(child, kinds);
      }
    }
    return kinds;
  }

  private static void addKinds(Path folder, Set<Kind> kinds) throws IOException {
    if (Files.exists(folder.resolve("CURRENT"))) {
      kinds.add(Kind.LEVELDB);
    }
    for (Path file : children(folder)) {
      if (isSqlite(file)) {
        kinds.add(Kind.SQLITE);
      }
    }
  }

  private static boolean isSqlite(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(SQLITE_MAGIC.length), SQLITE_MAGIC);
    } catch (NoSuchFileException e) {
      // The browser that is running has just deleted it.
      return false;
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    }
  }
}
