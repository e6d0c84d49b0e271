package org.edgevec.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The calls on whose order durability rests. Tests put a recording or failing one in place of
 * {@link #SYSTEM}.
 */
interface DiskCalls {

  /** The operating system. */
  DiskCalls SYSTEM = new SystemDiskCalls();

  /** Writes all of the range at the file's position. */
  void write(RandomAccessFile file, Path path, byte[] data, int offset, int length)
      throws IOException;

  /** Returns after the device has confirmed all of the file's bytes and its length. */
  void force(RandomAccessFile file, Path path) throws IOException;

  /** Makes {@code to} name the file that {@code from} names, in one step, replacing what it was. */
  void rename(Path from, Path to) throws IOException;

  /** Returns after the device has confirmed the directory's entries; on Windows does nothing. */
  void forceDirectory(Path directory) throws IOException;

  /** Opens a lock file, and makes it if there is none. */
  default RandomAccessFile openLockFile(Path path) throws IOException {
    return new RandomAccessFile(path.toFile(), "rw");
  }

  /** The operating system. */
  final class SystemDiskCalls implements DiskCalls {

    /** The JDK copies what it writes to memory outside the heap, so large arrays go in pieces. */
    private static final int MAX_PIECE = 1 << 20;

    /**
     * Windows opens no directory for this, and needs it less: NTFS journals its entries, but when
     * they reach the device is not promised.
     */
    private static final boolean FORCES_DIRECTORIES =
        !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

    private SystemDiskCalls() {}

    @Override
    public void write(RandomAccessFile file, Path path, byte[] data, int offset, int length)
        throws IOException {
      long end = file.getFilePointer() + length;
      for (int done = 0; done < length; ) {
        int piece = Math.min(MAX_PIECE, length - done);
        file.write(data, offset + done, piece);
        done += piece;
      }
      if (file.getFilePointer() != end) {
        throw new IOException(
            "short write: the file stands at " + file.getFilePointer() + " and not at " + end);
      }
    }

    @Override
    public void force(RandomAccessFile file, Path path) throws IOException {
      Uninterruptible.run(
          () -> {
            file.getChannel().force(true);
            return path;
          });
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      if (FORCES_DIRECTORIES) {
        Uninterruptible.run(
            () -> {
              try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
              }
              return directory;
            });
      }
    }
  }
}
