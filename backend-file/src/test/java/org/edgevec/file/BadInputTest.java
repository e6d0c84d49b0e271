package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.edgevec.HnswOptions;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.ReadOnlyException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.UnsupportedVersionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything a caller can get wrong: a typed error that says what to do, and nothing written. */
class BadInputTest {

  private static final Options COSINE = Options.of(3, Metric.COSINE);
  private static final HnswOptions SMALL_GRAPH = HnswOptions.of(4, 20).minEntries(1);
  private static final float[] GOOD = {1, 2, 3};

  @TempDir Path parent;

  private Path folder;

  @BeforeEach
  void chooseFolder() {
    folder = parent.resolve("db");
  }

  private record Mistake(String name, Code code, String said, Consumer<VectorDatabase> call) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mistake> mistakes() {
    String longest = "x".repeat(513);
    return Stream.of(
        new Mistake(
            "too few components", Code.INVALID_DIMENSION, "2", db -> db.put("a", new float[2])),
        new Mistake(
            "too many components", Code.INVALID_DIMENSION, "4", db -> db.put("a", new float[4])),
        new Mistake("no components", Code.INVALID_DIMENSION, "0", db -> db.put("a", new float[0])),
        new Mistake("NaN", Code.INVALID_VECTOR, "NaN", put(1, Float.NaN, 3)),
        new Mistake("infinity", Code.INVALID_VECTOR, "nfinit", put(1, Float.POSITIVE_INFINITY, 3)),
        new Mistake(
            "minus infinity", Code.INVALID_VECTOR, "nfinit", put(Float.NEGATIVE_INFINITY, 2, 3)),
        new Mistake("a zero vector under cosine", Code.INVALID_VECTOR, "COSINE", put(0, 0, 0)),
        new Mistake("an empty id", Code.INVALID_ID, "id", db -> db.put("", GOOD)),
        new Mistake("an id of 513 bytes", Code.INVALID_ID, "512", db -> db.put(longest, GOOD)),
        new Mistake(
            "an id of 257 letters of 2 bytes",
            Code.INVALID_ID,
            "512",
            db -> db.put("ä".repeat(257), GOOD)),
        new Mistake(
            "an id that is half a character", Code.INVALID_ID, "id", db -> db.put("\ud83d", GOOD)),
        new Mistake("deleting an empty id", Code.INVALID_ID, "id", db -> db.delete("")),
        new Mistake(
            "metadata of an unsupported type",
            Code.INVALID_METADATA,
            "date",
            db -> db.put("a", GOOD, Metadata.of("date", LocalDate.EPOCH))),
        new Mistake(
            "a list with an array in metadata",
            Code.INVALID_METADATA,
            "list",
            db -> db.put("a", GOOD, Metadata.of("list", List.of(1, new int[2])))),
        new Mistake(
            "a time that no Date can be",
            Code.INVALID_METADATA,
            "far",
            db -> db.put("a", GOOD, Metadata.of("far", Instant.MAX))),
        new Mistake(
            "metadata over 1 MiB",
            Code.INVALID_METADATA,
            "etadata",
            db -> db.put("a", GOOD, Metadata.of("text", "x".repeat((1 << 20) + 1)))),
        new Mistake(
            "a batch over the frame limit",
            Code.INVALID_BATCH,
            "smaller",
            db -> db.write(hugeBatch())),
        new Mistake(
            "one bad change in a batch",
            Code.INVALID_DIMENSION,
            "1",
            db -> db.write(new WriteBatch().put("good", GOOD).put("bad", new float[1]))),
        new Mistake(
            "k of 0", Code.INVALID_ARGUMENT, "k is 0", db -> db.search(SearchRequest.of(GOOD, 0))),
        new Mistake(
            "k below 0",
            Code.INVALID_ARGUMENT,
            "k is -1",
            db -> db.search(SearchRequest.of(GOOD, -1))),
        new Mistake(
            "a query of the wrong dimension",
            Code.INVALID_DIMENSION,
            "2",
            db -> db.search(SearchRequest.of(new float[2], 1))),
        new Mistake(
            "a query of zeros under cosine",
            Code.INVALID_VECTOR,
            "COSINE",
            db -> db.search(SearchRequest.of(new float[3], 1))));
  }

  private static Consumer<VectorDatabase> put(float... vector) {
    return db -> db.put("a", vector);
  }

  private static Map<String, Object> mapToNull(String key) {
    Map<String, Object> map = new HashMap<>();
    map.put(key, null);
    return map;
  }

