package org.edgevec.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.edgevec.Entry;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.contents.Contents;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles.Kind;
import org.edgevec.storage.StoreId;
import org.edgevec.table.Change;
import org.edgevec.table.RecordCodec;
import org.edgevec.vector.HeapArena;
import org.junit.jupiter.api.Test;

class SegmentFormatTest {

  private static final StoreId ID = new StoreId(1, 2);
  private static final String NAME = Kind.SEGMENT.name(9);

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final MemoryStorage storage = MemoryStorage.open(disk);

  private static Contents table(Metric metric, Change... changes) {
    Contents table = new Contents(2, metric, HeapArena.SCALAR);
    table.apply(RecordCodec.encode(List.of(changes), 2, metric));
    return table;
  }

  private static Change put(String id, float x, float y, Metadata metadata) {
    return new Change.Put(id, new float[] {x, y}, metadata);
  }

  private static Contents three() {
    return table(
        Metric.COSINE,
        put("a", 1, 2, Metadata.empty()),
        put("é", 3, 4, Metadata.of("n", 7)),
        put("ccc", 5, 6, Metadata.of("t", "x")));
  }

  private SegmentRef write(Contents table, int from, int to) {
    return SegmentFormat.write(
        storage, ID, 9, table.metric(), table.view(), from, to, ProgressListener.NONE);
  }

  private Contents load(SegmentRef ref, long dead) {
    Contents table = new Contents(2, Metric.COSINE, HeapArena.SCALAR);
    SegmentFormat.load(storage, ID, ref, new long[] {dead}, table);
    return table;
  }

