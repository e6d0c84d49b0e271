package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.edgevec.InvalidInputException;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLockedException;
import org.edgevec.storage.StoreFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths a storage takes, and what it makes, removes and leaves alone there. */
class FileStorageFolderTest {

  private static final String LOG = StoreFiles.Kind.WAL.name(1);

  @TempDir Path parent;

  @Test
  void missingFoldersAreMadeAndTheirEntriesForced() {
    RecordingDiskCalls disk = new RecordingDiskCalls();
    FileStorage.open(parent.resolve("a/b/c"), disk).close();
    assertThat(parent.resolve("a/b/c")).isDirectory();
    assertThat(disk.take())
        .containsExactly(
            "force folder b",
            "force folder a",
            "force folder " + parent.getFileName(),
            "force folder " + parent.getParent().getFileName(),
            "force folder c");
  }

  @Test
  void theEntryOfAnEmptyFolderIsForcedToo() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("empty"));
    RecordingDiskCalls disk = new RecordingDiskCalls();
    FileStorage.open(folder, disk).close();
    assertThat(disk.take())
        .containsExactly("force folder " + parent.getFileName(), "force folder empty");
  }

  @Test
  void openingADatabaseForcesWhatAnEarlierProcessCreated() {
    Path folder = parent.resolve("db");
    create(folder);
    RecordingDiskCalls disk = new RecordingDiskCalls();
    FileStorage.open(folder, disk).close();
    assertThat(disk.take()).containsExactly("force folder db");
  }

  @Test
  void aFolderWhoseEntryCannotBeForcedIsNotOpened() {
    RecordingDiskCalls disk = new RecordingDiskCalls();
    disk.failAt("force folder a", "Input/output error");
    assertThatThrownBy(() -> FileStorage.open(parent.resolve("a/b"), disk))
        .isInstanceOf(StorageIOException.class)
        .hasMessageContaining("Input/output error");
    disk.stopFailing();
    FileStorage.open(parent.resolve("a/b"), disk).close();
  }

  @Test
  void aPathThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(parent.resolve("notes"), "dear diary");
    checkNotADatabase(file);
    checkNotADatabase(file.resolve("below"));
    assertThat(Files.readString(file)).isEqualTo("dear diary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "holiday.jpg",
        "wal-1.evec",
        "edgevec.lock.txt",
        "manifest-0000000000000001.evec.tmp-0123456789abcdef"
      })
  void aFolderThatHoldsSomethingElseIsRefusedAndUntouched(String name) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("pictures"));
    Files.writeString(folder.resolve(name), "something else");
    checkNotADatabase(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lost+found", ".DS_Store", ".gitkeep", ".snapshot", "Thumbs.db"})
  void aFolderThatHoldsOnlyHiddenThingsIsEmpty(String name) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("volume"));
    if (name.startsWith("l")) {
      Files.createDirectory(folder.resolve(name));
    } else {
      Files.writeString(folder.resolve(name), "");
    }
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
      db.put("a", new float[2]);
    }
    try (VectorDatabase db = EdgeVec.open(folder)) {
      assertThat(db.ids()).containsExactly("a");
    }
    assertThat(EdgeVec.verify(folder).damage()).isEmpty();
    assertThat(folder.resolve(name)).exists();
    Path other = Files.createDirectory(parent.resolve("other"));
    Files.writeString(other.resolve(".gitkeep"), "");
    EdgeVec.salvage(folder, other, ProgressListener.NONE);
  }

  @Test
  void hiddenThingsDoNotMakeAnotherFolderEmpty() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("pictures"));
    Files.writeString(folder.resolve(".DS_Store"), "");
    Files.writeString(folder.resolve("holiday.jpg"), "");
    checkNotADatabase(folder);
  }

  @Test
  void aLinkAtTheNameOfANewFileIsNotFollowed() throws IOException {
    Path folder = parent.resolve("db");
    Path outside = parent.resolve("outside");
    try (VectorDatabase db = EdgeVec.open(folder, Options.of(2, Metric.L2))) {
      Files.createSymbolicLink(folder.resolve(LOG), outside);
      assertThatThrownBy(() -> db.put("a", new float[2]))
          .isInstanceOf(StorageIOException.class)
          .hasMessageContaining(LOG);
    }
    assertThat(outside).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenToCanBeReadAndStaysAsItIs() throws IOException {
    Path folder = parent.resolve("db");
    create(folder);
    Files.writeString(folder.resolve(LOG + ".tmp-0123456789abcdef"), "half written");
    Map<String, String> before = FolderContent.of(folder);
    for (int i = 0; i < 2; i++) {
      try (FileStorage storage = FileStorage.share(folder)) {
        assertThat(storage.list()).containsExactly(LOG);
        storage.read(LOG, 0, new byte[10], 0, 10);
        for (ThrowingCallable change :
            List.<ThrowingCallable>of(
                () -> storage.append(LOG, new byte[1], 0, 1),
                () -> storage.append("new", new byte[1], 0, 1),
                () -> storage.truncate(LOG, 1),
                () -> storage.delete(LOG),
                () -> storage.sync(LOG, Durability.STRICT),
                () -> storage.atomicWrite("new", sink -> {}))) {
          assertThatThrownBy(change)
              .isInstanceOf(StorageIOException.class)
              .hasMessageContaining("opened for reading");
        }
        assertThatThrownBy(() -> FileStorage.open(folder))
            .isInstanceOf(StorageLockedException.class);
      }
      assertThat(FolderContent.of(folder)).isEqualTo(before);
      if (i == 0) {
        Files.delete(folder.resolve(FileNames.LOCK));
        before = FolderContent.of(folder);
      }
    }
    try (FileStorage writer = FileStorage.open(folder)) {
      assertThatThrownBy(() -> FileStorage.share(folder))
          .isInstanceOf(StorageLockedException.class);
      assertThat(writer.list()).containsExactly(LOG);
    }
  }

  @Test
  void aFolderWithOnlyAFolderInItIsRefused() throws IOException {
    Files.createDirectories(parent.resolve("projects/one"));
    checkNotADatabase(parent.resolve("projects"));
  }

  @Test
  void aCopyWithoutTheLockFileIsADatabase() throws IOException {
    create(parent.resolve("db"));
    FolderContent.copy(parent.resolve("db"), parent.resolve("copy"));
    try (FileStorage storage = FileStorage.open(parent.resolve("copy"))) {
      assertThat(storage.list()).containsExactly(LOG);
    }
  }

  @Test
  void aPathInAnotherFileSystemIsRefused() throws IOException {
    URI zip = URI.create("jar:" + parent.resolve("archive.zip").toUri());
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path inside = archive.getPath("/db");
      InvalidInputException thrown =
          catchThrowableOfType(InvalidInputException.class, () -> FileStorage.open(inside));
      assertThat(thrown.code()).isEqualTo(InvalidInputException.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void leftoversOfAtomicWritesAreRemovedAndNothingElse() throws IOException {
    Path folder = parent.resolve("db");
    create(folder);
    List<String> leftovers =
        List.of(
            LOG + ".tmp-0123456789abcdef",
            StoreFiles.torn(LOG) + ".tmp-ffffffffffffffff",
            StoreFiles.SEAL + ".tmp-0000000000000000");
    List<String> others =
        List.of(
            "notes.tmp-0123456789abcdef",
            LOG + ".tmp-0123456789abcde",
            LOG + ".tmp-0123456789abcdef0",
            LOG + ".tmp-0123456789ABCDEF",
            "Notes.tmp-0123456789abcdef",
            ".tmp-0123456789abcdef",
            LOG + ".temp-0123456789abcdef",
            LOG + ".tmp-0123456789abcdeg");
    for (String name : leftovers) {
      Files.writeString(folder.resolve(name), "half written");
    }
    for (String name : others) {
      Files.writeString(folder.resolve(name), "not ours");
    }
    Files.createDirectory(folder.resolve("y.tmp-0123456789abcdef"));

    try (FileStorage storage = FileStorage.open(folder)) {
      assertThat(folder.toFile().list())
          .doesNotContainAnyElementsOf(leftovers)
          .containsAll(others)
          .contains("y.tmp-0123456789abcdef");
      assertThat(storage.list()).contains(LOG).doesNotContain("y.tmp-0123456789abcdef");
    }
  }

  @Test
  void ourOwnNamesAreRefused() {
    try (FileStorage storage = FileStorage.open(parent.resolve("db"))) {
      for (String name : List.of("edgevec.lock", "a.tmp-0123456789abcdef")) {
        assertThatThrownBy(() -> storage.append(name, new byte[1], 0, 1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(name);
        assertThatThrownBy(() -> storage.delete(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> storage.atomicWrite(name, sink -> {}))
            .isInstanceOf(IllegalArgumentException.class);
      }
      storage.append("a.tmp-0", new byte[1], 0, 1);
      assertThat(storage.list()).containsExactly("a.tmp-0");
    }
  }

  @Test
  void onlyFilesWithUsableNamesAreListed() throws IOException {
    Path folder = parent.resolve("db");
    create(folder);
    Files.writeString(folder.resolve("README.md"), "mine");
    Files.writeString(folder.resolve("readme.md"), "mine");
    Files.createDirectory(folder.resolve("old"));
    try (FileStorage storage = FileStorage.open(folder)) {
      assertThat(storage.list()).containsExactly("readme.md", LOG);
      assertThatThrownBy(() -> storage.size("old")).isInstanceOf(StorageIOException.class);
      assertThatThrownBy(() -> storage.append("old", new byte[1], 0, 1))
          .isInstanceOf(StorageIOException.class);
    }
  }

  @Test
  void nothingButTheFilesAndTheLockIsLeftBehind() {
    Path folder = parent.resolve("db");
    try (FileStorage storage = FileStorage.open(folder)) {
      storage.append(LOG, new byte[10], 0, 10);
      storage.atomicWrite("segment", sink -> sink.write(new byte[100_000], 0, 100_000));
      assertThatThrownBy(
              () ->
                  storage.atomicWrite(
                      "segment",
                      sink -> {
                        sink.write(new byte[100_000], 0, 100_000);
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");
      assertThat(folder.toFile().list()).containsExactlyInAnyOrder(LOG, "segment", "edgevec.lock");
    }
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder(LOG, "segment", "edgevec.lock");
  }

  private static void create(Path folder) {
    try (FileStorage storage = FileStorage.open(folder)) {
      storage.append(LOG, new byte[10], 0, 10);
      storage.sync(LOG, Durability.STRICT);
    }
  }

  private void checkNotADatabase(Path path) {
    Map<String, String> before = FolderContent.of(parent);
    InvalidInputException thrown =
        catchThrowableOfType(InvalidInputException.class, () -> FileStorage.open(path));
    assertThat(thrown).as("opening %s", path).isNotNull();
    assertThat(thrown.code()).isEqualTo(InvalidInputException.Code.NOT_A_DATABASE);
    assertThat(FolderContent.of(parent)).isEqualTo(before);
  }
}
