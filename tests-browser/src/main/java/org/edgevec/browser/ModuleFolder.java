package org.edgevec.browser;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a module's sources and build output lie, wherever the program was started. */
public final class ModuleFolder {

  private ModuleFolder() {}

  /** A path in this module's folder; see {@link #resolve(Class, String)}. */
  public static Path resolve(String relative) {
    return resolve(ModuleFolder.class, relative);
  }

  /**
   * A path in the folder of a class's module.
   *
   * @throws IllegalStateException if the classes do not lie in {@code target/classes}
   */
  public static Path resolve(Class<?> ofModule, String relative) {
    try {
      Path classes = Path.of(ofModule.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!classes.endsWith(Path.of("target", "classes"))) {
        throw new IllegalStateException(
            "These classes run from target/classes of their checkout, not from " + classes + ".");
      }
      return classes.resolve("../..").resolve(relative).normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A path in this module's folder that the build must have made.
   *
   * @throws IllegalStateException if it is not there; the message says what to do
   */
  public static Path built(String relative) {
    Path path = resolve(relative);
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          path + " is not there. Build it with: ./mvnw -pl tests-browser -am verify");
    }
    return path;
  }
}
