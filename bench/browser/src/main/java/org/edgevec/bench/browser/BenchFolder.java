package org.edgevec.bench.browser;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where this module's sources and build output lie, wherever the program was started. */
final class BenchFolder {

  private BenchFolder() {}

  /**
   * A path in the module's folder.
   *
   * @throws IllegalStateException if the classes do not lie in {@code target/classes}
   */
  static Path resolve(String relative) {
    try {
      Path classes =
          Path.of(BenchFolder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!classes.endsWith(Path.of("target", "classes"))) {
        throw new IllegalStateException(
            "These classes run from target/classes of their checkout, not from " + classes + ".");
      }
      return classes.resolve("../..").resolve(relative).normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
