package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.edgevec.GoldenScript;
import org.edgevec.VectorDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden store in a folder: what is checked in opens, and what is written is the same. */
class GoldenStoreTest {

  private static final Path V1 = Path.of("../core/src/test/resources/golden/v1");

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
  void theSameWritesGiveTheSameFiles() {
    Path folder = parent.resolve("written");
    GoldenScript.write(FileStorage.open(folder));
    Map<String, String> expected = FolderContent.of(V1);
    expected.put(FileNames.LOCK, "lock");
    assertThat(FolderContent.of(folder)).isEqualTo(expected);
  }
}
