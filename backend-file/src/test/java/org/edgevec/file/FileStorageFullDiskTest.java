package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageFullException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that is really full: a file system of 1 MiB in memory, which only root may mount. */
class FileStorageFullDiskTest {

  @TempDir Path parent;

  private @Nullable TestDisk disk;
  private Path folder;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    TestDisk.assumePossible(TestDisk.Kind.TMPFS);
    disk = TestDisk.create(TestDisk.Kind.TMPFS, parent, 1, "");
    folder = disk.path().resolve("db");
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void aFullDeviceFailsTheAtomicWriteAndKeepsTheOldContent() {
    try (FileStorage storage = FileStorage.open(folder)) {
      write(storage, "m", 1000);
      assertThatThrownBy(() -> write(storage, "m", 2 << 20))
          .isInstanceOf(StorageFullException.class)
          .hasMessageContaining(folder.toString());
      assertThat(storage.size("m")).isEqualTo(1000);
      assertThat(folder.toFile().list()).containsExactlyInAnyOrder("m", "edgevec.lock");
      write(storage, "m", 5000);
      assertThat(storage.size("m")).isEqualTo(5000);
    }
  }

  @Test
  void aFullDeviceFailsTheAppendAndWhatWasSyncedIsKept() {
    byte[] record = new byte[10_000];
    int synced = 0;
    try (FileStorage storage = FileStorage.open(folder)) {
      storage.append("log", record, 0, record.length);
      storage.sync("log", Durability.STRICT);
      synced += record.length;
      assertThatThrownBy(() -> storage.append("log", new byte[2 << 20], 0, 2 << 20))
          .isInstanceOf(StorageFullException.class)
          .hasMessageContaining("log");
      assertThatThrownBy(() -> storage.append("log", record, 0, 1))
          .hasMessageContaining("earlier")
          .hasCauseInstanceOf(StorageFullException.class);
    }
    try (FileStorage storage = FileStorage.open(folder)) {
      assertThat(storage.size("log")).isGreaterThanOrEqualTo(synced);
      storage.truncate("log", synced);
      storage.append("log", record, 0, record.length);
      storage.sync("log", Durability.STRICT);
      assertThat(storage.size("log")).isEqualTo(2L * record.length);
    }
  }

  @Test
  void aDatabaseThatWasClosedOpensWithoutAnyRoom() throws IOException {
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
      db.put("a", new float[2]);
    }
    try (RandomAccessFile filler =
        new RandomAccessFile(folder.resolveSibling("filler").toFile(), "rw")) {
      assertThatThrownBy(() -> filler.write(new byte[2 << 20])).hasMessageContaining("No space");
    }
    for (int i = 0; i < 2; i++) {
      try (VectorDatabase db = EdgeVec.open(folder)) {
        assertThat(db.ids()).containsExactly("a");
      }
    }
    assertThat(EdgeVec.verify(folder).damage()).isEmpty();
  }

  private static void write(FileStorage storage, String name, int length) {
    storage.atomicWrite(name, sink -> sink.write(new byte[length], 0, length));
  }
}
