package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.edgevec.FaultyStorage.Operation;
import org.edgevec.storage.Durability;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.ReadOnlyException;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles.Kind;
import org.junit.jupiter.api.Test;

/** What a database does when its storage fails under it; docs/durability.md row by row. */
class FaultTest {

  private static final Options OPTIONS =
      Options.of(2, Metric.L2).checkpointPolicy(CheckpointPolicy.MANUAL);
  private static final PersistenceException FULL = new StorageFullException("full, for a test");
  private static final PersistenceException IO = new StorageIOException("failed, for a test");
  private static final float[] VECTOR = {1, 2};

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final FaultyStorage storage = new FaultyStorage(MemoryStorage.open(disk));

  private VectorDatabase open(Options options) {
    return VectorDatabase.open(storage, options, TestPlatform.seeded(5));
  }

  private VectorDatabase reopen() {
    return VectorDatabase.open(MemoryStorage.open(disk), OPTIONS);
  }

  @Test
  void afterAFailedAppendTheBatchFailsAndTheDatabaseIsReadOnly() {
    VectorDatabase db = open(OPTIONS);
    db.put("a", VECTOR);
    storage.fail(Operation.APPEND, "wal", FULL);
    assertThatThrownBy(() -> db.put("b", VECTOR)).isSameAs(FULL);
    storage.set((operation, name) -> {});
    assertThatThrownBy(() -> db.put("c", VECTOR))
        .isInstanceOf(ReadOnlyException.class)
        .hasCause(FULL);
    assertThatThrownBy(db::checkpoint).isInstanceOf(ReadOnlyException.class);
    assertThat(db.stats().readOnly()).isTrue();
    assertThat(db.ids()).as("reading goes on").containsExactly("a");
    db.close();
    try (VectorDatabase reopened = reopen()) {
      assertThat(reopened.ids()).containsExactly("a");
      reopened.put("d", VECTOR);
    }
  }

  @Test
  void aFailedSyncIsNeverRepeated() {
    VectorDatabase db = open(OPTIONS);
    db.put("a", VECTOR);
    AtomicInteger syncs = new AtomicInteger();
    storage.set(
        (operation, name) -> {
          if (operation == Operation.SYNC) {
            syncs.incrementAndGet();
            throw IO;
          }
        });
    assertThatThrownBy(() -> db.put("b", VECTOR)).isSameAs(IO);
    assertThatThrownBy(() -> db.put("c", VECTOR)).isInstanceOf(ReadOnlyException.class);
    assertThat(db.ids()).containsExactly("a");
    db.close();
    assertThat(syncs).hasValue(1);
    try (VectorDatabase reopened = reopen()) {
      assertThat(reopened.ids()).as("not acknowledged: there or not").contains("a");
      assertThat(reopened.contains("c")).isFalse();
    }
  }

  @Test
  void aFailedSegmentLeavesEverythingAsItWasAndWritesGoOn() {
    assertCheckpointMayFail(Operation.ATOMIC_WRITE, "segment", FULL);
  }

  @Test
  void aFailedManifestLeavesEverythingAsItWasAndWritesGoOn() {
    assertCheckpointMayFail(Operation.ATOMIC_WRITE, "manifest", IO);
  }

  private void assertCheckpointMayFail(
      Operation operation, String prefix, PersistenceException failure) {
    VectorDatabase db = open(OPTIONS);
    put(db, 0, 10);
    db.checkpoint();
    for (int i = 0; i < 6; i++) {
      db.delete("id" + i);
    }
    storage.fail(operation, prefix, failure);
    assertThatThrownBy(db::checkpoint).isSameAs(failure);
    assertThat(db.stats().readOnly()).isFalse();
    db.put("later", VECTOR);
    assertThat(db.ids()).containsExactly("id6", "id7", "id8", "id9", "later");
    assertReopensWith(5);
    storage.set((called, name) -> {});
    db.checkpoint();
    assertThat(db.stats().generation()).isEqualTo(3);
    db.close();
    try (VectorDatabase reopened = reopen()) {
      assertThat(reopened.ids()).containsExactly("id6", "id7", "id8", "id9", "later");
      assertThat(reopened.recoveryReport().replayedBatches()).isZero();
    }
  }

