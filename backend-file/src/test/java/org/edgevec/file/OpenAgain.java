package org.edgevec.file;

import java.nio.file.Path;
import org.edgevec.VectorDatabase;

/**
 * Opens the database in the folder given and closes it, as often as said, and keeps what it closed;
 * prints how many entries there are.
 */
final class OpenAgain {

  private OpenAgain() {}

  public static void main(String[] arguments) {
    VectorDatabase[] opened = new VectorDatabase[Integer.parseInt(arguments[1])];
    int size = 0;
    for (int i = 0; i < opened.length; i++) {
      opened[i] = EdgeVec.open(Path.of(arguments[0]));
      opened[i].put("id0", new float[1024]);
      size = opened[i].size();
      opened[i].close();
    }
    System.out.println(size);
  }
}
