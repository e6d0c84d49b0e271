package org.edgevec.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.edgevec.CheckpointPolicy;
import org.edgevec.InvalidInputException;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.RecoveryReport;
import org.edgevec.StoreScript;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bytes.Checksum;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreFiles.Kind;
import org.edgevec.storage.UnsupportedVersionException;
import org.junit.jupiter.api.Test;

/** What opening makes of damaged, torn and half-written files; docs/durability.md row by row. */
class RecoveryTest {

  private static final Options OPTIONS =
      Options.of(2, Metric.L2).checkpointPolicy(CheckpointPolicy.MANUAL);
  private static final String WAL_1 = Kind.WAL.name(1);
  private static final String WAL_2 = Kind.WAL.name(2);

  private Map<String, byte[]> files = new TreeMap<>();

  /** Runs a script on the files and takes what it leaves: after closing, or as a crash would. */
  private void run(boolean close, StoreScript script) {
    files = StoreScript.run(files, OPTIONS, close, script);
  }

  private void closed(StoreScript script) {
    run(true, script);
  }

  private void crashed(StoreScript script) {
    run(false, script);
  }

  private static void put(VectorDatabase db, int from, int to) {
    for (int i = from; i < to; i++) {
      db.put("id" + i, new float[] {i, i});
    }
  }

  private void change(String name, int offset, int xor) {
    byte[] bytes = files.get(name).clone();
    bytes[offset] ^= (byte) xor;
    files.put(name, bytes);
  }

  private void cut(String name, int newLength) {
    files.put(name, Arrays.copyOf(files.get(name), newLength));
  }

  private int length(String name) {
    return files.get(name).length;
  }

  private void assertRefused(Class<? extends PersistenceException> type, String file) {
    MemoryStorage.Disk disk = MemoryStorage.Disk.of(files);
    assertThatThrownBy(() -> VectorDatabase.open(MemoryStorage.open(disk), OPTIONS))
        .isInstanceOf(type)
        .hasMessageContaining(file);
    assertThat(disk.files().keySet()).isEqualTo(files.keySet());
    disk.files().forEach((name, bytes) -> assertThat(bytes).isEqualTo(files.get(name)));
  }

  @Test
  void tornTailIsCutAndReported() {
    crashed(db -> put(db, 0, 5));
    byte[] whole = files.get(WAL_1);
    cut(WAL_1, whole.length - 3);
    crashed(
        db -> {
          assertThat(db.ids()).containsExactly("id0", "id1", "id2", "id3");
          assertThat(db.recoveryReport().tornBytes()).isPositive();
          assertThat(db.recoveryReport().notes()).singleElement().asString().contains("torn");
          put(db, 10, 11);
        });
    byte[] torn = files.get(StoreFiles.torn(WAL_1));
    int cutAt = length(WAL_1);
    assertThat(torn).isEqualTo(Arrays.copyOfRange(whole, cutAt, whole.length - 3));
    assertThat(files).as("never appended to after a tear").containsKey(WAL_2);
    closed(
        db -> {
          assertThat(db.ids()).containsExactly("id0", "id1", "id2", "id3", "id10");
          assertThat(db.recoveryReport().tornBytes()).isZero();
        });
  }

  @Test
  void aTornBatchIsGoneAsAWhole() {
    crashed(
        db -> {
          put(db, 0, 1);
          db.write(new WriteBatch().put("x", new float[2]).put("y", new float[2]).delete("id0"));
        });
    cut(WAL_1, length(WAL_1) - 1);
    closed(db -> assertThat(db.ids()).containsExactly("id0"));
  }

