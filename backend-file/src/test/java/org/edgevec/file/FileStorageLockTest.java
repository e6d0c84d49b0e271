package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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

  private static String tryElsewhere(Path folder) throws IOException, InterruptedException {
    try (ChildJvm other = ChildJvm.start(LockHolder.class, List.of(), folder.toString())) {
      String answer = other.output().readLine();
      other.finish();
      return answer;
    }
  }
}
