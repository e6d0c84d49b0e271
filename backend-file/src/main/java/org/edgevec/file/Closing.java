package org.edgevec.file;

import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.storage.PersistenceException;
import org.jspecify.annotations.Nullable;

/** The steps of closing a folder, all of them run, whichever of them fails. */
final class Closing {

  private final Path folder;
  private @Nullable PersistenceException first;

  Closing(Path folder) {
    this.folder = folder;
  }

  /** Runs a step, and keeps its failure for {@link #end}. */
  void run(IoStep step) {
    try {
      step.run();
    } catch (PersistenceException e) {
      keep(e);
    } catch (IOException e) {
      keep(failure(e, folder));
    }
  }

  private void keep(PersistenceException failure) {
    if (first == null) {
      first = failure;
    } else {
      first.addSuppressed(failure);
    }
  }

  /** Throws the first failure, with the others suppressed, if there was any. */
  void end() {
    if (first != null) {
      throw first;
    }
  }

  /** What is told of a step's failure. */
  static PersistenceException failure(IOException failure, Path folder) {
    return IoFailures.ofFolder(failure, "close the files of", folder);
  }
}