  private static WriteBatch hugeBatch() {
    Metadata large = Metadata.of("text", "x".repeat(1_000_000));
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < 68; i++) {
      batch.put("entry-" + i, GOOD, large);
    }
    return batch;
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsRefusedAndNothingIsWritten(Mistake mistake) {
    try (VectorDatabase db = EdgeVec.open(folder, COSINE)) {
      db.put("there", GOOD);
    }
    // Opened anew, it has nothing to write in the background that would look like a trace.
    try (VectorDatabase db = EdgeVec.open(folder, COSINE)) {
      Map<String, String> before = FolderContent.of(folder);
      long sequence = db.stats().lastSequence();
      InvalidInputException thrown =
          catchThrowableOfType(InvalidInputException.class, () -> mistake.call().accept(db));
      assertThat(thrown).as("the refusal").isNotNull();
      assertThat(thrown.code()).isEqualTo(mistake.code());
      assertThat(thrown).hasMessageContaining(mistake.said());
      assertThat(db.stats().lastSequence()).isEqualTo(sequence);
      assertThat(db.ids()).containsExactly("there");
      assertThat(FolderContent.of(folder)).isEqualTo(before);
      db.put("after", GOOD);
    }
    try (VectorDatabase db = EdgeVec.open(folder)) {
      assertThat(db.ids()).containsExactly("there", "after");
    }
  }

  @Test
  void dimensionsOutOfRangeAreRefused() {
    for (int dimension : new int[] {Integer.MIN_VALUE, -1, 0, 4097}) {
      InvalidInputException thrown =
          catchThrowableOfType(InvalidInputException.class, () -> Options.of(dimension, Metric.L2));
      assertThat(thrown.code()).isEqualTo(Code.INVALID_DIMENSION);
      assertThat(thrown)
          .hasMessageContaining(String.valueOf(dimension))
          .hasMessageContaining("4096");
    }
  }

  @Test
  void optionsThatContradictTheStoredOnesAreRefused() {
    create();
    for (Options options :
        List.of(
            Options.of(4, Metric.COSINE),
            Options.of(3, Metric.L2),
            Options.of(2, Metric.DOT).salvage(true))) {
      InvalidInputException thrown = checkRefused(folder, options);
      assertThat(thrown.code()).isEqualTo(Code.OPTIONS_MISMATCH);
      assertThat(thrown).hasMessageContaining("3").hasMessageContaining("COSINE");
    }
  }

  @Test
  void whereThereIsNoDatabaseNoneIsMadeUnlessAskedFor() throws IOException {
    Files.createDirectory(parent.resolve("empty"));
    for (Path path : List.of(folder, parent.resolve("deep/below"), parent.resolve("empty"))) {
      for (Options options :
          List.of(Options.existing(), COSINE.createIfMissing(false), COSINE.salvage(true))) {
        InvalidInputException thrown = checkRefused(path, options);
        assertThat(thrown.code()).isEqualTo(Code.NOT_FOUND);
        assertThat(thrown).hasMessageContaining(path.toString());
      }
    }
  }

