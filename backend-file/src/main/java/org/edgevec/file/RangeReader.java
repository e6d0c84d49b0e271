package org.edgevec.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.edgevec.storage.ReadRange;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of files. Keeps the file read last open, because opening a database reads one file
 * after another in many parts.
 */
final class RangeReader {

  /** As much as the JDK copies at a time to memory outside the heap. */
  private static final int MAX_PIECE = 1 << 20;

  @GuardedBy("this")
  private @Nullable Path path;

  @GuardedBy("this")
  private @Nullable RandomAccessFile file;

  /** Fills the range of {@code target}, which the caller has checked. */
  synchronized void read(Path from, long offset, byte[] target, int targetOffset, int length) {
    try {
      RandomAccessFile open = open(from);
      ReadRange.check(from.toString(), open.length(), offset, length);
      open.seek(offset);
      readFully(open, target, targetOffset, length);
    } catch (IOException e) {
      throw IoFailures.of(e, "read " + length + " bytes at " + offset + " of", from, 0);
    }
  }

  /** Runs a change of what {@code changed} stands for while nobody reads it. */
  synchronized void whileUnread(Path changed, IoStep change) throws IOException {
    if (changed.equals(path)) {
      close();
    }
    change.run();
  }

  /** Closes the file that is open, if one is. */
  synchronized void close() throws IOException {
    RandomAccessFile open = file;
    file = null;
    path = null;
    if (open != null) {
      open.close();
    }
  }

  @GuardedBy("this")
  private RandomAccessFile open(Path wanted) throws IOException {
    RandomAccessFile open = file;
    if (open == null || !wanted.equals(path)) {
      close();
      open = new RandomAccessFile(wanted.toFile(), "r");
      file = open;
      path = wanted;
    }
    return open;
  }

  private static void readFully(RandomAccessFile from, byte[] target, int offset, int length)
      throws IOException {
    for (int done = 0; done < length; ) {
      int piece = Math.min(MAX_PIECE, length - done);
      from.readFully(target, offset + done, piece);
      done += piece;
    }
  }
}