  @Test
  void damageBeforeAcknowledgedRecordsIsRefusedWithFileAndOffset() {
    crashed(db -> put(db, 0, 5));
    int frame = (length(WAL_1) - 64) / 5;
    change(WAL_1, 64 + 2 * frame + 50, 0x10);
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(files));
    assertThatThrownBy(() -> VectorDatabase.open(storage, OPTIONS))
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo(WAL_1);
              assertThat(e.offset()).isEqualTo(64 + 2 * frame);
              assertThat(e.code()).isEqualTo("CORRUPT");
            });
    assertRefused(CorruptDataException.class, WAL_1);
  }

  @Test
  void aDamagedLengthDoesNotHideTheFramesBehindIt() {
    crashed(db -> put(db, 0, 5));
    change(WAL_1, 64 + 4, 0xff);
    change(WAL_1, 64 + 7, 0x7f);
    assertRefused(CorruptDataException.class, WAL_1);
  }

  @Test
  void theLastFrameOfASealedLogCannotBeLostSilently() {
    closed(db -> put(db, 0, 5));
    Map<String, byte[]> whole = files;
    for (int length = 0; length < whole.get(WAL_1).length; length++) {
      files = new TreeMap<>(whole);
      cut(WAL_1, length);
      assertRefused(CorruptDataException.class, WAL_1);
    }
    files = new TreeMap<>(whole);
    files.remove(WAL_1);
    assertRefused(CorruptDataException.class, WAL_1);
  }

  @Test
  void aMissingLogFileIsNoticed() {
    crashed(db -> put(db, 0, 2));
    crashed(db -> put(db, 2, 4));
    crashed(db -> put(db, 4, 6));
    files.remove(WAL_2);
    assertRefused(CorruptDataException.class, Kind.WAL.name(3));
  }

  @Test
  void damageInTheLastFrameBeforeALaterFileIsRefused() {
    crashed(db -> put(db, 0, 2));
    crashed(db -> put(db, 2, 3));
    change(WAL_1, length(WAL_1) - 1, 1);
    assertRefused(CorruptDataException.class, WAL_1);
    cut(WAL_2, 64);
    assertRefused(CorruptDataException.class, WAL_1);
  }

  @Test
  void aLogFileWhoseCreationWasCutOffIsNoDamage() {
    crashed(db -> put(db, 0, 2));
    for (int length : new int[] {0, 1, 63}) {
      Map<String, byte[]> before = new TreeMap<>(files);
      files.put(WAL_2, Arrays.copyOf(files.get(WAL_1), length));
      crashed(
          db -> {
            assertThat(db.size()).isEqualTo(2);
            assertThat(db.recoveryReport().notes()).hasSize(1);
            db.put("more", new float[2]);
          });
      assertThat(files).containsKey(Kind.WAL.name(3)).doesNotContainKey(WAL_2);
      closed(db -> assertThat(db.size()).isEqualTo(3));
      files = before;
    }
  }

  @Test
  void aDamagedHeaderWithFramesBehindItIsRefused() {
    crashed(db -> put(db, 0, 1));
    for (int i = 0; i < 64; i++) {
      Map<String, byte[]> before = new TreeMap<>(files);
      change(WAL_1, i, 4);
      assertRefused(CorruptDataException.class, WAL_1);
      files = before;
    }
  }

  @Test
  void aFrameOfAnotherEpochIsNotTakenForOneOfThisLog() {
    crashed(db -> put(db, 0, 3));
    byte[] old = files.get(WAL_1);
    Map<String, byte[]> first = files;
    files = new TreeMap<>(Map.of(Kind.MANIFEST.name(1), first.get(Kind.MANIFEST.name(1))));
    // The same database goes another way, with another epoch, and old bytes lie behind its end.
    MemoryStorage.Disk disk = MemoryStorage.Disk.of(files);
    VectorDatabase db =
        VectorDatabase.open(MemoryStorage.open(disk), OPTIONS, TestPlatform.withBackground(99));
    put(db, 0, 1);
    files = new TreeMap<>(disk.files());
    db.close();
    int end = length(WAL_1);
    byte[] mixed = Arrays.copyOf(files.get(WAL_1), old.length);
    System.arraycopy(old, end, mixed, end, old.length - end);
    files.put(WAL_1, mixed);
    closed(reopened -> assertThat(reopened.ids()).containsExactly("id0"));
  }

  @Test
  void framesOfTheSameEpochInAnotherOrderDoNotFit() {
    crashed(db -> put(db, 0, 4));
    byte[] log = files.get(WAL_1);
    int frame = (log.length - 64) / 4;
    byte[] swapped = log.clone();
    System.arraycopy(log, 64 + frame, swapped, 64 + 2 * frame, frame);
    System.arraycopy(log, 64 + 2 * frame, swapped, 64 + frame, frame);
    files.put(WAL_1, swapped);
    assertRefused(CorruptDataException.class, WAL_1);
  }

  @Test
  void aDamagedNewestSnapshotIsServedByTheOneBefore() {
    closed(
        db -> {
          put(db, 0, 100);
          db.checkpoint();
          put(db, 100, 120);
          db.delete("id5");
          db.checkpoint();
          put(db, 120, 125);
        });
    String newest = Kind.MANIFEST.name(3);
    Map<String, byte[]> whole = files;
    for (int offset = 0; offset < whole.get(newest).length; offset++) {
      files = new TreeMap<>(whole);
      change(newest, offset, 0x20);
      closed(RecoveryTest::assertServedByThePrevious);
    }
    files = new TreeMap<>(whole);
    change(Kind.SEGMENT.name(2), 200, 1);
    closed(RecoveryTest::assertServedByThePrevious);
    files.remove(Kind.SEGMENT.name(2));
    closed(RecoveryTest::assertServedByThePrevious);
  }

  private static void assertServedByThePrevious(VectorDatabase db) {
    assertThat(db.recoveryReport().usedPreviousSnapshot()).isTrue();
    assertThat(db.recoveryReport().generation()).isEqualTo(2);
    assertThat(db.recoveryReport().notes()).isNotEmpty();
    assertThat(db.size()).isEqualTo(124);
    assertThat(db.contains("id5")).isFalse();
    assertThat(db.contains("id124")).isTrue();
  }

  @Test
  void aCheckpointAfterAFallbackReplacesTheDamagedSnapshot() {
    closed(
        db -> {
          put(db, 0, 10);
          db.checkpoint();
          put(db, 10, 12);
          db.checkpoint();
        });
    change(Kind.MANIFEST.name(3), 70, 1);
    closed(
        db -> {
          put(db, 12, 13);
          db.checkpoint();
        });
    closed(
        db -> {
          assertThat(db.recoveryReport().usedPreviousSnapshot()).isFalse();
          assertThat(db.recoveryReport().notes()).isEmpty();
          assertThat(db.size()).isEqualTo(13);
        });
    change(Kind.MANIFEST.name(3), 70, 1);
    closed(
        db -> {
          assertThat(db.recoveryReport().usedPreviousSnapshot()).isTrue();
          assertThat(db.size()).isEqualTo(13);
        });
  }

  @Test
  void damageInWhatBothSnapshotsNeedIsRefused() {
    closed(
        db -> {
          put(db, 0, 100);
          db.checkpoint();
          put(db, 100, 110);
          db.checkpoint();
        });
    change(Kind.SEGMENT.name(1), 300, 1);
    assertRefused(CorruptDataException.class, Kind.SEGMENT.name(1));
  }

  @Test
  void aFileOfAnotherDatabaseIsRefused() {
    closed(db -> put(db, 0, 3));
    byte[] foreign = files.get(WAL_1);
    files = new TreeMap<>();
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    VectorDatabase other =
        VectorDatabase.open(MemoryStorage.open(disk), OPTIONS, TestPlatform.seeded(1234));
    put(other, 0, 3);
    other.close();
    files = new TreeMap<>(disk.files());
    files.put(WAL_1, foreign);
    assertRefused(CorruptDataException.class, "another database");
  }

  @Test
  void noManifestButALogIsDamageAndNotANewDatabase() {
    closed(db -> put(db, 0, 3));
    files.remove(Kind.MANIFEST.name(1));
    assertRefused(CorruptDataException.class, "no manifest");
  }

  @Test
  void aNewerVersionIsRefusedAndNothingTouched() {
    closed(
        db -> {
          put(db, 0, 50);
          db.checkpoint();
          put(db, 50, 60);
        });
    Map<String, byte[]> whole = files;
    for (String name : whole.keySet()) {
      if (name.equals(Kind.MANIFEST.name(1)) || name.equals(WAL_1)) {
        continue; // kept for the worst case, and not read in a good one
      }
      files = new TreeMap<>(whole);
      byte[] newer = files.get(name).clone();
      newer[8] = 3;
      int crc = new Checksum().bytes(newer, 0, 12).bytes(newer, 16, 48).value();
      LittleEndian.putInt(newer, 12, crc);
      files.put(name, newer);
      assertRefused(UnsupportedVersionException.class, name);
    }
  }

  @Test
  void aDamagedSealIsReportedAndDoesNoHarm() {
    closed(db -> put(db, 0, 3));
    for (int i = 0; i < 64; i++) {
      Map<String, byte[]> before = new TreeMap<>(files);
      change(StoreFiles.SEAL, i, 1);
      MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(files));
      try (VectorDatabase db = VectorDatabase.open(storage, OPTIONS)) {
        assertThat(db.size()).isEqualTo(3);
        assertThat(db.recoveryReport().notes()).singleElement().asString().contains("seal");
      }
      files = before;
    }
  }

  @Test
  void salvageStopsAtTheDamageAndChangesNothing() {
    crashed(db -> put(db, 0, 5));
    int frame = (length(WAL_1) - 64) / 5;
    change(WAL_1, 64 + 3 * frame + 41, 1);
    assertRefused(CorruptDataException.class, WAL_1);
    MemoryStorage.Disk disk = MemoryStorage.Disk.of(files);
    try (VectorDatabase db =
        VectorDatabase.open(MemoryStorage.open(disk), Options.existing().salvage(true))) {
      assertThat(db.ids()).containsExactly("id0", "id1", "id2");
      assertThat(db.recoveryReport().notes()).singleElement().asString().contains("Salvaged");
    }
    assertThat(disk.files().keySet()).isEqualTo(files.keySet());
    disk.files().forEach((name, bytes) -> assertThat(bytes).isEqualTo(files.get(name)));
  }

  @Test
  void leftoversOfACrashedCheckpointAreRemoved() {
    closed(
        db -> {
          put(db, 0, 10);
          db.checkpoint();
        });
    files.put(Kind.SEGMENT.name(9), files.get(Kind.SEGMENT.name(1)));
    closed(db -> assertThat(db.size()).isEqualTo(10));
    assertThat(files).doesNotContainKey(Kind.SEGMENT.name(9));
  }

  @Test
  void openingTwiceGivesTheSameAsOnceAndChangesNothing() {
    crashed(db -> put(db, 0, 5));
    cut(WAL_1, length(WAL_1) - 3);
    crashed(db -> assertThat(db.size()).isEqualTo(4));
    Map<String, byte[]> once = files;
    crashed(db -> assertThat(db.size()).isEqualTo(4));
    assertThat(files.keySet()).isEqualTo(once.keySet());
    files.forEach((name, bytes) -> assertThat(bytes).isEqualTo(once.get(name)));
  }

  private CorruptDataException refusal() {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(files));
    return catchThrowableOfType(
        CorruptDataException.class, () -> VectorDatabase.open(storage, OPTIONS));
  }

  private void assertRefusedAt(String file, long offset, String what) {
    CorruptDataException e = refusal();
    assertThat(e.file()).isEqualTo(file);
    assertThat(e.offset()).isEqualTo(offset);
    assertThat(e.what()).isEqualTo(what);
  }

  @Test
  void theReportSaysWhatOpeningDid() {
    closed(
        db -> {
          RecoveryReport report = db.recoveryReport();
          assertThat(report.created()).isTrue();
          assertThat(report.generation()).isEqualTo(1);
          assertThat(report.lastSequence()).isZero();
          put(db, 0, 10);
          db.delete("id3");
          db.checkpoint();
          db.write(new WriteBatch().put("x", new float[2]).delete("id4").delete("none"));
          put(db, 10, 11);
        });
    long before = System.nanoTime();
    closed(
        db -> {
          RecoveryReport report = db.recoveryReport();
          assertThat(report.created()).isFalse();
          assertThat(report.generation()).isEqualTo(2);
          assertThat(report.usedPreviousSnapshot()).isFalse();
          assertThat(report.snapshotEntries()).isEqualTo(9);
          assertThat(report.replayedBatches()).isEqualTo(2);
          assertThat(report.replayedRecords()).isEqualTo(4);
          assertThat(report.lastSequence()).isEqualTo(13);
          assertThat(report.tornBytes()).isZero();
          assertThat(report.notes()).isEmpty();
          long around = (System.nanoTime() - before) / 1_000_000;
          assertThat(report.durationMillis()).isBetween(0L, around);
        });
  }

  @Test
  void aTornTailIsReportedToTheByte() {
    crashed(db -> put(db, 0, 2));
    int frame = (length(WAL_1) - 64) / 2;
    cut(WAL_1, length(WAL_1) - 3);
    crashed(
        db -> {
          assertThat(db.recoveryReport().tornBytes()).isEqualTo(frame - 3);
          assertThat(db.recoveryReport().notes())
              .containsExactly(
                  (frame - 3)
                      + " bytes of a write that was never acknowledged were cut from "
                      + WAL_1
                      + " and kept as "
                      + WAL_1
                      + ".torn.");
          assertThat(db.stats().logBytes()).isEqualTo(64 + frame);
        });
  }

  @Test
  void whatIsWrittenAnewOrKeptAsideIsTheSameToTheLastByte() {
    crashed(
        db -> {
          WriteBatch batch = new WriteBatch();
          for (int i = 0; i < 3; i++) {
            Metadata large = Metadata.of("text", Integer.toString(i).repeat(900_000));
            batch.put("id" + i, new float[] {i, i}, large);
          }
          db.write(batch);
          db.write(batch);
        });
    byte[] whole = files.get(WAL_1);
    crashed(db -> assertThat(db.size()).isEqualTo(3));
    assertThat(files.get(WAL_1)).as("nobody attests the last batch").isEqualTo(whole);
    cut(WAL_1, whole.length - 1);
    crashed(db -> assertThat(db.size()).isEqualTo(3));
    int half = 64 + (whole.length - 64) / 2;
    assertThat(files.get(WAL_1)).isEqualTo(Arrays.copyOf(whole, half));
    assertThat(files.get(WAL_1 + ".torn"))
        .isEqualTo(Arrays.copyOfRange(whole, half, whole.length - 1));
  }

  @Test
  void aLogFileWhoseCreationWasCutOffIsNotedByName() {
    crashed(db -> put(db, 0, 2));
    files.put(WAL_2, new byte[10]);
    crashed(
        db ->
            assertThat(db.recoveryReport().notes())
                .containsExactly(
                    WAL_2 + " never held a batch, since a crash cut off its creation; removed."));
    assertThat(files).doesNotContainKey(WAL_2);
  }

  @Test
  void aLogThatEndsBeforeWhatIsAttestedIsRefusedAtItsEnd() {
    closed(db -> put(db, 0, 3));
    int frame = (length(WAL_1) - 64) / 3;
    cut(WAL_1, length(WAL_1) - frame);
    assertRefusedAt(
        WAL_1, 64 + 2 * frame, "the log ends with batch 2, and batch 3 had been durable");
    files.remove(WAL_1);
    assertRefusedAt(WAL_1, 0, "the log ends with batch 0, and batch 3 had been durable");
  }

  @Test
  void aMissingLogFileIsMissedWhereTheNextBegins() {
    crashed(db -> put(db, 0, 2));
    crashed(db -> put(db, 2, 4));
    files.remove(WAL_1);
    assertRefusedAt(WAL_2, 48, "it begins with batch 3, and batch 1 is missing");
  }

  @Test
  void aFrameBehindWhichOthersAttestIsRefusedWithWhatIsWrongWithIt() {
    crashed(db -> put(db, 0, 3));
    int frame = (length(WAL_1) - 64) / 3;
    change(WAL_1, 64 + frame + 50, 1);
    assertRefusedAt(
        WAL_1,
        64 + frame,
        "a frame's checksum does not match, and what stood there had been durable");
  }

  private void writeThreeSnapshots() {
    closed(
        db -> {
          put(db, 0, 100);
          db.checkpoint();
          put(db, 100, 110);
          db.checkpoint();
          put(db, 110, 112);
        });
  }

  @Test
  void ifNoSnapshotIsWholeTheNewestOnesDamageIsToldAndTheOthersWithIt() {
    writeThreeSnapshots();
    change(Kind.MANIFEST.name(2), 70, 1);
    change(Kind.MANIFEST.name(3), 70, 1);
    CorruptDataException e = refusal();
    assertThat(e.file()).isEqualTo(Kind.MANIFEST.name(3));
    assertThat(e.getSuppressed())
        .singleElement()
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            other -> assertThat(other.file()).isEqualTo(Kind.MANIFEST.name(2)));
  }

  @Test
  void aSnapshotThatCannotServeIsNoted() {
    writeThreeSnapshots();
    change(Kind.MANIFEST.name(3), 70, 1);
    closed(
        db ->
            assertThat(db.recoveryReport().notes())
                .singleElement()
                .asString()
                .startsWith("Snapshot 3 cannot serve: " + Kind.MANIFEST.name(3) + " is damaged"));
  }

  @Test
  void aDamagedSnapshotBeforeIsNotedAndNothingIsRemoved() {
    writeThreeSnapshots();
    change(Kind.MANIFEST.name(2), 70, 1);
    files.put(Kind.SEGMENT.name(9), new byte[10]);
    closed(
        db -> {
          assertThat(db.size()).isEqualTo(112);
          assertThat(db.recoveryReport().usedPreviousSnapshot()).isFalse();
          assertThat(db.recoveryReport().notes())
              .singleElement()
              .asString()
              .startsWith("The snapshot before is damaged and was not needed: ")
              .contains(Kind.MANIFEST.name(2));
        });
    assertThat(files).as("it may be the damaged one's").containsKey(Kind.SEGMENT.name(9));
  }

  @Test
  void afterAFallbackNothingIsRemoved() {
    writeThreeSnapshots();
    change(Kind.MANIFEST.name(3), 70, 1);
    closed(db -> assertThat(db.size()).isEqualTo(112));
    assertThat(files).containsKeys(Kind.SEGMENT.name(1), Kind.SEGMENT.name(2));
  }

  @Test
  void whatTheSnapshotBeforeNamesIsKept() {
    closed(
        db -> {
          put(db, 0, 10);
          db.checkpoint();
          put(db, 0, 10);
          db.checkpoint();
        });
    assertThat(files).containsKeys(Kind.SEGMENT.name(1), Kind.SEGMENT.name(2));
    closed(db -> assertThat(db.size()).isEqualTo(10));
    assertThat(files).containsKeys(Kind.SEGMENT.name(1), Kind.SEGMENT.name(2));
  }

  @Test
  void salvageSaysUpToWhichBatch() {
    crashed(db -> put(db, 0, 5));
    int frame = (length(WAL_1) - 64) / 5;
    change(WAL_1, 64 + 3 * frame + 41, 1);
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(files));
    try (VectorDatabase db = VectorDatabase.open(storage, Options.existing().salvage(true))) {
      assertThat(db.recoveryReport().lastSequence()).isEqualTo(3);
      assertThat(db.recoveryReport().notes())
          .singleElement()
          .asString()
          .startsWith("Salvaged up to batch 3: " + WAL_1);
    }
  }

  @Test
  void whereNothingIsTheMessageSaysHowToMakeOne() {
    assertNotFound(
        Options.existing(),
        "There is no database here. To make one, give a dimension and a metric.");
    assertNotFound(
        OPTIONS.createIfMissing(false),
        "There is no database here. To make one, give a dimension and a metric, and do not forbid"
            + " it.");
    assertNotFound(
        OPTIONS.salvage(true),
        "There is no database here. To make one, give a dimension and a metric.");
  }

  private static void assertNotFound(Options options, String message) {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    assertThatThrownBy(() -> VectorDatabase.open(MemoryStorage.open(disk), options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message);
    assertThat(disk.files()).isEmpty();
  }

  @Test
  void theLogGoesOnBehindEveryFileThatWasFound() {
    closed(
        db -> {
          put(db, 0, 2);
          db.checkpoint();
        });
    closed(db -> put(db, 2, 3));
    assertThat(files).containsKey(WAL_2).doesNotContainKey(Kind.WAL.name(3));
    closed(db -> put(db, 3, 4));
    assertThat(files).containsKey(Kind.WAL.name(3)).doesNotContainKey(Kind.WAL.name(4));
  }

  @Test
  void aTornTailBeforeAFileThatNeverHeldABatchIsCut() {
    crashed(db -> put(db, 0, 3));
    cut(WAL_1, length(WAL_1) - 3);
    Map<String, byte[]> torn = files;
    for (int length : new int[] {0, 10, 64}) {
      files = new TreeMap<>(torn);
      files.put(WAL_2, new byte[length]);
      crashed(
          db -> {
            assertThat(db.size()).as("%d bytes", length).isEqualTo(2);
            assertThat(db.recoveryReport().tornBytes()).isPositive();
          });
      assertThat(files).doesNotContainKey(WAL_2);
    }
  }

  @Test
  void whatLiesBehindASealedLogIsATornTail() {
    closed(db -> put(db, 0, 3));
    int sealed = length(WAL_1);
    cut(WAL_1, sealed + 20);
    closed(
        db -> {
          assertThat(db.size()).isEqualTo(3);
          assertThat(db.recoveryReport().tornBytes()).isEqualTo(20);
        });
    assertThat(length(WAL_1)).isEqualTo(sealed);
  }

  @Test
  void aTornTailIsKeptAsLongAsItsLogFileAndNoLonger() {
    MemoryStorage.Disk torn = new MemoryStorage.Disk();
    Options options = Options.of(2, Metric.L2).checkpointPolicy(CheckpointPolicy.MANUAL);
    VectorDatabase.open(MemoryStorage.open(torn), options).close();
    for (int i = 1; i <= 5; i++) {
      try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(torn), options)) {
        db.put("a" + i, new float[] {i, 1});
        db.checkpoint();
        db.put("b" + i, new float[] {i, 2});
      }
      try (MemoryStorage storage = MemoryStorage.open(torn)) {
        String last = null;
        for (String name : storage.list()) {
          last = StoreFiles.Kind.WAL.number(name) >= 0 ? name : last;
        }
        storage.append(Objects.requireNonNull(last), new byte[20], 0, 20);
      }
      try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(torn), options)) {
        assertThat(db.recoveryReport().tornBytes()).isEqualTo(20);
        assertThat(db.size()).isEqualTo(2 * i);
      }
    }
    assertThat(torn.files().keySet().stream().filter(name -> name.endsWith(".torn")).count())
        .isBetween(1L, 2L);
  }
}
