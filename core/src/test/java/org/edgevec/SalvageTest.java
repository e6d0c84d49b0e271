package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.FaultyStorage.Operation;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StoreFiles.Kind;
import org.junit.jupiter.api.Test;

/** Salvage into a new database: all that can be read, and the damaged one as it was. */
class SalvageTest {

  private static final Options OPTIONS =
      Options.of(2, Metric.L2).checkpointPolicy(CheckpointPolicy.MANUAL);

  private final MemoryStorage.Disk source = new MemoryStorage.Disk();
  private final MemoryStorage.Disk target = new MemoryStorage.Disk();
  private final List<Long> steps = new ArrayList<>();
  private long total;

  /** Two snapshots and a log of six batches behind them, one of them a delete. */
  private void write() {
    try (VectorDatabase db =
        VectorDatabase.open(MemoryStorage.open(source), OPTIONS, TestPlatform.seeded(7))) {
      put(db, 0, 50);
      db.checkpoint();
      put(db, 50, 60);
      db.checkpoint();
      put(db, 60, 63);
      db.delete("id3");
      put(db, 4, 5);
      put(db, 63, 64);
    }
  }

  private static void put(VectorDatabase db, int from, int to) {
    for (int i = from; i < to; i++) {
      db.put("id" + i, new float[] {i, i}, Metadata.of("n", i));
    }
  }

  private void change(String name, int offset) {
    Map<String, byte[]> files = new TreeMap<>(source.files());
    byte[] bytes = files.get(name).clone();
    bytes[offset] ^= 1;
    MemoryStorage storage = MemoryStorage.open(source);
    storage.delete(name);
    storage.append(name, bytes, 0, bytes.length);
    storage.close();
  }

  private SalvageReport salvage() {
    Map<String, byte[]> before = new TreeMap<>(source.files());
    try {
      return VectorDatabase.salvage(
          MemoryStorage.open(source),
          () -> MemoryStorage.open(target),
          TestPlatform.seeded(99),
          (done, all) -> {
            steps.add(done);
            total = all;
          });
    } finally {
      assertThat(source.files().keySet()).isEqualTo(before.keySet());
      source.files().forEach((name, bytes) -> assertThat(bytes).isEqualTo(before.get(name)));
      MemoryStorage.open(source).close();
      MemoryStorage.open(target).close();
    }
  }

  private VectorDatabase openTarget() {
    return VectorDatabase.open(MemoryStorage.open(target), Options.existing());
  }

  @Test
  void aWholeDatabaseIsCopiedToTheLastBitAndInOrder() {
    write();
    SalvageReport report = salvage();
    assertThat(report.entries()).isEqualTo(63);
    assertThat(report.lostBatches()).isZero();
    assertThat(report.notes()).isEmpty();
    try (VectorDatabase copy = openTarget();
        VectorDatabase original =
            VectorDatabase.open(MemoryStorage.open(source), Options.existing().salvage(true))) {
      assertThat(copy.dimension()).isEqualTo(2);
      assertThat(copy.metric()).isEqualTo(Metric.L2);
      assertThat(copy.ids()).isEqualTo(original.ids()).endsWith("id4", "id63");
      for (Entry entry : original.entries()) {
        Entry copied = copy.get(entry.id()).orElseThrow();
        assertThat(copied.vector()).isEqualTo(entry.vector());
        assertThat(copied.metadata()).isEqualTo(entry.metadata());
      }
      assertThat(copy.stats().deadEntries()).isZero();
      assertThat(copy.recoveryReport().notes()).isEmpty();
    }
  }

  @Test
  void theGoldenStoreIsCopiedWhole() {
    GoldenScript.write(MemoryStorage.open(source));
    assertThat(salvage().entries()).isEqualTo(62);
    try (VectorDatabase copy = openTarget()) {
      GoldenScript.check(copy);
    }
  }

  @Test
  void theCopyIsADatabaseOfItsOwnThatGoesOn() {
    write();
    salvage();
    try (VectorDatabase copy = openTarget()) {
      put(copy, 100, 110);
      copy.checkpoint();
      put(copy, 110, 120);
    }
    try (VectorDatabase copy = openTarget()) {
      assertThat(copy.size()).isEqualTo(83);
    }
    assertThat(VectorDatabase.verify(MemoryStorage.open(target), ProgressListener.NONE).damage())
        .isEmpty();
    byte[] theirs = target.files().get(Kind.SEGMENT.name(1));
    byte[] mine = source.files().get(Kind.SEGMENT.name(1));
    assertThat(Arrays.copyOfRange(theirs, 16, 32)).isNotEqualTo(Arrays.copyOfRange(mine, 16, 32));
  }

  @Test
  void whatLiesBeforeTheDamageIsCopiedAndWhatIsLostIsTold() {
    write();
    int frame = (source.files().get(Kind.WAL.name(3)).length - 64) / 6;
    change(Kind.WAL.name(3), 64 + 2 * frame + 50);
    SalvageReport report = salvage();
    assertThat(report.lastSequence()).isEqualTo(62);
    assertThat(report.attestedSequence()).isEqualTo(66);
    assertThat(report.lostBatches()).isEqualTo(4);
    assertThat(report.entries()).isEqualTo(62);
    assertThat(report.notes()).singleElement().asString().contains(Kind.WAL.name(3));
    try (VectorDatabase copy = openTarget()) {
      assertThat(copy.contains("id61")).isTrue();
      assertThat(copy.contains("id62")).isFalse();
      assertThat(copy.contains("id3")).isTrue();
    }
  }

