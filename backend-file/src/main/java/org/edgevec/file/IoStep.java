package org.edgevec.file;

import java.io.IOException;

/** Something to do that may fail. */
@FunctionalInterface
interface IoStep {
  void run() throws IOException;
}
