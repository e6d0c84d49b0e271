package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.edgevec.storage.MemoryStorage;
import org.junit.jupiter.api.Test;

/**
 * Holds this code to the stores that earlier versions wrote. The files under {@code
 * src/test/resources/golden} are never written again; a new format version adds a folder.
 */
class GoldenTest {

  private static final Path V1 = Path.of("src/test/resources/golden/v1");

  @Test
  void theStoreOfVersion1Opens() throws IOException {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(read(V1)));
    try (VectorDatabase db = VectorDatabase.open(storage, Options.existing())) {
      GoldenScript.check(db);
      RecoveryReport report = db.recoveryReport();
      assertThat(report.notes()).isEmpty();
      assertThat(report.generation()).isEqualTo(3);
      assertThat(report.replayedBatches()).isEqualTo(2);
    }
  }

  @Test
  void theSameWritesGiveTheSameBytes() throws IOException {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    GoldenScript.write(MemoryStorage.open(disk));
    Map<String, byte[]> golden = read(V1);
    assertThat(disk.files().keySet()).isEqualTo(golden.keySet());
    disk.files().forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(golden.get(name)));
  }

  private static Map<String, byte[]> read(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.toList()) {
        files.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }

  /** Writes the golden store of the present version into the folder given. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    GoldenScript.write(MemoryStorage.open(disk));
    for (Map.Entry<String, byte[]> file : disk.files().entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
