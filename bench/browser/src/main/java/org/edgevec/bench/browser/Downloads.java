package org.edgevec.bench.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.edgevec.browser.Gzip;

/**
 * What pages fetched of each npm package: what a user's visitor downloads, by observation. Thread
 * safe.
 */
final class Downloads {

  /** Bytes as published, and compressed with gzip -9 file by file. */
  record Size(int files, long plainBytes, long zippedBytes) {}

  private final Path packages;
  private final Map<String, Set<String>> fetched = new ConcurrentHashMap<>();

  /**
   * @param packages the {@code node_modules} that is served
   */
  Downloads(Path packages) {
    this.packages = packages;
  }

  /** Notes that a file was asked for, by its path in {@code node_modules}. */
  void note(String path) {
    fetched.computeIfAbsent(packageOf(path), name -> new ConcurrentSkipListSet<>()).add(path);
  }

  /** The size of all that was fetched of some packages so far. Source maps do not count. */
  Size sizeOf(Set<String> names) throws IOException {
    int files = 0;
    long plain = 0;
    long zipped = 0;
    for (String name : names) {
      for (String path : fetched.getOrDefault(name, Set.of())) {
        Path file = packages.resolve(path);
        if (Files.isRegularFile(file) && !path.endsWith(".map")) {
          byte[] bytes = Files.readAllBytes(file);
          files++;
          plain += bytes.length;
          zipped += Math.min(bytes.length, Gzip.length(bytes));
        }
      }
    }
    return new Size(files, plain, zipped);
  }

  /** {@code name} or {@code @scope/name}. */
  static String packageOf(String path) {
    String[] parts = path.split("/", 3);
    return path.startsWith("@") && parts.length > 1 ? parts[0] + "/" + parts[1] : parts[0];
  }
}
