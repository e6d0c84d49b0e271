package org.edgevec.file;

import java.nio.file.Path;
import org.edgevec.VectorDatabase;

/** Opens a database as another process, puts one entry, and closes it. */
final class FencePut {

  private FencePut() {}

  public static void main(String[] arguments) {
    try (VectorDatabase db = EdgeVec.open(Path.of(arguments[0]))) {
      db.put(arguments[1], new float[db.dimension()]);
    }
    System.out.println("stored");
  }
}
