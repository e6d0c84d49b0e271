package org.edgevec.bench.browser;

import java.nio.file.Path;
import org.edgevec.browser.ModuleFolder;

/** Where this module's sources and build output lie, wherever the program was started. */
final class BenchFolder {

  private BenchFolder() {}

  /** A path in the module's folder; see {@link ModuleFolder#resolve(Class, String)}. */
  static Path resolve(String relative) {
    return ModuleFolder.resolve(BenchFolder.class, relative);
  }
}