  private void assertReopensWith(int size) {
    MemoryStorage.Disk copy = MemoryStorage.Disk.of(disk.files());
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(copy), OPTIONS)) {
      assertThat(db.size()).isEqualTo(size);
      assertThat(db.recoveryReport().usedPreviousSnapshot()).isFalse();
    }
  }

  @Test
  void whatAFailedCheckpointWroteIsRemoved() {
    VectorDatabase db = open(OPTIONS);
    put(db, 0, 100);
    db.checkpoint();
    put(db, 100, 110);
    db.checkpoint();
    for (int i = 0; i < 40; i++) {
      db.delete("id" + i);
    }
    put(db, 110, 111);
    var before = disk.files().keySet();
    AtomicInteger segments = new AtomicInteger();
    storage.set(
        (operation, name) -> {
          if (name.startsWith("segment") && segments.incrementAndGet() == 2) {
            throw FULL;
          }
        });
    assertThatThrownBy(db::checkpoint).isSameAs(FULL);
    assertThat(segments).as("one written, one failed, one deleted").hasValue(3);
    assertThat(disk.files().keySet()).isEqualTo(before);
    db.close();
    try (VectorDatabase reopened = reopen()) {
      assertThat(reopened.size()).isEqualTo(71);
    }
  }

  private static void put(VectorDatabase db, int from, int to) {
    for (int i = from; i < to; i++) {
      db.put("id" + i, VECTOR);
    }
  }

  @Test
  void aBackgroundCheckpointThatFailsIsToldInStats() {
    Options options = OPTIONS.checkpointPolicy(CheckpointPolicy.of(100, 100));
    VectorDatabase db = open(options);
    storage.fail(Operation.ATOMIC_WRITE, "segment", FULL);
    put(db, 0, 50);
    assertThat(db.stats().maintenanceError()).startsWith("FULL");
    assertThat(db.size()).isEqualTo(50);
    storage.set((operation, name) -> {});
    put(db, 50, 100);
    assertThat(db.stats().maintenanceError()).isNull();
    assertThat(db.stats().generation()).isGreaterThan(1);
    db.close();
  }

  @Test
  void aFailureInRecoveryLosesNothing() {
    VectorDatabase db = open(OPTIONS);
    db.put("a", VECTOR);
    db.put("b", VECTOR);
    var crashed = new java.util.TreeMap<>(disk.files());
    db.close();
    String wal = "wal-0000000000000001.evec";
    byte[] log = crashed.get(wal);
    crashed.put(wal, java.util.Arrays.copyOf(log, log.length - 1));
    for (String failing : new String[] {wal + ".torn", wal}) {
      MemoryStorage.Disk torn = MemoryStorage.Disk.of(crashed);
      FaultyStorage faulty = new FaultyStorage(MemoryStorage.open(torn));
      faulty.set(
          (operation, name) -> {
            if (operation == Operation.ATOMIC_WRITE && name.equals(failing)) {
              throw IO;
            }
          });
      assertThatThrownBy(() -> VectorDatabase.open(faulty, OPTIONS)).isSameAs(IO);
      try (VectorDatabase again = VectorDatabase.open(MemoryStorage.open(torn), OPTIONS)) {
        assertThat(again.ids()).containsExactly("a");
      }
    }
  }

  /**
   * What a killed process wrote may be in memory only, and a failed sync may have dropped it: it
   * must not be built upon before it was written anew.
   */
  @Test
  void whatNobodyAttestsIsWrittenAnewBeforeAnythingIsAcknowledged() {
    VectorDatabase db = open(OPTIONS);
    put(db, 0, 3);
    MemoryStorage.Disk crashed = MemoryStorage.Disk.of(disk.files());
    db.close();
    assertThat(changesOfOpening(crashed)).containsExactly("ATOMIC_WRITE wal-0000000000000001.evec");
    assertThat(changesOfOpening(disk)).as("closed: the seal attests it").isEmpty();
  }

  private static List<String> changesOfOpening(MemoryStorage.Disk files) {
    FaultyStorage recording = new FaultyStorage(MemoryStorage.open(files));
    List<String> changes = new ArrayList<>();
    recording.set((operation, name) -> changes.add(operation + " " + name));
    VectorDatabase db = VectorDatabase.open(recording, OPTIONS);
    List<String> whileOpening = List.copyOf(changes);
    db.close();
    return whileOpening;
  }

  /**
   * The protocol of a session, as calls on storage: no frame before a durable header, and so on.
   */
  @Test
  void storageIsCalledInTheOrderThatTheProtocolNeeds() {
    List<String> calls = new ArrayList<>();
    storage.set((operation, name) -> calls.add(operation + " " + name.replaceAll("0{5,}", "")));
    VectorDatabase db =
        VectorDatabase.open(
            storage, OPTIONS.durability(Durability.RELAXED), TestPlatform.seeded(1));
    db.put("a", VECTOR);
    db.checkpoint();
    db.put("b", VECTOR);
    db.checkpoint();
    db.close();
    assertThat(calls)
        .containsExactly(
            "ATOMIC_WRITE manifest-1.evec",
            "APPEND wal-1.evec",
            "SYNC wal-1.evec", // the header
            "APPEND wal-1.evec",
            "SYNC wal-1.evec", // the batch, relaxed
            "SYNC wal-1.evec", // strictly, before the log file ends
            "ATOMIC_WRITE segment-1.evec",
            "ATOMIC_WRITE manifest-2.evec",
            "APPEND wal-2.evec",
            "SYNC wal-2.evec",
            "APPEND wal-2.evec",
            "SYNC wal-2.evec",
            "SYNC wal-2.evec",
            "ATOMIC_WRITE segment-2.evec",
            "ATOMIC_WRITE manifest-3.evec",
            "DELETE wal-1.evec",
            "DELETE manifest-1.evec"); // segment-1 is kept: the previous snapshot names it
  }

  @Test
  void aFailedCreationLeavesNothing() {
    storage.fail(Operation.ATOMIC_WRITE, "manifest", FULL);
    assertThatThrownBy(() -> open(OPTIONS)).isSameAs(FULL);
    assertThat(disk.files()).isEmpty();
    reopen().close();
  }

  @Test
  void aFailedSealStillReleasesTheStorage() {
    VectorDatabase db = open(OPTIONS);
    db.put("a", VECTOR);
    storage.fail(Operation.ATOMIC_WRITE, "seal", IO);
    assertThatThrownBy(db::close).isSameAs(IO);
    try (VectorDatabase reopened = reopen()) {
      assertThat(reopened.ids()).containsExactly("a");
    }
  }

  @Test
  void aSealForWhichThereIsNoRoomDoesNotFailClosing() {
    VectorDatabase db = open(OPTIONS);
    db.put("a", VECTOR);
    storage.fail(Operation.ATOMIC_WRITE, "seal", FULL);
    db.close();
    try (VectorDatabase reopened = reopen()) {
      assertThat(reopened.ids()).containsExactly("a");
    }
  }

  @Test
  void whereThereIsNoRoomToPutInOrderWhatACrashLeftOpeningReads() {
    VectorDatabase db = open(OPTIONS);
    put(db, 0, 3);
    MemoryStorage.Disk crashed = MemoryStorage.Disk.of(new TreeMap<>(disk.files()));
    db.close();
    FaultyStorage full = new FaultyStorage(MemoryStorage.open(crashed));
    full.fail(Operation.ATOMIC_WRITE, "wal", FULL);
    try (VectorDatabase reads = VectorDatabase.open(full, OPTIONS)) {
      assertThat(reads.size()).isEqualTo(3);
      assertThat(reads.recoveryReport().notes()).anyMatch(note -> note.contains("no room"));
      assertThat(reads.stats().readOnly()).isTrue();
      assertThatThrownBy(() -> reads.put("b", VECTOR))
          .isInstanceOf(ReadOnlyException.class)
          .hasCause(FULL);
    }
    try (VectorDatabase reopened = VectorDatabase.open(MemoryStorage.open(crashed), OPTIONS)) {
      assertThat(reopened.size()).isEqualTo(3);
      reopened.put("b", VECTOR);
    }
  }

  @Test
  void aFileWhoseTailIsCutIsWrittenAnewOnce() {
    VectorDatabase db = open(OPTIONS);
    put(db, 0, 3);
    Map<String, byte[]> torn = new TreeMap<>(disk.files());
    db.close();
    String wal = Kind.WAL.name(1);
    torn.put(wal, Arrays.copyOf(torn.get(wal), torn.get(wal).length - 1));
    assertThat(changesOfOpening(MemoryStorage.Disk.of(torn)))
        .containsExactly("ATOMIC_WRITE " + wal + ".torn", "ATOMIC_WRITE " + wal);
  }

  @Test
  void whatCannotBeRemovedAfterAFailedCheckpointIsToldWithTheFailure() {
    VectorDatabase db = open(OPTIONS);
    put(db, 0, 100);
    db.checkpoint();
    put(db, 100, 110);
    db.checkpoint();
    for (int i = 0; i < 40; i++) {
      db.delete("id" + i);
    }
    put(db, 110, 111);
    StorageFullException full = new StorageFullException("full, for this test");
    AtomicInteger segments = new AtomicInteger();
    storage.set(
        (operation, name) -> {
          if (operation == Operation.DELETE) {
            throw IO;
          }
          if (name.startsWith("segment") && segments.incrementAndGet() == 2) {
            throw full;
          }
        });
    assertThatThrownBy(db::checkpoint).isSameAs(full).hasSuppressedException(IO);
    storage.set((operation, name) -> {});
    db.close();
    try (VectorDatabase reopened = reopen()) {
      assertThat(reopened.size()).isEqualTo(71);
    }
    assertThat(disk.files()).as("an opening removes it").doesNotContainKey(Kind.SEGMENT.name(3));
  }
}
