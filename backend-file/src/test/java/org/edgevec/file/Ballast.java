package org.edgevec.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that takes room on a disk, so that there is as little left as a test wants. */
final class Ballast {

  private static final int PIECE_BYTES = 4 << 10;

  private final Path path;

  Ballast(Path path) {
    this.path = path;
  }

  /** Makes it so large, or as large as there is room for. */
  void resize(long sizeBytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      if (file.length() > sizeBytes) {
        file.setLength(sizeBytes);
      }
      file.seek(file.length());
      while (file.length() < sizeBytes && grow(file, PIECE_BYTES)) {
        // A piece at a time: what is there when the disk is full stays.
      }
    }
  }

  long sizeBytes() throws IOException {
    return Files.size(path);
  }

  /** Grows until no more than so many bytes are left; 0 takes all there is. */
  void squeeze(long leftBytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(file.length());
      while (leftBytes(path) > leftBytes && grow(file, PIECE_BYTES)) {
        // Others use the disk, too, so it is asked each time.
      }
    }
  }

  private static long leftBytes(Path path) throws IOException {
    return Files.getFileStore(path.getParent()).getUsableSpace();
  }

  /** Whether there was room. */
  private static boolean grow(RandomAccessFile file, int bytes) {
    try {
      file.write(new byte[bytes]);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