  @Test
  void aPathThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(parent.resolve("notes.txt"), "dear diary");
    for (Options options : List.of(COSINE, Options.existing())) {
      InvalidInputException thrown = checkRefused(file, options);
      assertThat(thrown.code()).isEqualTo(Code.NOT_A_DATABASE);
      assertThat(thrown).hasMessageContaining(file.toString()).hasMessageContaining("file");
    }
  }

  @Test
  void aFolderThatHoldsSomethingElseIsRefused() throws IOException {
    Path pictures = Files.createDirectory(parent.resolve("pictures"));
    Files.writeString(pictures.resolve("holiday.jpg"), "sun");
    for (Options options : List.of(COSINE, Options.existing())) {
      InvalidInputException thrown = checkRefused(pictures, options);
      assertThat(thrown.code()).isEqualTo(Code.NOT_A_DATABASE);
      assertThat(thrown).hasMessageContaining("holiday.jpg");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "GRAPH")
  void aDamagedFileIsRefusedAndNotTouched(StoreFiles.Kind kind) throws IOException {
    createWithSnapshot();
    List<Path> files = files(kind);
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      flipByte(file, (int) Files.size(file) / 2);
    }
    Map<String, String> before = FolderContent.of(parent);
    CorruptDataException thrown =
        catchThrowableOfType(CorruptDataException.class, () -> EdgeVec.open(folder));
    assertThat(thrown).as("opening with damage in every %s", kind).isNotNull();
    assertThat(files).extracting(path -> path.getFileName().toString()).contains(thrown.file());
    assertThat(thrown.offset()).isNotNegative();
    assertThat(thrown).hasMessageContaining(thrown.file()).hasMessageContaining("salvage");
    assertThat(FolderContent.of(parent)).isEqualTo(before);
    assertThatThrownBy(() -> EdgeVec.open(folder)).isInstanceOf(CorruptDataException.class);
  }

  @Test
  void salvageOpensADamagedLogReadOnly() throws IOException {
    try (VectorDatabase db = EdgeVec.open(folder, COSINE)) {
      for (int i = 0; i < 100; i++) {
        db.put("entry-" + i, GOOD);
      }
    }
    Path log = files(StoreFiles.Kind.WAL).get(0);
    flipByte(log, (int) Files.size(log) / 2);
    assertThatThrownBy(() -> EdgeVec.open(folder)).isInstanceOf(CorruptDataException.class);
    Map<String, String> before = FolderContent.of(folder);
    try (VectorDatabase db = EdgeVec.open(folder, Options.existing().salvage(true))) {
      assertThat(db.size()).isBetween(40, 60);
      assertThat(db.get("entry-0").orElseThrow().vector()).containsExactly(GOOD);
      assertThat(db.recoveryReport().notes()).hasSize(1);
      assertThat(db.stats().readOnly()).isTrue();
      assertThatThrownBy(() -> db.put("a", GOOD)).isInstanceOf(ReadOnlyException.class);
      assertThatThrownBy(db::checkpoint).isInstanceOf(ReadOnlyException.class);
    }
    assertThat(FolderContent.of(folder)).isEqualTo(before);
  }

  @Test
  void aDamagedGraphIsToldAndBuiltAnew() throws IOException {
    createWithSnapshot();
    for (Path file : files(StoreFiles.Kind.GRAPH)) {
      flipByte(file, (int) Files.size(file) / 2);
    }
    String name = files(StoreFiles.Kind.GRAPH).get(0).getFileName().toString();
    assertThat(EdgeVec.verify(folder, ProgressListener.NONE).damage())
        .anySatisfy(damage -> assertThat(damage.file()).isEqualTo(name));
    try (VectorDatabase db = EdgeVec.open(folder, Options.existing().hnsw(SMALL_GRAPH))) {
      assertThat(db.recoveryReport().notes())
          .singleElement()
          .asString()
          .contains("search graph", "built anew", "graph-");
      assertThat(db.recoveryReport().usedPreviousSnapshot()).isFalse();
      assertThat(db.search(SearchRequest.of(GOOD, 50))).hasSize(30);
      db.awaitIndexed(ProgressListener.NONE);
      assertThat(db.stats().indexedEntries()).isEqualTo(30);
      db.checkpoint();
      db.put("goes on", GOOD);
      db.checkpoint();
    }
    assertThat(EdgeVec.verify(folder, ProgressListener.NONE).isIntact()).isTrue();
    try (VectorDatabase db = EdgeVec.open(folder)) {
      assertThat(db.recoveryReport().notes()).isEmpty();
      assertThat(db.stats().indexedEntries()).as("the graph is loaded").isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewerVersionIsRefusedAndNotTouched(StoreFiles.Kind kind) throws IOException {
    createWithSnapshot();
    List<Path> files = files(kind);
    Path newest = files.get(files.size() - 1);
    setVersion(newest, FileHeader.Kind.valueOf(kind.name()).newestVersion() + 1);
    Map<String, String> before = FolderContent.of(parent);
    assertThatThrownBy(() -> EdgeVec.open(folder))
        .isInstanceOf(UnsupportedVersionException.class)
        .hasMessageContaining(newest.getFileName().toString())
        .hasMessageContaining("newer EdgeVec");
    assertThat(FolderContent.of(parent)).isEqualTo(before);
  }

  @Test
  void aFolderThatMayNotBeWrittenIsAStorageError() {
    Path impossible = Path.of("/proc/edgevec/db");
    if (Files.isDirectory(Path.of("/proc/self"))) {
      assertThatThrownBy(() -> EdgeVec.open(impossible, COSINE))
          .isInstanceOf(StorageIOException.class)
          .hasMessageContaining(impossible.toString());
    }
  }

  private void create() {
    try (VectorDatabase db = EdgeVec.open(folder, COSINE)) {
      db.put("a", GOOD);
    }
  }

  /** Two generations, segments, graphs, and a log behind the newest snapshot. */
  private void createWithSnapshot() {
    try (VectorDatabase db = EdgeVec.open(folder, COSINE.hnsw(SMALL_GRAPH))) {
      for (int i = 0; i < 30; i++) {
        db.put("entry-" + i, GOOD, Metadata.of("number", i));
        if (i == 10 || i == 20) {
          db.awaitIndexed(ProgressListener.NONE);
          db.checkpoint();
        }
      }
    }
  }

  private InvalidInputException checkRefused(Path path, Options options) {
    Map<String, String> before = FolderContent.of(parent);
    InvalidInputException thrown =
        catchThrowableOfType(InvalidInputException.class, () -> EdgeVec.open(path, options));
    assertThat(thrown).as("opening %s", path).isNotNull();
    assertThat(FolderContent.of(parent)).isEqualTo(before);
    return thrown;
  }

  private List<Path> files(StoreFiles.Kind kind) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .filter(path -> kind.number(path.getFileName().toString()) >= 0)
          .sorted()
          .toList();
    }
  }

  private static void flipByte(Path file, int offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] ^= 0x10;
    Files.write(file, bytes);
  }

  /** Makes a file say that it is of another version, with a header checksum that is right. */
  private static void setVersion(Path file, int version) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putShort(8, (short) version);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 12);
    crc.update(bytes, 16, 48);
    header.putInt(12, (int) crc.getValue());
    Files.write(file, bytes);
  }
}
