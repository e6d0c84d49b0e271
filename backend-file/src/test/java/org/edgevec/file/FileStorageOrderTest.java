package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches the disk in which order, and what follows when one of these calls fails. */
class FileStorageOrderTest {

  private static final String IO_ERROR = "Input/output error";

  @TempDir Path parent;

  private final RecordingDiskCalls disk = new RecordingDiskCalls();
  private Path folder;
  private FileStorage storage;

  @BeforeEach
  void open() {
    folder = parent.resolve("db");
    storage = FileStorage.open(folder, disk);
    disk.take();
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void anAtomicWriteForcesTheContentThenRenamesThenForcesTheFolder() {
    storage.atomicWrite("m", sink -> sink.write(new byte[10], 0, 10));
    assertThat(disk.take())
        .containsExactly("write m.tmp", "force m.tmp", "rename m.tmp to m", "force folder db");
  }

  @Test
  void aStrictSyncOfANewFileForcesTheFolderOnce() {
    append("log", 10);
    assertThat(disk.take()).containsExactly("write log");
    storage.sync("log", Durability.STRICT);
    assertThat(disk.take()).containsExactly("force log", "force folder db");
    append("log", 10);
    storage.sync("log", Durability.STRICT);
    assertThat(disk.take()).containsExactly("write log", "force log");
  }

  @Test
  void aStrictSyncForcesEvenWhatThisStorageDidNotWrite() throws IOException {
    append("log", 10);
    storage.close();
    storage = FileStorage.open(folder, disk);
    disk.take();
    storage.sync("log", Durability.STRICT);
    assertThat(disk.take()).containsExactly("force log");
    Files.delete(folder.resolve("log"));
  }

  @Test
  void aFileCreatedAgainHasItsNewNameForced() {
    append("log", 10);
    storage.sync("log", Durability.STRICT);
    storage.delete("log");
    append("log", 10);
    disk.take();
    storage.sync("log", Durability.STRICT);
    assertThat(disk.take()).containsExactly("force log", "force folder db");
  }

  @Test
  void aRelaxedSyncForcesNothingAndAStrictOneAfterItAll() {
    append("log", 10);
    storage.sync("log", Durability.RELAXED);
    assertThat(disk.take()).containsExactly("write log");
    storage.sync("log", Durability.STRICT);
    assertThat(disk.take()).containsExactly("force log", "force folder db");
  }

  @Test
  void aTruncateIsForcedByTheNextSync() {
    append("log", 10);
    storage.sync("log", Durability.STRICT);
    disk.take();
    storage.truncate("log", 5);
    storage.sync("log", Durability.STRICT);
    assertThat(disk.take()).containsExactly("force log");
  }

  @Test
  void afterAFailedSyncTheFileIsNotSyncedOrWrittenAgain() {
    append("log", 10);
    append("other", 10);
    disk.failAt("force log", IO_ERROR);
    assertThatThrownBy(() -> storage.sync("log", Durability.STRICT))
        .isInstanceOf(StorageIOException.class)
        .hasMessageContaining(IO_ERROR)
        .hasMessageContaining(folder.resolve("log").toString());
    disk.stopFailing();
    disk.take();

    checkRefused(() -> storage.sync("log", Durability.STRICT));
    checkRefused(() -> storage.sync("log", Durability.RELAXED));
    checkRefused(() -> append("log", 1));
    checkRefused(() -> storage.truncate("log", 0));
    assertThat(disk.take()).isEmpty();
    assertThat(storage.size("log")).isEqualTo(10);
    storage.sync("other", Durability.STRICT);
    storage.close();
    storage = FileStorage.open(folder, disk);
    append("log", 5);
    storage.sync("log", Durability.STRICT);
  }

  @Test
  void afterAFailedAppendTheFileIsNotWrittenAgain() {
    append("log", 10);
    disk.failAt("write log", IO_ERROR);
    assertThatThrownBy(() -> append("log", 10)).isInstanceOf(StorageIOException.class);
    disk.stopFailing();
    checkRefused(() -> append("log", 1));
    checkRefused(() -> storage.sync("log", Durability.STRICT));
    storage.atomicWrite("log", sink -> sink.write(new byte[3], 0, 3));
    append("log", 1);
    storage.sync("log", Durability.STRICT);
    assertThat(storage.size("log")).isEqualTo(4);
  }

  @Test
  void afterAFailedSyncOfTheFolderNothingIsReportedDurable() {
    append("log", 10);
    storage.sync("log", Durability.STRICT);
    append("new", 10);
    disk.failAt("force folder", IO_ERROR);
    assertThatThrownBy(() -> storage.sync("new", Durability.STRICT))
        .isInstanceOf(StorageIOException.class)
        .hasMessageContaining(folder.toString());
    disk.stopFailing();
    checkRefused(() -> storage.sync("new", Durability.STRICT));
    checkRefused(() -> storage.sync("log", Durability.STRICT));
    checkRefused(() -> storage.atomicWrite("m", sink -> {}));
    assertThat(storage.list()).containsExactly("log", "new");
  }

  @Test
  void anAtomicWriteWhoseFolderSyncFailsIsReported() {
    disk.failAt("force folder", IO_ERROR);
    assertThatThrownBy(() -> write("m", 10))
        .isInstanceOf(StorageIOException.class)
        .hasMessageContaining("sync the folder " + folder);
    assertThat(storage.list()).containsExactly("m");
  }

  @Test
  void aFailedAtomicWriteKeepsTheOldContentWhereverItFails() {
    write("m", 10);
    for (String step : new String[] {"write m.tmp", "force m.tmp", "rename m.tmp"}) {
      disk.failAt(step, IO_ERROR);
      assertThatThrownBy(() -> write("m", 100_000))
          .as(step)
          .isInstanceOf(StorageIOException.class)
          .hasMessageContaining(IO_ERROR);
      disk.stopFailing();
      assertThat(storage.size("m")).as(step).isEqualTo(10);
      assertThat(folder.toFile().list()).as(step).containsExactlyInAnyOrder("m", "edgevec.lock");
    }
    write("m", 20);
    assertThat(storage.size("m")).isEqualTo(20);
  }

  @Test
  void aFailedReplacementDoesNotForgetThatTheLogIsBroken() {
    append("log", 10);
    disk.failAt("force log", IO_ERROR);
    assertThatThrownBy(() -> storage.sync("log", Durability.STRICT)).hasMessageContaining(IO_ERROR);
    disk.failAt("rename log", IO_ERROR);
    assertThatThrownBy(() -> write("log", 1)).hasMessageContaining(IO_ERROR);
    disk.stopFailing();
    checkRefused(() -> append("log", 1));
  }

  @Test
  void noSpaceIsToldApartByTheSystemsMessage() {
    for (String message : new String[] {"No space left on device", "Disk quota exceeded"}) {
      disk.failAt("write m.tmp", message);
      assertThatThrownBy(() -> write("m", 10))
          .isInstanceOf(StorageFullException.class)
          .hasMessageContaining(message)
          .hasMessageContaining("Free some room");
    }
  }

  @Test
  void aFolderThatIsGoneIsToldApart() throws IOException {
    Path moved = parent.resolve("elsewhere");
    Files.move(folder, moved);
    assertThatThrownBy(() -> write("m", 10)).isInstanceOf(StorageLostException.class);
    assertThatThrownBy(storage::list).isInstanceOf(StorageLostException.class);
  }

  @Test
  void anAtomicWriteDoesNotOutliveItsStorage() {
    write("m", 10);
    assertThatThrownBy(
            () ->
                storage.atomicWrite(
                    "m",
                    sink -> {
                      sink.write(new byte[20], 0, 20);
                      storage.close();
                    }))
        .isInstanceOf(StorageIOException.class)
        .hasMessageContaining("closed");
    storage = FileStorage.open(folder, disk);
    assertThat(storage.size("m")).isEqualTo(10);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("m", "edgevec.lock");
  }

  @Test
  void aSinkIsOfNoUseAfterItsAtomicWrite() {
    StorageSinkKeeper keeper = new StorageSinkKeeper();
    storage.atomicWrite("m", keeper::keep);
    assertThatThrownBy(keeper::use).isInstanceOf(IllegalStateException.class);
    assertThat(storage.size("m")).isZero();
  }

  private static final class StorageSinkKeeper {
    private StorageBackend.Sink kept;

    void keep(StorageBackend.Sink sink) {
      kept = sink;
    }

    void use() {
      kept.write(new byte[1], 0, 1);
    }
  }

  private void append(String name, int length) {
    storage.append(name, new byte[length], 0, length);
  }

  private void write(String name, int length) {
    storage.atomicWrite(name, sink -> sink.write(new byte[length], 0, length));
  }

  private static void checkRefused(Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOf(StorageIOException.class)
        .hasMessageContaining("earlier")
        .hasMessageContaining("open it again")
        .hasRootCauseMessage(IO_ERROR);
  }
}
