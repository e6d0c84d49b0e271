package org.edgevec.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A database's files in a folder, as base64 by name: what goes to and comes from a page. */
final class StoreFolder {

  private StoreFolder() {}

  /** The files of a folder that belong to the store; its lock does not. */
  static Map<String, String> read(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.filter(path -> path.toString().endsWith(".evec")).toList()) {
        files.put(
            path.getFileName().toString(),
            Base64.getEncoder().encodeToString(Files.readAllBytes(path)));
      }
    }
    return files;
  }

  /** Writes files into a new folder. */
  static void write(Path folder, Map<String, String> files) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
    }
  }
}
