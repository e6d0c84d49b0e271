package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  private static final Path V1_EDGES_L2 = Path.of("src/test/resources/golden/v1-edges-l2");
  private static final Path V1_EDGES_DOT = Path.of("src/test/resources/golden/v1-edges-dot");
  private static final Path V2_COPIES = Path.of("src/test/resources/golden/v2-copies");
  private static final Path V2_VALUES = Path.of("src/test/resources/golden/v2-values");

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

  /**
   * Its graph was linked by code that did it badly: it is no damage, is told, and is replaced by
   * the next checkpoint.
   */
  @Test
  void theGraphOfVersion1IsLinkedAnew() throws IOException {
    MemoryStorage.Disk disk = MemoryStorage.Disk.of(read(V1_GRAPH));
    assertThat(VectorDatabase.verify(MemoryStorage.open(disk), ProgressListener.NONE).damage())
        .isEmpty();
    Options options = Options.existing().hnsw(HnswOptions.of(4, 20).minEntries(10));
    TestPlatform platform = TestPlatform.withBackground(1);
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), options, platform)) {
      assertThat(db.recoveryReport().notes())
          .containsExactly(
              "The search graph in graph-0000000000000002.evec is whole, but an earlier EdgeVec"
                  + " linked it, which led astray in some data: it is built anew, and until then"
                  + " searches score every entry.");
      assertThat(db.stats().indexedEntries()).isZero();
      GoldenScript.checkLinked(db);
      platform.runTasks();
      assertThat(db.stats().indexedEntries()).isEqualTo(102);
      GoldenScript.checkLinked(db);
      db.checkpoint();
    }
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), options, platform)) {
      assertThat(db.recoveryReport().notes()).isEmpty();
      assertThat(db.stats().indexedEntries()).isEqualTo(102);
    }
  }

  /** Where there are too few entries for a graph, it is told all the same. */
  @Test
  void theStoreOfVersion1WithAGraphOpens() throws IOException {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(read(V1_GRAPH)));
    try (VectorDatabase db = VectorDatabase.open(storage, Options.existing())) {
      GoldenScript.checkLinked(db);
    }
  }

  @Test
  void theStoreOfVersion2WithCopiesOpens() throws IOException {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(read(V2_COPIES)));
    try (VectorDatabase db = VectorDatabase.open(storage, Options.existing())) {
      GoldenScript.checkCopies(db);
    }
  }

  @Test
  void theStoreWithValuesOfAllTypesOpens() throws IOException {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(read(V2_VALUES)));
    try (VectorDatabase db = VectorDatabase.open(storage, Options.existing())) {
      GoldenScript.checkValues(db);
    }
  }

  /** Only files that need it are of the newer version. */
  @Test
  void theSameWritesGiveTheSameBytesWithValuesOfAllTypes() throws IOException {
    isSame(GoldenScript::writeValues, V2_VALUES, name -> true);
    Map<String, Integer> versions = new TreeMap<>();
    read(V2_VALUES).forEach((name, bytes) -> versions.put(name, (int) bytes[8]));
    assertThat(versions)
        .containsEntry("segment-0000000000000001.evec", 1)
        .containsEntry("segment-0000000000000002.evec", 2)
        .containsEntry("wal-0000000000000003.evec", 1)
        .containsEntry("wal-0000000000000004.evec", 2);
  }

  /** Written before such vectors were refused: some in a snapshot, some in the log behind it. */
  @Test
  void storesWithVectorsThatAreRefusedTodayOpenAndSearchInOrder() throws IOException {
    Map<String, byte[]> files = read(V1_EDGES_L2);
    try (VectorDatabase db = opened(files)) {
      float most = Float.MAX_VALUE;
      assertHits(
          db,
          new float[] {1, 1},
          List.of("one", "two", "least", "largest", "1e25", "2e19", "3e19", "-1e30"),
          List.of(0f, 2f, 2f, most, most, most, most, most));
      assertHits(
          db,
          new float[] {9e18f, 0},
          List.of("one", "two", "least", "2e19", "largest", "1e25", "3e19", "-1e30"),
          List.of(8.1e37f, 8.1e37f, 8.1e37f, 1.21e38f, most, most, most, most));
      for (String id : db.ids()) {
        assertThat(db.get(id)).isPresent();
      }
    }
    assertThat(verified(files).isIntact()).isTrue();
    files = read(V1_EDGES_DOT);
    try (VectorDatabase db = opened(files)) {
      float most = Float.MAX_VALUE;
      assertHits(
          db,
          new float[] {1, 0},
          List.of("largest", "1e25", "2e19", "two", "one", "least", "3e19", "-1e30"),
          List.of(most, 1e25f, 2e19f, 2f, 1f, Float.MIN_VALUE, 0f, -1e30f));
      assertHits(
          db,
          new float[] {1e19f, 1e19f},
          List.of("1e25", "3e19", "2e19", "two", "one", "least", "largest", "-1e30"),
          List.of(most, 3e38f, 2e38f, 4e19f, 2e19f, 1.4e-26f, 0f, -most));
    }
    assertThat(verified(files).isIntact()).isTrue();
  }

  private static VectorDatabase opened(Map<String, byte[]> files) {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(files));
    return VectorDatabase.open(storage, Options.existing());
  }

  private static VerifyReport verified(Map<String, byte[]> files) {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(files));
    return VectorDatabase.verify(storage, ProgressListener.NONE);
  }

  private static void assertHits(
      VectorDatabase db, float[] query, List<String> ids, List<Float> scores) {
    List<Hit> hits = db.search(SearchRequest.of(query, ids.size()));
    assertThat(hits).extracting(Hit::id).isEqualTo(ids);
    for (int i = 0; i < scores.size(); i++) {
      float tolerance = Math.abs(scores.get(i)) * 0.01f;
      assertThat(hits.get(i).score()).isCloseTo(scores.get(i), within(tolerance));
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

  @Test
  void theSameWritesGiveTheSameBytesBesideAGraphWithCopies() throws IOException {
    isSame(
        GoldenScript::writeCopies,
        V2_COPIES,
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
   * Writes the golden stores of the present version into the folder given, such as {@code v3}, and
   * into others beside it whose names end in {@code -graph}, {@code -copies} and {@code -values}.
   */
  public static void main(String[] args) throws IOException {
    write(GoldenScript::write, Path.of(args[0]));
    write(GoldenScript::writeLinked, Path.of(args[0] + "-graph"));
    write(GoldenScript::writeCopies, Path.of(args[0] + "-copies"));
    write(GoldenScript::writeValues, Path.of(args[0] + "-values"));
  }

  private static void write(Consumer<StorageBackend> script, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : written(script).files().entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
