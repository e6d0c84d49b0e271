package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLockedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One opener at a time, in this process and in others. */
@Timeout(60)
class FileStorageLockTest {

  @TempDir Path parent;

  @Test
  void anotherProcessIsRefusedWhileThisOneHoldsTheLock() throws Exception {
    Path folder = parent.resolve("db");
    try (FileStorage storage = FileStorage.open(folder)) {
      assertThat(tryElsewhere(folder)).startsWith("locked").contains(folder.toString());
      // A refused opener must not have cost us the lock.
      assertThatThrownBy(() -> FileStorage.open(folder)).isInstanceOf(StorageLockedException.class);
      assertThat(tryElsewhere(folder)).startsWith("locked");
      assertThat(storage.list()).isEmpty();
    }
    assertThat(tryElsewhere(folder)).isEqualTo("open");
  }

  @Test
  void thisProcessIsRefusedWhileAnotherHoldsTheLock() throws Exception {
    Path folder = parent.resolve("db");
    try (ChildJvm other = ChildJvm.start(LockHolder.class, List.of(), folder.toString())) {
      assertThat(other.output().readLine()).isEqualTo("open");
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> FileStorage.open(folder))
            .isInstanceOf(StorageLockedException.class)
            .hasMessageContaining(folder.toString())
            .hasMessageContaining("another process");
      }
      other.finish();
    }
    FileStorage.open(folder).close();
  }

  @Test
  void theLockOfAKilledProcessIsFree() throws Exception {
    Path folder = parent.resolve("db");
    try (ChildJvm other = ChildJvm.start(LockHolder.class, List.of(), folder.toString())) {
      assertThat(other.output().readLine()).isEqualTo("open");
    }
    FileStorage.open(folder).close();
  }

  @Test
  void aSecondOpenerByAnotherPathIsRefused() throws IOException {
    Path folder = parent.resolve("db");
    Path link = parent.resolve("link");
    try (FileStorage storage = FileStorage.open(folder)) {
      Files.createSymbolicLink(link, folder);
      assertThatThrownBy(() -> FileStorage.open(link))
          .isInstanceOf(StorageLockedException.class)
          .hasMessageContaining("in this program");
      assertThatThrownBy(() -> FileStorage.open(parent.resolve("x/../db")))
          .isInstanceOf(StorageLockedException.class);
      assertThat(storage.list()).isEmpty();
      assertThat(parent.resolve("x")).doesNotExist();
    }
    FileStorage.open(link).close();
  }

  @Test
  void aRefusedOpenerDoesNotDropTheLockOfAnotherClassLoader() throws Exception {
    Path folder = parent.resolve("db");
    FileStorage.open(folder).close();
    // Another class loader has another table, so all that is seen of it is its file lock.
    try (FileChannel foreign =
        FileChannel.open(folder.resolve(FileNames.LOCK), StandardOpenOption.WRITE)) {
      foreign.lock();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> FileStorage.open(folder))
            .isInstanceOf(StorageLockedException.class)
            .hasMessageContaining("class loader");
      }
      assertThat(tryElsewhere(folder)).startsWith("locked");
    }
    try (FileStorage storage = FileStorage.open(folder)) {
      assertThat(storage.list()).isEmpty();
      assertThat(tryElsewhere(folder)).startsWith("locked");
    }
    assertThat(tryElsewhere(folder)).isEqualTo("open");
  }

  @Test
  void aFailedOpeningReleasesTheLock() throws IOException {
    Path folder = parent.resolve("db");
    FileStorage.open(folder).close();
    Files.writeString(folder.resolve("wal-0000000000000001.evec"), "x");
    RecordingDiskCalls disk = new RecordingDiskCalls();
    disk.failAt("force folder", "Input/output error");
    assertThatThrownBy(() -> FileStorage.open(folder, disk)).hasMessageContaining("Input/output");
    FileStorage.open(folder).close();
  }

  @Test
  void anErrorOfTheJvmLeavesNothingLocked() throws IOException {
    Path folder = parent.resolve("db");
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
      db.put("a", new float[2]);
    }
    for (Error error : List.of(new StackOverflowError(), new OutOfMemoryError("of the test"))) {
      for (String step : List.of("lock", "folder", "write", "rename")) {
        assertThatThrownBy(() -> openAndFail(folder, step, error)).isSameAs(error);
        Files.writeString(folder.resolve(FileNames.LOCK), "somebody who did not close it");
        EdgeVec.open(folder).close();
      }
    }
  }

  private static void openAndFail(Path folder, String step, Error error) throws IOException {
    Files.writeString(folder.resolve(FileNames.LOCK), "somebody who did not close it");
    DiskCalls disk =
        new DiskCalls() {
          private void reach(String now) {
            if (now.equals(step)) {
              throw error;
            }
          }

          @Override
          public RandomAccessFile openLockFile(Path path) throws IOException {
            reach("lock");
            return SYSTEM.openLockFile(path);
          }

          @Override
          public void write(RandomAccessFile file, Path path, byte[] data, int offset, int length)
              throws IOException {
            reach("write");
            SYSTEM.write(file, path, data, offset, length);
          }

          @Override
          public void force(RandomAccessFile file, Path path) throws IOException {
            SYSTEM.force(file, path);
          }

          @Override
          public void rename(Path from, Path to) throws IOException {
            reach("rename");
            SYSTEM.rename(from, to);
          }

          @Override
          public void forceDirectory(Path directory) throws IOException {
            reach("folder");
            SYSTEM.forceDirectory(directory);
          }
        };
    VectorDatabase.open(FileStorage.open(folder, disk), Options.existing()).close();
  }

  /** At whatever depth the stack ends, and however the JVM has compiled the way there. */
  @Test
  void openingAtTheEndOfTheStackLeavesNothingLocked() throws Exception {
    Path folder = parent.resolve("db");
    for (int i = 0; i < 3; i++) {
      try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
        db.put("a", new float[2]);
      }
    }
    List<Throwable> others = new ArrayList<>();
    int[] counts = new int[2];
    Thread deep = new Thread(null, () -> descend(folder, counts, others), "deep", 300_000);
    deep.start();
    deep.join();
    System.out.println("FileStorageLockTest: overflows " + counts[0] + ", opened " + counts[1]);
    assertThat(others).isEmpty();
    assertThat(counts[0]).isPositive();
    EdgeVec.open(folder).close();
  }

  @SuppressWarnings("InfiniteRecursion") // meant
  private static void descend(Path folder, int[] counts, List<Throwable> others) {
    try {
      descend(folder, counts, others);
    } catch (StackOverflowError e) {
      // Tries on the way back, with a little more room each time.
    }
    if (counts[1] < 5 && others.isEmpty()) {
      try {
        EdgeVec.open(folder).close();
        counts[1]++;
      } catch (StackOverflowError e) {
        counts[0]++;
      } catch (RuntimeException | Error e) {
        others.add(e);
      }
    }
  }

  @Test
  void aLockFileThatIsAPipeIsRefusedAtOnce() throws Exception {
    Path folder = Files.createDirectory(parent.resolve("db"));
    Path pipe = folder.resolve(FileNames.LOCK);
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    assertThatThrownBy(() -> FileStorage.open(folder))
        .isInstanceOf(StorageIOException.class)
        .hasMessageContaining("not a file");
  }

  @Test
  void aLockFileThatHangsHoldsUpNoOtherFolder() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    RecordingDiskCalls slow =
        new RecordingDiskCalls() {
          @Override
          public RandomAccessFile openLockFile(Path path) throws IOException {
            reached.countDown();
            try {
              end.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return super.openLockFile(path);
          }
        };
    Path other = parent.resolve("other");
    try (FileStorage before = FileStorage.open(parent.resolve("before"))) {
      Thread hanging = new Thread(() -> FileStorage.open(parent.resolve("db"), slow).close());
      hanging.start();
      reached.await();
      FileStorage.open(other).close();
      before.close();
      assertThatThrownBy(() -> FileStorage.open(parent.resolve("db")))
          .isInstanceOf(StorageLockedException.class);
      end.countDown();
      hanging.join();
    }
    FileStorage.open(parent.resolve("db")).close();
  }

  private static String tryElsewhere(Path folder) throws IOException, InterruptedException {
    try (ChildJvm other = ChildJvm.start(LockHolder.class, List.of(), folder.toString())) {
      String answer = other.output().readLine();
      other.finish();
      return answer;
    }
  }
}
