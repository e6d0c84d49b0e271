package org.edgevec.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The system's calls on a disk that may be slow: it takes its time before each sync and renaming,
 * so that more cuts fall between what is written and what is durable. It says {@code renamed} after
 * each renaming, for cuts that are aimed. And with one thing wrong on purpose, where a test is to
 * see that it shows.
 */
final class TestDiskCalls implements DiskCalls {

  /** What is wrong. */
  enum Defect {
    NONE,
    /** A sync does nothing. */
    NEVER_SYNCS,
    /** The sync of a folder does nothing. */
    NEVER_SYNCS_FOLDERS,
    /** The new content of a file takes its place first and is synced then. */
    RENAMES_BEFORE_SYNC,
    /** A write that fails is taken for one that went well. */
    IGNORES_FAILED_WRITES
  }

  private static final int LONGEST_DELAY_MICROS = 8000;

  private final Defect defect;
  private final boolean slow;

  TestDiskCalls(Defect defect, boolean slow) {
    this.defect = defect;
    this.slow = slow;
  }

  private void delay() {
    if (slow) {
      LockSupport.parkNanos(1000L * ThreadLocalRandom.current().nextInt(LONGEST_DELAY_MICROS));
    }
  }

  @Override
  public void write(RandomAccessFile file, Path path, byte[] data, int offset, int length)
      throws IOException {
    try {
      SYSTEM.write(file, path, data, offset, length);
    } catch (IOException e) {
      if (defect != Defect.IGNORES_FAILED_WRITES) {
        throw e;
      }
    }
  }

  @Override
  public void force(RandomAccessFile file, Path path) throws IOException {
    if (defect == Defect.NEVER_SYNCS) {
      return;
    }
    if (defect == Defect.RENAMES_BEFORE_SYNC
        && FileNames.isTemporary(String.valueOf(path.getFileName()))) {
      return;
    }
    delay();
    SYSTEM.force(file, path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    delay();
    SYSTEM.rename(from, to);
    KillWriter.print("renamed");
    if (defect == Defect.RENAMES_BEFORE_SYNC) {
      try (RandomAccessFile file = new RandomAccessFile(to.toFile(), "rw")) {
        delay();
        SYSTEM.force(file, to);
      }
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    if (defect != Defect.NEVER_SYNCS_FOLDERS && defect != Defect.NEVER_SYNCS) {
      delay();
      SYSTEM.forceDirectory(directory);
    }
  }
}
