package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.edgevec.GoldenScript;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.StorageBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden store in a folder: what is checked in opens, and what is written is the same. */
class GoldenStoreTest {

  private static final Path V1 = Path.of("../core/src/test/resources/golden/v1");
  private static final Path V1_GRAPH = Path.of("../core/src/test/resources/golden/v1-graph");

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
  void theSameWritesGiveTheSameFiles() {
    isSame(GoldenScript::write, V1);
    isSame(GoldenScript::writeLinked, V1_GRAPH);
  }

  private void isSame(Consumer<StorageBackend> script, Path golden) {
    Path folder = parent.resolve(golden.getFileName());
    script.accept(FileStorage.open(folder));
    Map<String, String> expected = FolderContent.of(golden);
    expected.put(FileNames.LOCK, "lock");
    assertThat(FolderContent.of(folder)).isEqualTo(expected);
  }
}
