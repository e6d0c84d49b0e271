package org.edgevec.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MemoryStorageTest {

  @TestFactory
  Stream<DynamicTest> keepsTheContract() {
    return StorageBackendContract.cases().stream()
        .map(
            contractCase ->
                DynamicTest.dynamicTest(
                    contractCase.name(),
                    () -> {
                      MemoryStorage.Disk disk = new MemoryStorage.Disk();
                      contractCase.run(() -> MemoryStorage.open(disk));
                    }));
  }

  @Test
  void filesAreCopiedInBothDirections() {
    byte[] given = {1, 2, 3};
    MemoryStorage.Disk disk = MemoryStorage.Disk.of(Map.of("a", given));
    given[0] = 9;
    disk.files().get("a")[1] = 9;
    try (MemoryStorage storage = MemoryStorage.open(disk)) {
      byte[] read = new byte[3];
      storage.read("a", 0, read, 0, 3);
      assertThat(read).containsExactly(1, 2, 3);
      storage.append("b", new byte[] {4}, 0, 1);
      assertThat(disk.files()).containsOnlyKeys("a", "b");
      assertThat(disk.files().get("b")).containsExactly(4);
    }
  }

  @Test
  void aDiskTakesOnlyValidNames() {
    Map<String, byte[]> files = Map.of("a/b", new byte[1]);
    assertThatThrownBy(() -> MemoryStorage.Disk.of(files))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a/b");
  }

  @Test
  void aSinkIsOfNoUseAfterItsAtomicWrite() {
    try (MemoryStorage storage = MemoryStorage.open()) {
      List<StorageBackend.Sink> kept = new ArrayList<>();
      storage.atomicWrite("a", kept::add);
      assertThatThrownBy(() -> kept.get(0).write(new byte[1], 0, 1))
          .isInstanceOf(IllegalStateException.class);
      assertThat(storage.size("a")).isZero();
    }
  }

  @Test
  void anAtomicWriteDoesNotOutliveItsStorage() {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    MemoryStorage storage = MemoryStorage.open(disk);
    assertThatThrownBy(() -> storage.atomicWrite("a", sink -> storage.close()))
        .isInstanceOf(StorageIOException.class);
    assertThat(disk.files()).isEmpty();
  }

  @Test
  void threadsAppendToFilesOfTheirOwn() throws InterruptedException {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    List<Thread> threads = new ArrayList<>();
    try (MemoryStorage storage = MemoryStorage.open(disk)) {
      for (int t = 0; t < 4; t++) {
        String name = "log-" + t;
        byte[] one = {(byte) t};
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < 5_000; i++) {
                    storage.append(name, one, 0, 1);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(disk.files())
        .hasSize(4)
        .allSatisfy((name, bytes) -> assertThat(bytes).hasSize(5_000));
  }
}
