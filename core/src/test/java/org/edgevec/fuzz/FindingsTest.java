package org.edgevec.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.VerifyReport;
import org.edgevec.WriteBatch;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles.Kind;
import org.junit.jupiter.api.Test;

/** What the fuzzer found, one by one and by name. */
class FindingsTest {

  private static final String WAL = Kind.WAL.name(1);
  private static final String MANIFEST = Kind.MANIFEST.name(2);

  /** A closed store: two batches, a checkpoint, and two batches more. */
  private static Map<String, byte[]> store(long seed) {
    MemoryStorage.Disk disk = new MemoryStorage.Disk();
    try (VectorDatabase db =
        VectorDatabase.open(
            MemoryStorage.open(disk),
            Options.of(2, Metric.L2).checkpointPolicy(CheckpointPolicy.MANUAL),
            TestPlatform.withBackground(seed))) {
      db.put("a", new float[] {1, 2});
      db.put("b", new float[] {3, 4});
      db.checkpoint();
      db.put("c", new float[] {5, 6});
      db.write(new WriteBatch().put("d", new float[] {7, 8}).delete("a"));
    }
    return new TreeMap<>(disk.files());
  }

  private static VerifyReport verify(Map<String, byte[]> files) {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(files));
    return VectorDatabase.verify(storage, ProgressListener.NONE);
  }

  private static List<String> places(Map<String, byte[]> files) {
    return verify(files).damage().stream()
        .map(damage -> damage.file() + "@" + damage.offset())
        .toList();
  }

  private static VectorDatabase open(Map<String, byte[]> files, boolean salvage) {
    MemoryStorage storage = MemoryStorage.open(MemoryStorage.Disk.of(files));
    return VectorDatabase.open(storage, Options.existing().salvage(salvage));
  }

  private static void assertRefused(Map<String, byte[]> files, String file) {
    assertThatThrownBy(() -> open(files, false))
        .isInstanceOfSatisfying(
            CorruptDataException.class, e -> assertThat(e.file()).isEqualTo(file));
  }

  /** They were noted as a torn tail that an opening cuts off, which it does not. */
  @Test
  void bytesBehindALogFileThatACheckpointEndedAreDamage() {
    Map<String, byte[]> files = store(1);
    files.remove(Kind.WAL.name(2));
    files.remove("seal.evec");
    int end = files.get(WAL).length;
    files.put(WAL, Arrays.copyOf(files.get(WAL), end + 10));
    assertThat(places(files)).containsExactly(WAL + "@" + end);
  }

  /** Opening refused, and verify had nothing to say. */
  @Test
  void aManifestThatNamesAnotherLogFileThanItEndsBeforeIsDamage() {
    Map<String, byte[]> files = store(1);
    LittleEndian.putLong(files.get(MANIFEST), 96, 3);
    ChecksumRepair.blocks(files.get(MANIFEST), false);
    assertRefused(files, Kind.WAL.name(2));
    assertThat(places(files)).containsExactly(MANIFEST + "@64");
  }

  /** The next file's number overflowed, and what was written to it was lost. */
  @Test
  void aFileWithANumberThatCountingCannotReachIsRefused() {
    for (Kind kind : Kind.values()) {
      Map<String, byte[]> files = store(1);
      String name = kind.name(Long.MAX_VALUE - 1);
      files.put(name, new byte[3]);
      assertRefused(files, name);
      assertThat(places(files)).contains(name + "@0");
      assertThat(open(files, true).size()).isEqualTo(3);
    }
  }

  /** The other database was opened, and the segments of this one deleted. */
  @Test
  void aManifestOfAnotherDatabaseIsRefused() {
    Map<String, byte[]> files = store(1);
    byte[] other = store(2).get(Kind.MANIFEST.name(1));
    LittleEndian.putLong(other, 32, 3);
    ChecksumRepair.blocks(other, false);
    files.put(Kind.MANIFEST.name(3), other);
    assertRefused(files, MANIFEST);
    assertThat(places(files)).contains(MANIFEST + "@16");
  }

  /** The log was read by one dimension, and verified by the other. */
  @Test
  void manifestsOfDifferentDimensionsAreRefused() {
    Map<String, byte[]> files = store(1);
    String older = Kind.MANIFEST.name(1);
    LittleEndian.putInt(files.get(older), 72, 3);
    ChecksumRepair.blocks(files.get(older), false);
    assertRefused(files, older);
    assertThat(places(files)).containsExactly(older + "@64");
  }

  /** For each bad frame, verify read the headers of all log files behind it, a MiB each. */
  @Test
  void manyBadFramesCostNoMoreThanTheirBytes() {
    Map<String, byte[]> files = store(1);
    byte[] log = files.get(WAL);
    byte[] frame = Arrays.copyOfRange(log, 64, 104);
    byte[] bad = Arrays.copyOf(log, 64 + 2000 * frame.length);
    for (int i = 0; i < 2000; i++) {
      System.arraycopy(frame, 0, bad, 64 + i * frame.length, frame.length);
    }
    files.put(WAL, bad);
    byte[] behind = files.get(Kind.WAL.name(2));
    files.put(Kind.WAL.name(2), Arrays.copyOf(behind, 100_000));
    Allowance.check(180_000, () -> assertThat(places(files)).hasSizeGreaterThan(1000));
  }

  /** 64 MiB of bits were allocated for entries that only a number spoke of. */
  @Test
  void theSizeOfASegmentIsNotBelievedBeforeItIsRead() {
    Map<String, byte[]> files = store(1);
    byte[] manifest = files.get(MANIFEST);
    LittleEndian.putInt(manifest, 124, 1 << 29);
    ChecksumRepair.blocks(manifest, false);
    assertThat(LittleEndian.getLong(manifest, 116)).as("the segment's number").isEqualTo(1);
    Allowance.check(
        manifest.length,
        () -> {
          assertThat(verify(files).isIntact()).isFalse();
          assertThat(open(files, false).recoveryReport().usedPreviousSnapshot()).isTrue();
        });
  }

  /** Salvage took it for an empty database, and copied nothing. */
  @Test
  void entriesFromBeforeTheFirstBatchAreRefused() {
    Map<String, byte[]> files = store(1);
    LittleEndian.putLong(files.get(MANIFEST), 104, 0);
    ChecksumRepair.blocks(files.get(MANIFEST), false);
    assertThat(places(files)).containsExactly(MANIFEST + "@" + (files.get(MANIFEST).length - 4));
    assertThat(open(files, false).recoveryReport().usedPreviousSnapshot()).isTrue();
  }

  /** Salvage showed the records of a batch before the one that was malformed. */
  @Test
  void salvageShowsNoHalfOfABatch() {
    Map<String, byte[]> files = store(1);
    String last = Kind.WAL.name(2);
    byte[] log = files.get(last);
    byte[] delete = {2, 1, 0, 'a'};
    System.arraycopy(new byte[] {9}, 0, log, log.length - 4 - delete.length, 1);
    ChecksumRepair.log(log, false);
    assertRefused(files, last);
    try (VectorDatabase db = open(files, true)) {
      assertThat(db.recoveryReport().lastSequence()).isEqualTo(3);
      assertThat(db.ids()).containsExactly("a", "b", "c");
    }
  }
}