  @Test
  void entriesComeBackInTheirOrderAndTheDeadStayDead() {
    Contents before = three();
    SegmentRef ref = write(before, 0, 3);
    Contents table = load(ref, 2);
    assertThat(table.liveIds()).containsExactly("a", "ccc");
    assertThat(table.ordinalCount()).isEqualTo(3);
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      Entry entry = before.stored(ordinal).entry();
      // Nobody reads what was stored beside a dead vector.
      Metadata metadata = ordinal == 1 ? Metadata.empty() : entry.metadata();
      assertThat(table.stored(ordinal).entry())
          .usingRecursiveComparison()
          .isEqualTo(Entry.of(entry.id(), entry.vector(), metadata));
    }
  }

  @Test
  void aSegmentGoesBehindWhatTheTableHas() {
    SegmentRef ref = write(three(), 0, 2);
    Contents table = table(Metric.COSINE, put("z", 9, 9, Metadata.empty()));
    SegmentFormat.load(storage, ID, ref, new long[1], table);
    assertThat(table.liveIds()).containsExactly("z", "a", "é");
    assertThat(table.stored(2).entry().vector()).containsExactly(3, 4);
  }

  @Test
  void aRangeIsLaidOutAsTheFormatSays() {
    SegmentRef ref = write(three(), 1, 3);
    byte[] file = disk.files().get(NAME);
    int body = 16 + (6 + 2 + 13) + (6 + 3 + 10);
    assertThat(ref).isEqualTo(new SegmentRef(9, 2, 64 + body + 4, FileHeader.crcOf(file)));
    assertThat(file).hasSize(64 + body + 4);
    assertThat(LittleEndian.getLong(file, 32)).as("number").isEqualTo(9);
    assertThat(LittleEndian.getLong(file, 40)).as("body").isEqualTo(body);
    assertThat(LittleEndian.getInt(file, 48)).as("dimension").isEqualTo(2);
    assertThat(LittleEndian.getInt(file, 52)).as("metric").isEqualTo(2);
    assertThat(LittleEndian.getLong(file, 56)).as("count").isEqualTo(2);
    float[] floats = new float[4];
    LittleEndian.getFloats(file, 64, floats, 0, 4);
    assertThat(floats).containsExactly(3, 4, 5, 6);
    assertThat(LittleEndian.getShort(file, 80)).as("id length").isEqualTo(2);
    assertThat(LittleEndian.getInt(file, 82)).as("metadata length").isEqualTo(13);
  }

  /** By the metadata of its own range. */
  @Test
  void theVersionIsTheLowestThatSuffices() {
    Contents table =
        table(
            Metric.COSINE,
            put("a", 1, 2, Metadata.of("n", 7)),
            put("b", 3, 4, Metadata.of("t", Instant.EPOCH)));
    write(table, 0, 1);
    assertThat(LittleEndian.getShort(disk.files().get(NAME), 8)).isEqualTo((short) 1);
    SegmentRef ref = write(table, 0, 2);
    assertThat(LittleEndian.getShort(disk.files().get(NAME), 8)).isEqualTo((short) 2);
    assertThat(load(ref, 0).stored(1).entry().metadata().getInstant("t")).isEqualTo(Instant.EPOCH);
  }

  @Test
  void onlyTheVeryFileThatIsNamedWillDo() {
    SegmentRef ref = write(three(), 0, 3);
    assertOther(new SegmentRef(9, 2, ref.fileBytes(), ref.headerCrc()));
    assertOther(new SegmentRef(9, 3, ref.fileBytes() + 1, ref.headerCrc()));
    assertOther(new SegmentRef(9, 3, ref.fileBytes(), ref.headerCrc() + 1));
    assertThatThrownBy(() -> SegmentFormat.open(storage, ID, ref, 3, Metric.COSINE))
        .hasMessageContaining("it is not the segment that the manifest names");
    assertThatThrownBy(() -> SegmentFormat.open(storage, ID, ref, 2, Metric.L2))
        .hasMessageContaining("it is not the segment that the manifest names");
    assertThatThrownBy(() -> SegmentFormat.open(storage, new StoreId(1, 3), ref, 2, Metric.COSINE))
        .hasMessageContaining("it belongs to another database");
    assertThat(SegmentFormat.open(storage, ID, ref, 2, Metric.COSINE).remaining()).isPositive();
  }

  private void assertOther(SegmentRef ref) {
    assertThatThrownBy(() -> load(ref, 0))
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo(NAME);
              assertThat(e.offset()).isZero();
              assertThat(e.what()).isEqualTo("it is not the segment that the manifest names");
            });
  }

  /** A file whose checksums hold and whose body is something else. */
  private SegmentRef other(int count, byte[] body) {
    byte[] header =
        new FileHeader(FileHeader.Kind.SEGMENT, ID, 9, body.length, 2 | 2L << 32, count).encode();
    storage.atomicWrite(
        NAME,
        sink -> {
          BlockWriter out = new BlockWriter(sink, header, 0, ProgressListener.NONE);
          out.bytes(body);
          out.finish();
        });
    return new SegmentRef(9, count, BlockWriter.fileBytes(body.length), FileHeader.crcOf(header));
  }

  private void assertCorrupt(int count, byte[] body, long offset, String what) {
    assertThatThrownBy(() -> load(other(count, body), 0))
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo(NAME);
              assertThat(e.what()).isEqualTo(what);
              assertThat(e.offset()).isEqualTo(offset);
            });
  }

  private static byte[] body(int idLength, int metadataLength, int rest) {
    byte[] body = new byte[8 + 6 + rest];
    LittleEndian.putFloats(new float[] {1, 2}, 0, body, 0, 2);
    body[8] = (byte) idLength;
    LittleEndian.putInt(body, 10, metadataLength);
    for (int i = 14; i < body.length; i++) {
      body[i] = 'x';
    }
    return body;
  }

  @Test
  void theSmallestEntryIsAnIdOfOneByte() {
    assertThat(load(other(1, body(1, 0, 1)), 0).liveIds()).containsExactly("x");
    assertCorrupt(1, body(1, 0, 0), 64, "too short for 1 entries");
    assertCorrupt(Integer.MAX_VALUE, body(1, 0, 1), 64, "too short for 2147483647 entries");
  }

  @Test
  void whatTheBlocksSayMustBePossible() {
    assertCorrupt(1, body(3, 0, 2), 64 + 14, "3 bytes expected, 2 left");
    assertCorrupt(1, body(1, 2, 2), 64 + 15, "2 bytes expected, 1 left");
    assertCorrupt(
        1, body(1, (1 << 20) + 1, 1), 64 + 14, "a metadata length is 1048577, at most 1048576");
    assertCorrupt(1, body(1, 1 << 20, 1), 64 + 15, "1048576 bytes expected, 0 left");
    assertCorrupt(1, body(1, 0, 3), 64 + 15, "2 bytes too many");
    assertCorrupt(1, body(0, 0, 1), 64 + 14, "an id of 0 bytes");
  }

  @Test
  void aCheckFindsTheSameWithoutKeepingAnything() {
    List<CorruptDataException> told = new ArrayList<>();
    SegmentRef ref = other(1, body(1, 0, 3));
    Manifest manifest =
        new Manifest(
            ID, 2, 0, 2, Metric.COSINE, 1, 1, List.of(ref), List.of(new long[1]), List.of());
    SnapshotCheck check = new SnapshotCheck(storage, told::add);
    check.check(manifest);
    assertThat(told).singleElement().satisfies(e -> assertThat(e.offset()).isEqualTo(64 + 15));
    assertThat(check.entries()).isZero();
    check.check(manifest);
    assertThat(told).as("checked once").hasSize(1);
  }

  @Test
  void aCheckSeesIdsThatAreLiveTwiceAndVectorsThatPointNowhere() {
    Contents twice =
        table(
            Metric.COSINE,
            put("a", 1, 2, Metadata.empty()),
            put("b", 3, 4, Metadata.empty()),
            put("a", 5, 6, Metadata.empty()));
    SegmentRef ref = write(twice, 0, 3);
    assertChecked(ref, 0, "the id \"a\" twice");
    assertChecked(ref, 1, null);
    assertChecked(ref, 4, null);
    byte[] zero = body(1, 0, 1);
    LittleEndian.putLong(zero, 0, 0);
    assertChecked(other(1, zero), 0, "a vector without a direction");
  }

  @Test
  void aCheckGoesOnBehindAnEntryThatCannotBe() {
    SegmentRef ref = other(1, body(1, 0, 140_000));
    byte[] file = disk.files().get(NAME).clone();
    file[64 + 65_536 + 5] ^= 1;
    storage.atomicWrite(NAME, sink -> sink.write(file, 0, file.length));
    List<Long> told = new ArrayList<>();
    Manifest manifest =
        new Manifest(
            ID, 2, 0, 2, Metric.COSINE, 1, 1, List.of(ref), List.of(new long[1]), List.of());
    new SnapshotCheck(storage, e -> told.add(e.offset())).check(manifest);
    assertThat(told).containsExactly(64L + 15, 64L + 65_536);
  }

  private void assertChecked(SegmentRef ref, long dead, String what) {
    List<String> told = new ArrayList<>();
    Manifest manifest =
        new Manifest(
            ID, 2, 0, 2, Metric.COSINE, 1, 1, List.of(ref), List.of(new long[] {dead}), List.of());
    SnapshotCheck check = new SnapshotCheck(storage, e -> told.add(e.what()));
    check.check(manifest);
    assertThat(told).isEqualTo(what == null ? List.of() : List.of(what));
    assertThat(check.entries()).isEqualTo(what == null ? ref.count() : 0);
  }
}
