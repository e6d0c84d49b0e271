package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.edgevec.GoldenScript;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.MemoryStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden store in a folder: what is checked in opens, and what is written is the same. */
class GoldenStoreTest {

  private static final Path V1 = Path.of("../core/src/test/resources/golden/v1");
  private static final Path V1_GRAPH = Path.of("../core/src/test/resources/golden/v1-graph");
  private static final Path V2_COPIES = Path.of("../core/src/test/resources/golden/v2-copies");

  @TempDir Path parent;

  @Test
  void theStoreOfVersion1Opens() throws IOException {
    Path folder = parent.resolve("golden");
    FolderContent.copy(V1, folder);
    try (VectorDatabase db = EdgeVec.open(folder)) {
      GoldenScript.check(db);
      assertThat(db.recoveryReport().notes()).isEmpty();
    }
  }

  @Test
  void theStoreOfVersion1WithAGraphOpens() throws IOException {
    Path folder = parent.resolve("linked");
    FolderContent.copy(V1_GRAPH, folder);
    try (VectorDatabase db = EdgeVec.open(folder)) {
      GoldenScript.checkLinked(db);
    }
  }

  @Test
  void theStoreOfVersion2WithCopiesOpens() throws IOException {
    Path folder = parent.resolve("copies");
    FolderContent.copy(V2_COPIES, folder);
    try (VectorDatabase db = EdgeVec.open(folder)) {
      GoldenScript.checkCopies(db);
    }
  }

  @Test
  void theSameWritesGiveTheSameFiles() throws IOException {
    Path folder = parent.resolve("written");
    GoldenScript.write(FileStorage.open(folder));
    assertThat(FolderContent.of(folder)).isEqualTo(withLock(V1));
  }

  /** As in memory; which neighbors are chosen is no part of the format. */
  @Test
  void theSameWritesGiveTheSameGraph() throws IOException {
    Path folder = parent.resolve("written");
    GoldenScript.writeCopies(FileStorage.open(folder));
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    GoldenScript.writeCopies(MemoryStorage.open(disk));
    Path memory = Files.createDirectory(parent.resolve("memory"));
    for (Map.Entry<String, byte[]> file : disk.files().entrySet()) {
      Files.write(memory.resolve(file.getKey()), file.getValue());
    }
    assertThat(FolderContent.of(folder)).isEqualTo(withLock(memory));
  }

  private static Map<String, String> withLock(Path store) {
    Map<String, String> expected = FolderContent.of(store);
    expected.put(FileNames.LOCK, "lock");
    return expected;
  }
}
