package org.edgevec.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a folder holds, for comparing before and after. */
public final class FolderContent {

  private FolderContent() {}

  /**
   * Every file under {@code folder} with its bytes in hexadecimal, every folder with "folder". The
   * lock file is only named: to read it would drop the lock of whoever holds it in this process.
   */
  public static Map<String, String> of(Path folder) {
    Map<String, String> content = new TreeMap<>();
    for (Path path : walk(folder)) {
      content.put(folder.relativize(path).toString(), describe(path));
    }
    return content;
  }

  /** The names of the files in {@code folder} with its bytes, without the lock file. */
  public static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path path : walk(from)) {
      if (Files.isRegularFile(path) && !path.endsWith(FileNames.LOCK)) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  /** A copy beside the folder, of which nothing is there if there is no folder. */
  static Path copyIfThere(Path folder, String name) throws IOException {
    Path copy = folder.resolveSibling(name);
    if (Files.exists(folder)) {
      copy(folder, copy);
    }
    return copy;
  }

  /**
   * Deletes what recovery kept aside in a folder: it is never read, and adds up over many kills.
   */
  static void deleteTorn(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path path : walk(folder)) {
        if (path.toString().endsWith(".torn")) {
          Files.delete(path);
        }
      }
    }
  }

  /** Deletes a folder with everything in it, if it is there. */
  static void deleteAll(Path folder) throws IOException {
    if (Files.exists(folder)) {
      List<Path> inner = new ArrayList<>(walk(folder));
      Collections.reverse(inner);
      for (Path path : inner) {
        Files.delete(path);
      }
      Files.delete(folder);
    }
  }

  private static List<Path> walk(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> !path.equals(folder)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String describe(Path path) {
    try {
      if (Files.isDirectory(path)) {
        return "folder";
      }
      return path.endsWith(FileNames.LOCK)
          ? "lock"
          : HexFormat.of().formatHex(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
