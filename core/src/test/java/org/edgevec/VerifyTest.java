package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.edgevec.VerifyReport.Damage;
import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreFiles.Kind;
import org.edgevec.storage.UnsupportedVersionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code verify} finds in whole, torn and damaged stores that are not open. */
class VerifyTest {

  private static final Options OPTIONS =
      Options.of(16, Metric.L2).checkpointPolicy(CheckpointPolicy.MANUAL);
  private static final String SEGMENT_1 = Kind.SEGMENT.name(1);
  private static final String SEGMENT_2 = Kind.SEGMENT.name(2);
  private static final String WAL_2 = Kind.WAL.name(2);
  private static final String WAL_3 = Kind.WAL.name(3);
  private static final int BLOCK = 65_536;

  private Map<String, byte[]> files = new TreeMap<>();

  /** Runs a script on the files and takes what it leaves: after closing, or as a crash would. */
  private void run(boolean close, StoreScript script) {
    files = StoreScript.run(files, OPTIONS, close, script);
  }

  /**
   * Two segments of several blocks, ten batches in the log before the newest snapshot, ten after.
   */
  private void writeBigStore() {
    run(
        true,
        db -> {
          putMany(db, 0, 8000);
          db.checkpoint();
          putSingly(db, 8000, 8009);
          putMany(db, 8009, 9009);
          db.checkpoint();
          putSingly(db, 9009, 9019);
        });
  }

