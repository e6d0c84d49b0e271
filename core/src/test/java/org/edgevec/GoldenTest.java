package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageBackend;
import org.junit.jupiter.api.Test;

/**
 * Holds this code to the stores that earlier versions wrote. The files under {@code
 * src/test/resources/golden} are never written again; a new format version adds a folder.
 */
class GoldenTest {

  private static final Path V1 = Path.of("src/test/resources/golden/v1");
  private static final Path V1_GRAPH = Path.of("src/test/resources/golden/v1-graph");

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
  void theStoreOfVersion1WithAGraphOpens() throws IOException {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(read(V1_GRAPH)));
    try (VectorDatabase db = VectorDatabase.open(storage, Options.existing())) {
      GoldenScript.checkLinked(db);
      assertThat(db.stats().indexedEntries()).isEqualTo(105);
    }
  }

  @Test
  void theSameWritesGiveTheSameBytes() throws IOException {
    isSame(GoldenScript::write, V1, name -> true);
  }

  /** What neighbors are chosen is no part of the format: see {@code GoldenGraphTest}. */
  @Test
  void theSameWritesGiveTheSameBytesBesideAGraph() throws IOException {
    isSame(
        GoldenScript::writeLinked,
        V1_GRAPH,
        name -> !name.startsWith("graph-") && !name.startsWith("manifest-"));
  }

  private static void isSame(
      Consumer<StorageBackend> script, Path folder, Predicate<String> isCompared)
      throws IOException {
    MemoryStorage.Disk disk = written(script);
    Map<String, byte[]> golden = read(folder);
    assertThat(disk.files().keySet()).isEqualTo(golden.keySet());
    disk.files().keySet().stream()
        .filter(isCompared)
        .forEach(name -> assertThat(disk.files().get(name)).as(name).isEqualTo(golden.get(name)));
  }

  private static MemoryStorage.Disk written(Consumer<StorageBackend> script) {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    script.accept(MemoryStorage.open(disk));
    return disk;
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

  /**
   * Writes the golden stores of the present version into the folder given, such as {@code v2}, and
   * into one beside it whose name ends in {@code -graph}.
   */
  public static void main(String[] args) throws IOException {
    write(GoldenScript::write, Path.of(args[0]));
    write(GoldenScript::writeLinked, Path.of(args[0] + "-graph"));
  }

  private static void write(Consumer<StorageBackend> script, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : written(script).files().entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