  @Test
  void theSnapshotBeforeServesIfTheNewestIsDamaged() {
    write();
    change(Kind.MANIFEST.name(3), 70);
    SalvageReport report = salvage();
    assertThat(report.usedPreviousSnapshot()).isTrue();
    assertThat(report.lostBatches()).isZero();
    assertThat(report.entries()).isEqualTo(63);
  }

  @Test
  void withoutAWholeSnapshotThereIsAnErrorAndNoCopy() {
    write();
    change(Kind.SEGMENT.name(1), 100);
    assertThatThrownBy(this::salvage).isInstanceOf(CorruptDataException.class);
    assertThat(target.files()).isEmpty();
  }

  @Test
  void aPlaceThatIsNotEmptyIsRefusedAndNothingWritten() {
    write();
    try (VectorDatabase other =
        VectorDatabase.open(MemoryStorage.open(target), OPTIONS, TestPlatform.seeded(1))) {
      put(other, 0, 1);
    }
    Map<String, byte[]> before = new TreeMap<>(target.files());
    assertThatThrownBy(this::salvage)
        .isInstanceOfSatisfying(
            InvalidInputException.class,
            e -> assertThat(e.code()).isEqualTo(InvalidInputException.Code.INVALID_ARGUMENT));
    assertThat(target.files().keySet()).isEqualTo(before.keySet());
    target.files().forEach((name, bytes) -> assertThat(bytes).isEqualTo(before.get(name)));
  }

  @Test
  void aDatabaseCannotBeSalvagedIntoItself() {
    write();
    assertThatThrownBy(
            () ->
                VectorDatabase.salvage(
                    MemoryStorage.open(source),
                    () -> MemoryStorage.open(source),
                    TestPlatform.seeded(1),
                    ProgressListener.NONE))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void anEmptyDatabaseIsCopied() {
    VectorDatabase.open(MemoryStorage.open(source), OPTIONS, TestPlatform.seeded(7)).close();
    assertThat(salvage().entries()).isZero();
    try (VectorDatabase copy = openTarget()) {
      assertThat(copy.size()).isZero();
      assertThat(copy.dimension()).isEqualTo(2);
    }
  }

  @Test
  void progressGrowsAndEndsAtTheTotal() {
    write();
    salvage();
    long bytes = source.files().values().stream().mapToLong(file -> file.length).sum();
    assertThat(total).isEqualTo(2 * bytes);
    assertThat(steps).isSorted().startsWith(0L).contains(bytes).endsWith(2 * bytes);
  }

  @Test
  void progressTellsOfEachBlockOfTheCopyInItsShare() {
    try (VectorDatabase db =
        VectorDatabase.open(MemoryStorage.open(source), OPTIONS, TestPlatform.seeded(7))) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < 10_000; i++) {
        batch.put("id" + i, new float[] {i, i});
      }
      db.write(batch);
    }
    List<Long> totals = new ArrayList<>();
    VectorDatabase.salvage(
        MemoryStorage.open(source),
        () -> MemoryStorage.open(target),
        TestPlatform.seeded(99),
        (done, all) -> {
          steps.add(done);
          totals.add(all);
        });
    long bytes = source.files().values().stream().mapToLong(file -> file.length).sum();
    assertThat(totals).containsOnly(2 * bytes);
    double copy = target.files().get(Kind.SEGMENT.name(1)).length;
    assertThat(steps)
        .endsWith(
            bytes,
            bytes + (long) ((64 + 65_536) / copy * bytes),
            bytes + (long) ((64 + 2 * 65_536) / copy * bytes),
            bytes + (long) ((64 + 3 * 65_536) / copy * bytes),
            2 * bytes - 1,
            2 * bytes);
  }

  @Test
  void aListenerThatThrowsLeavesNothingWritten() {
    write();
    IllegalStateException enough = new IllegalStateException("enough");
    for (int at = 0; at < 5; at++) {
      int[] calls = {at};
      assertThatThrownBy(
              () ->
                  VectorDatabase.salvage(
                      MemoryStorage.open(source),
                      () -> MemoryStorage.open(target),
                      TestPlatform.seeded(1),
                      (done, all) -> {
                        if (done < all && calls[0]-- == 0) {
                          throw enough;
                        }
                        if (done == all) {
                          throw enough; // Too late: the copy is there.
                        }
                      }))
          .isSameAs(enough);
      if (target.files().containsKey(Kind.MANIFEST.name(2))) {
        assertThat(at).isGreaterThan(2);
        return;
      }
      assertThat(target.files()).as("after " + at + " calls").isEmpty();
    }
  }

  @Test
  void aWriteThatFailsLeavesNoDatabase() {
    write();
    for (String prefix : List.of("segment", "manifest")) {
      FaultyStorage faulty = new FaultyStorage(MemoryStorage.open(target));
      faulty.fail(Operation.ATOMIC_WRITE, prefix, new StorageFullException("full", null));
      assertThatThrownBy(
              () ->
                  VectorDatabase.salvage(
                      MemoryStorage.open(source),
                      () -> faulty,
                      TestPlatform.seeded(1),
                      ProgressListener.NONE))
          .isInstanceOf(StorageFullException.class);
      assertThat(target.files().keySet())
          .as("no manifest, no database")
          .isSubsetOf(Kind.SEGMENT.name(1));
      clear(target);
    }
  }

  private static void clear(MemoryStorage.Disk disk) {
    try (MemoryStorage storage = MemoryStorage.open(disk)) {
      storage.list().forEach(storage::delete);
    }
  }
}