  private static void putMany(VectorDatabase db, int from, int to) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < to; i++) {
      batch.put("id" + i, vector(i), Metadata.of("number", i));
    }
    db.write(batch);
  }

  private static void putSingly(VectorDatabase db, int from, int to) {
    for (int i = from; i < to; i++) {
      putMany(db, i, i + 1);
    }
  }

  private static float[] vector(int i) {
    float[] vector = new float[16];
    Arrays.fill(vector, i);
    return vector;
  }

  private static Map<String, byte[]> golden() {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    GoldenScript.write(MemoryStorage.open(disk));
    return disk.files();
  }

  private void change(String name, int offset) {
    byte[] bytes = files.get(name).clone();
    bytes[offset] ^= 0x10;
    files.put(name, bytes);
  }

  private void cut(String name, int newLength) {
    files.put(name, Arrays.copyOf(files.get(name), newLength));
  }

  private int length(String name) {
    return files.get(name).length;
  }

  /** Verifies, and sees to it that nothing changed. */
  private VerifyReport verify() {
    return verify(ProgressListener.NONE);
  }

  private VerifyReport verify(ProgressListener progress) {
    MemoryStorage.Disk disk = MemoryStorage.Disk.of(files);
    try {
      return VectorDatabase.verify(MemoryStorage.open(disk), progress);
    } finally {
      assertThat(disk.files().keySet()).isEqualTo(files.keySet());
      disk.files().forEach((name, bytes) -> assertThat(bytes).isEqualTo(files.get(name)));
      MemoryStorage.open(disk).close(); // The lock is free again.
    }
  }

  private List<String> places() {
    List<String> places = new ArrayList<>();
    for (Damage damage : verify().damage()) {
      assertThat(damage.what()).isNotBlank();
      places.add(damage.file() + "@" + damage.offset());
    }
    return places;
  }

  /** Where the frames of a log file begin; the file is whole. */
  private List<Integer> frames(String wal) {
    byte[] bytes = files.get(wal);
    List<Integer> frames = new ArrayList<>();
    for (int at = 64; at < bytes.length; at += 44 + LittleEndian.getInt(bytes, at + 4)) {
      frames.add(at);
    }
    return frames;
  }

  @Test
  void anIntactStoreIsReportedIntactWithItsCounts() {
    writeBigStore();
    VerifyReport report = verify();
    assertThat(report.isIntact()).isTrue();
    assertThat(report.damage()).isEmpty();
    assertThat(report.notes()).isEmpty();
    assertThat(report.leftovers()).isEmpty();
    assertThat(report.files()).isEqualTo(files.size()).isEqualTo(7);
    assertThat(report.bytes())
        .isEqualTo(files.values().stream().mapToLong(bytes -> bytes.length).sum());
    assertThat(report.entries()).isEqualTo(9009);
    assertThat(report.batches()).isEqualTo(20);
  }

  @Test
  void theGoldenStoreIsIntact() {
    files = golden();
    VerifyReport report = verify();
    assertThat(report.damage()).isEmpty();
    assertThat(report.files()).isEqualTo(files.size());
    assertThat(report.leftovers()).isEmpty();
  }

  @Test
  void allDamageIsInOneReport() {
    writeBigStore();
    List<Integer> frames = frames(WAL_3);
    change(SEGMENT_1, 64 + 100);
    change(SEGMENT_1, 64 + 3 * BLOCK + 65_000);
    change(SEGMENT_1, length(SEGMENT_1) - 1);
    change(SEGMENT_2, 64);
    change(WAL_3, frames.get(2) + 50);
    change(WAL_3, frames.get(5) + 20);
    change(WAL_3, frames.get(6) + 60);
    int lastBlock = 64 + (length(SEGMENT_1) - 64) / BLOCK * BLOCK;
    assertThat(places())
        .containsExactly(
            SEGMENT_1 + "@" + 64,
            SEGMENT_1 + "@" + (64 + 3 * BLOCK),
            SEGMENT_1 + "@" + lastBlock,
            SEGMENT_2 + "@" + 64,
            WAL_3 + "@" + frames.get(2),
            WAL_3 + "@" + frames.get(5),
            WAL_3 + "@" + frames.get(6));
  }

  @Test
  @Tag("slow")
  void everyByteOfAFrameThatIsDamagedIsReportedAtThatFrameAndNoOther() {
    writeBigStore();
    Map<String, byte[]> whole = Map.copyOf(files);
    List<Integer> frames = frames(WAL_3);
    SoftAssertions softly = new SoftAssertions();
    for (int offset = frames.get(4); offset < frames.get(5); offset++) {
      files = new TreeMap<>(whole);
      change(WAL_3, offset);
      softly.assertThat(places()).as("byte " + offset).containsExactly(WAL_3 + "@" + frames.get(4));
    }
    softly.assertAll();
  }

  @Test
  void damageInTheLogKeptForThePreviousSnapshotIsFound() {
    writeBigStore();
    int frame = frames(WAL_2).get(1);
    change(WAL_2, frame + 44);
    assertThat(places()).containsExactly(WAL_2 + "@" + frame);
    assertThat(open().size()).as("no opening needs it yet").isEqualTo(9019);
  }

  private VectorDatabase open() {
    return VectorDatabase.open(
        MemoryStorage.open(MemoryStorage.Disk.of(files)), Options.existing());
  }

  @Test
  void damagedHeadersAreReportedWhereTheyAre() {
    writeBigStore();
    Map<String, byte[]> whole = Map.copyOf(files);
    for (String name : whole.keySet()) {
      files = new TreeMap<>(whole);
      change(name, 45);
      assertThat(places()).as(name).containsExactly(name + "@12");
    }
  }

  @Test
  void damageInASegmentOfThePreviousSnapshotOnlyIsFound() {
    run(
        true,
        db -> {
          putMany(db, 0, 10);
          db.checkpoint();
          putMany(db, 0, 10);
          db.checkpoint();
        });
    change(SEGMENT_1, 64 + 5);
    assertThat(places()).containsExactly(SEGMENT_1 + "@64");
    assertThat(open().recoveryReport().notes()).as("no opening needs it yet").isEmpty();
  }

  @Test
  void ifTheNewestTwoManifestsAreDamagedAnOlderOneIsRead() {
    run(true, db -> putMany(db, 0, 10));
    byte[] first = files.get(Kind.MANIFEST.name(1));
    byte[] firstLog = files.get(Kind.WAL.name(1));
    run(
        true,
        db -> {
          db.checkpoint();
          putMany(db, 10, 11);
          db.checkpoint();
        });
    files.put(Kind.MANIFEST.name(1), first);
    files.put(Kind.WAL.name(1), firstLog);
    change(Kind.MANIFEST.name(2), 70);
    change(Kind.MANIFEST.name(3), 70);
    assertThat(places())
        .containsExactly(Kind.MANIFEST.name(3) + "@64", Kind.MANIFEST.name(2) + "@64");
    assertThat(verify().batches()).isEqualTo(2);
    assertThat(verify().notes()).isEmpty();
  }

  @Test
  void aFileThatBeginsTooEarlyIsDamageEvenBehindDamage() {
    run(true, db -> putSingly(db, 0, 3));
    run(true, db -> putSingly(db, 3, 4));
    change(WAL_2, 30);
    files.put(WAL_3, log(3, 3));
    assertThat(places()).containsExactly(WAL_2 + "@12", WAL_3 + "@48", WAL_3 + "@64");
    files.put(WAL_3, log(3, 5));
    assertThat(places()).containsExactly(WAL_2 + "@12");
  }

  /** A log file of this database that holds nothing. */
  private byte[] log(long number, long firstSequence) {
    byte[] header = Arrays.copyOf(files.get(Kind.WAL.name(1)), 64);
    LittleEndian.putLong(header, 32, number);
    LittleEndian.putLong(header, 48, firstSequence);
    LittleEndian.putInt(
        header, 12, new Checksum().bytes(header, 0, 12).bytes(header, 16, 48).value());
    return header;
  }

  @Test
  void aMissingFileIsReportedWhereItIsMissed() {
    writeBigStore();
    Map<String, byte[]> whole = Map.copyOf(files);
    files.remove(SEGMENT_2);
    assertThat(places()).containsExactly(SEGMENT_2 + "@0");
    files = new TreeMap<>(whole);
    files.remove(WAL_2);
    assertThat(places()).containsExactly(WAL_3 + "@48");
    files = new TreeMap<>(whole);
    int end = length(WAL_2);
    files.remove(WAL_3);
    assertThat(places()).containsExactly(WAL_2 + "@" + end);
    files = new TreeMap<>(whole);
    files.keySet().removeIf(name -> Kind.MANIFEST.number(name) >= 0);
    assertThat(places()).containsExactly(Kind.MANIFEST.name(1) + "@0");
    assertThat(verify().notes())
        .containsExactly(
            "Without a manifest nobody knows what the other files mean; they were not read.");
  }

  @Test
  void cutFilesAreReported() {
    writeBigStore();
    Map<String, byte[]> whole = Map.copyOf(files);
    List<Integer> frames = frames(WAL_3);
    cut(WAL_3, frames.get(9) + 5);
    cut(SEGMENT_1, length(SEGMENT_1) - 1);
    assertThat(places()).containsExactly(SEGMENT_1 + "@0", WAL_3 + "@" + frames.get(9));
    for (int length : new int[] {0, 10}) {
      for (String name : whole.keySet()) {
        files = new TreeMap<>(whole);
        cut(name, length);
        assertThat(places()).as(name + " of " + length).isNotEmpty();
        if (Kind.WAL.number(name) < 0) {
          assertThat(verify().leftovers()).doesNotContain(name);
        }
      }
    }
  }

  @Test
  void aTornTailIsNotedAndIsNoDamage() {
    run(false, db -> putSingly(db, 0, 5));
    List<Integer> frames = frames(Kind.WAL.name(1));
    cut(Kind.WAL.name(1), frames.get(4) + 30);
    VerifyReport report = verify();
    assertThat(report.damage()).isEmpty();
    assertThat(report.batches()).isEqualTo(4);
    assertThat(report.notes())
        .containsExactly(
            "30 bytes of a write that was never acknowledged end wal-0000000000000001.evec; the next"
                + " opening cuts them off and keeps them aside.");
    assertThat(open().size()).isEqualTo(4);
  }

  @Test
  void aTornTailBehindDamageIsStillNoDamage() {
    run(false, db -> putSingly(db, 0, 5));
    List<Integer> frames = frames(Kind.WAL.name(1));
    change(Kind.WAL.name(1), frames.get(1) + 50);
    cut(Kind.WAL.name(1), frames.get(4) + 30);
    assertThat(places()).containsExactly(Kind.WAL.name(1) + "@" + frames.get(1));
    assertThat(verify().notes()).singleElement().asString().contains("30 bytes");
  }

  @Test
  void aFileWhoseCreationWasCutOffIsNotedAndIsNoDamage() {
    writeBigStore();
    for (int length : new int[] {0, 1, 63}) {
      files.put(Kind.WAL.name(4), new byte[length]);
      VerifyReport report = verify();
      assertThat(report.damage()).isEmpty();
      assertThat(report.notes()).singleElement().asString().contains(Kind.WAL.name(4));
    }
  }

  @Test
  void leftoversAreListedAndNotRead() {
    writeBigStore();
    Map<String, byte[]> whole = Map.copyOf(files);
    String torn = StoreFiles.torn(WAL_2);
    for (String name :
        List.of(
            "holiday.jpg", Kind.MANIFEST.name(1), Kind.SEGMENT.name(77), Kind.WAL.name(1), torn)) {
      files.put(name, new byte[100]);
    }
    VerifyReport report = verify();
    assertThat(report.damage()).isEmpty();
    assertThat(report.files()).isEqualTo(whole.size());
    assertThat(report.leftovers())
        .containsExactly(
            "holiday.jpg", Kind.MANIFEST.name(1), Kind.SEGMENT.name(77), Kind.WAL.name(1), torn);
    assertThat(report.bytes())
        .isEqualTo(whole.values().stream().mapToLong(bytes -> bytes.length).sum());
  }

  @Test
  void aFileOfAnotherDatabaseIsDamage() {
    writeBigStore();
    Map<String, byte[]> mine = files;
    files = golden();
    Map<String, byte[]> theirs = files;
    for (String name : List.of(SEGMENT_1, WAL_3, Kind.MANIFEST.name(2), StoreFiles.SEAL)) {
      files = new TreeMap<>(mine);
      files.put(name, theirs.get(name));
      assertThat(places()).as(name).containsExactly(name + "@16");
    }
  }

  @Test
  void aNewerVersionIsRefused() {
    writeBigStore();
    Map<String, byte[]> whole = Map.copyOf(files);
    for (String name : whole.keySet()) {
      files = new TreeMap<>(whole);
      byte[] newer = files.get(name).clone();
      newer[8] = 3;
      LittleEndian.putInt(
          newer, 12, new Checksum().bytes(newer, 0, 12).bytes(newer, 16, 48).value());
      files.put(name, newer);
      assertThatThrownBy(this::verify)
          .isInstanceOf(UnsupportedVersionException.class)
          .hasMessageContaining(name);
    }
  }

  @Test
  void aPlaceWithoutADatabaseIsRefused() {
    assertThatThrownBy(this::verify)
        .isInstanceOfSatisfying(
            InvalidInputException.class,
            e -> assertThat(e.code()).isEqualTo(InvalidInputException.Code.NOT_FOUND));
    files.put("holiday.jpg", new byte[3]);
    assertThatThrownBy(this::verify)
        .isInstanceOfSatisfying(
            InvalidInputException.class,
            e -> assertThat(e.code()).isEqualTo(InvalidInputException.Code.NOT_A_DATABASE));
  }

  @Test
  void whatIsWrongUnderARightChecksumIsFound() {
    run(true, db -> putSingly(db, 0, 3));
    String wal = Kind.WAL.name(1);
    // A record of a type that is not written, in the last frame, whose CRC no other depends on.
    byte[] bytes = files.get(wal).clone();
    int frame = frames(wal).get(2);
    int chain = LittleEndian.getInt(bytes, frame - 4);
    bytes[frame + 40] = 9;
    int crc = new Checksum().u32(chain).bytes(bytes, frame, bytes.length - 4 - frame).value();
    LittleEndian.putInt(bytes, bytes.length - 4, crc);
    files.put(wal, bytes);
    assertThat(verify().damage())
        .singleElement()
        .satisfies(damage -> assertThat(damage.what()).contains("record type 9"));
    assertThatThrownBy(this::open).isInstanceOf(CorruptDataException.class);
  }

  @Test
  void wrongEntriesUnderARightChecksumAreFound() {
    run(
        true,
        db -> {
          putMany(db, 0, 3);
          db.checkpoint();
        });
    byte[] segment = files.get(SEGMENT_1);
    int idOfSecond = 64 + 3 * 64 + (segment.length - 64 - 3 * 64 - 4) / 3 + 6;
    byte[] twice = segment.clone();
    twice[idOfSecond + 2] = '0';
    assertWrong(twice, "twice");
    byte[] infinite = segment.clone();
    LittleEndian.putInt(infinite, 64 + 64, Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
    assertWrong(infinite, "not finite");
  }

  private void assertWrong(byte[] segment, String what) {
    int crc =
        new Checksum()
            .u32(LittleEndian.getInt(segment, 12))
            .u32(0)
            .bytes(segment, 64, segment.length - 68)
            .value();
    LittleEndian.putInt(segment, segment.length - 4, crc);
    files.put(SEGMENT_1, segment);
    assertThat(verify().damage())
        .singleElement()
        .satisfies(damage -> assertThat(damage.what()).contains(what));
    assertThat(open().recoveryReport().notes()).as("an opening says so, too").isNotEmpty();
  }

  /**
   * Every seventh bit of a store: all of them are found, in the file that has them. So a store
   * whose report shows no damage has all of its bytes, and opens with everything.
   */
  @Test
  @Tag("slow")
  void everyFlippedBitIsFound() {
    Map<String, byte[]> golden = golden();
    SoftAssertions softly = new SoftAssertions();
    int flipped = 0;
    for (Map.Entry<String, byte[]> file : golden.entrySet()) {
      for (int bit = 0; bit < file.getValue().length * 8; bit += 7) {
        files = new TreeMap<>(golden);
        byte[] damaged = file.getValue().clone();
        damaged[bit >>> 3] ^= (byte) (1 << (bit & 7));
        files.put(file.getKey(), damaged);
        int offset = bit >>> 3;
        softly
            .assertThat(verify().damage())
            .as(file.getKey() + ", bit " + bit)
            .hasSizeBetween(1, 2)
            .anyMatch(found -> found.file().equals(file.getKey()) && found.offset() <= offset + 12);
        flipped++;
      }
    }
    softly.assertAll();
    System.out.println("flipped bits: " + flipped + " found");
  }

  /**
   * Every truncation: where an opening refuses, there is damage; where there is none, it serves.
   */
  @Test
  @Tag("slow")
  void verifyAgreesWithOpeningAboutEveryTruncation() {
    run(false, db -> putSingly(db, 0, 6));
    Map<String, byte[]> crashed = files;
    int damaged = 0;
    int refused = 0;
    for (Map<String, byte[]> whole : List.of(golden(), crashed)) {
      for (Map.Entry<String, byte[]> file : whole.entrySet()) {
        for (int length = 0; length < file.getValue().length; length++) {
          files = new TreeMap<>(whole);
          cut(file.getKey(), length);
          boolean isIntact = verify().isIntact();
          boolean opens = opens();
          assertThat(isIntact && !opens).as(file.getKey() + " of " + length).isFalse();
          damaged += isIntact ? 0 : 1;
          refused += opens ? 0 : 1;
        }
      }
    }
    System.out.println("truncations: " + damaged + " damage, " + refused + " refused");
    assertThat(refused).isPositive().isLessThan(damaged);
  }

  private boolean opens() {
    try (VectorDatabase db = open()) {
      return !db.recoveryReport().usedPreviousSnapshot();
    } catch (CorruptDataException e) {
      return false;
    }
  }

  @Test
  void progressGrowsInSmallStepsAndEndsAtTheTotal() {
    run(
        true,
        db -> {
          for (int i = 0; i < 8; i++) {
            putMany(db, i * 10_000, (i + 1) * 10_000);
          }
          db.checkpoint();
          putMany(db, 0, 60_000);
        });
    long total = files.values().stream().mapToLong(bytes -> bytes.length).sum();
    List<Long> steps = new ArrayList<>();
    VerifyReport report =
        verify(
            (done, all) -> {
              assertThat(all).isEqualTo(total);
              steps.add(done);
            });
    assertThat(report.bytes()).isEqualTo(total);
    assertThat(steps).isSorted().startsWith(0L).endsWith(total);
    for (int i = 1; i < steps.size(); i++) {
      assertThat(steps.get(i) - steps.get(i - 1)).isLessThanOrEqualTo(4 << 20);
    }
    assertThat(steps.size()).isGreaterThan(10);
  }

  @Test
  void whatTheListenerThrowsEndsTheWorkAndReachesTheCaller() {
    writeBigStore();
    IllegalStateException enough = new IllegalStateException("enough");
    assertThatThrownBy(
            () ->
                verify(
                    (done, total) -> {
                      throw enough;
                    }))
        .isSameAs(enough);
  }
}
