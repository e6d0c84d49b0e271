package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.storage.FileHeader;
import org.edgevec.storage.ForwardingStorage;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.junit.jupiter.api.Test;

/** A file that cannot be read is a damaged file, and not the end of all the others. */
class UnreadablePartTest {

  private static final int ENTRIES = 3000;

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();

  /** Two snapshots with a graph each, and a log behind both. */
  UnreadablePartTest() {
    Options options =
        Options.of(4, Metric.L2)
            .checkpointPolicy(CheckpointPolicy.MANUAL)
            .hnsw(HnswOptions.of(4, 16).minEntries(1));
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), options)) {
      for (int third = 0; third < 3; third++) {
        WriteBatch batch = new WriteBatch();
        for (int i = third * ENTRIES / 3; i < (third + 1) * ENTRIES / 3; i++) {
          batch.put("e" + i, new float[] {i, i % 7, third, 1}, Metadata.empty());
        }
        db.write(batch);
        if (third < 2) {
          db.awaitIndexed(ProgressListener.NONE);
          db.checkpoint();
        }
      }
      db.put("last", new float[4]);
    }
  }

  /** Fails every read of a file that touches a byte from {@code from} on. */
  private static final class Unreadable extends ForwardingStorage {
    private final String file;
    private final long from;

    Unreadable(MemoryStorage.Disk disk, String file, long from) {
      super(MemoryStorage.open(disk));
      this.file = file;
      this.from = from;
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) {
      if (name.equals(file) && offset + length > from) {
        throw new StorageIOException("Cannot read " + name + ": Input/output error");
      }
      super.read(name, offset, target, targetOffset, length);
    }
  }

  private List<String> files() {
    return List.copyOf(disk.files().keySet());
  }

  private List<String> filesOf(StoreFiles.Kind kind) {
    List<String> names = new ArrayList<>();
    for (String name : files()) {
      if (kind.number(name) >= 0) {
        names.add(name);
      }
    }
    return names;
  }

  private VectorDatabase open(String unreadable, long from) {
    MemoryStorage.Disk copy = MemoryStorage.Disk.of(disk.files());
    return VectorDatabase.open(
        new Unreadable(copy, unreadable, from),
        Options.existing().checkpointPolicy(CheckpointPolicy.MANUAL));
  }

  @Test
  void partsOfSnapshotsAndTheSealAreNotNeeded() {
    List<String> names = new ArrayList<>(filesOf(StoreFiles.Kind.MANIFEST));
    assertThat(names).hasSize(2);
    names.add(newest(StoreFiles.Kind.SEGMENT));
    names.addAll(filesOf(StoreFiles.Kind.GRAPH));
    names.add(StoreFiles.SEAL);
    for (String name : names) {
      for (long from : new long[] {0, FileHeader.BYTES}) {
        try (VectorDatabase db = open(name, from)) {
          assertThat(db.size()).as(name).isEqualTo(ENTRIES + 1);
          db.put("more", new float[4]);
          db.checkpoint();
          assertThat(db.search(SearchRequest.of(new float[] {5, 5, 0, 1}, 1)).get(0).id())
              .isEqualTo("e5");
        }
      }
    }
  }

  @Test
  void whatFailedIsNoted() {
    try (VectorDatabase db = open(newest(StoreFiles.Kind.SEGMENT), FileHeader.BYTES)) {
      assertThat(db.recoveryReport().usedPreviousSnapshot()).isTrue();
      assertThat(db.recoveryReport().notes().toString())
          .contains(newest(StoreFiles.Kind.SEGMENT))
          .contains("Input/output error");
    }
  }

  @Test
  void aLogThatCannotBeReadIsNeverTakenForATailOrForUnborn() {
    for (String name : filesOf(StoreFiles.Kind.WAL)) {
      long size = disk.files().get(name).length;
      for (long from : new long[] {0, FileHeader.BYTES, size / 2, size - 1}) {
        if (StoreFiles.Kind.WAL.number(name) == lastLog()) {
          assertThatThrownBy(() -> open(name, from))
              .as("%s from %s", name, from)
              .isInstanceOf(StorageIOException.class)
              .hasMessageContaining(name);
        } else {
          open(name, from).close();
        }
      }
    }
  }

  @Test
  void anEmptyLogFileThatCannotBeReadIsNotRemoved() {
    String empty = StoreFiles.Kind.WAL.name(lastLog() + 1);
    MemoryStorage.Disk more = MemoryStorage.Disk.of(disk.files());
    try (MemoryStorage storage = MemoryStorage.open(more)) {
      storage.append(empty, new byte[FileHeader.BYTES], 0, FileHeader.BYTES);
    }
    assertThatThrownBy(
            () -> VectorDatabase.open(new Unreadable(more, empty, 0), Options.existing()))
        .isInstanceOf(StorageIOException.class);
    assertThat(more.files()).containsKey(empty);
  }

  @Test
  void verifyListsItWithFileAndOffsetAndGoesOn() {
    for (String name : files()) {
      long size = disk.files().get(name).length;
      for (long from : new long[] {0, FileHeader.BYTES, size - 1}) {
        if (from < size) {
          VerifyReport report =
              VectorDatabase.verify(
                  new Unreadable(MemoryStorage.Disk.of(disk.files()), name, from),
                  ProgressListener.NONE);
          assertThat(report.damage()).as("%s from %s", name, from).isNotEmpty();
          assertThat(report.damage())
              .allSatisfy(
                  damage -> {
                    assertThat(damage.file()).isEqualTo(name);
                    assertThat(damage.offset()).isBetween(0L, size);
                    assertThat(damage.what()).contains("cannot be read");
                  });
        }
      }
    }
  }

  @Test
  void salvageGoesOn() {
    for (String name : files()) {
      MemoryStorage.Disk target = new MemoryStorage.Disk();
      SalvageReport report =
          VectorDatabase.salvage(
              new Unreadable(MemoryStorage.Disk.of(disk.files()), name, 0),
              () -> MemoryStorage.open(target),
              Platform.inline(),
              ProgressListener.NONE);
      boolean isLastLog = StoreFiles.Kind.WAL.number(name) == lastLog();
      assertThat(report.entries()).as(name).isEqualTo(isLastLog ? ENTRIES / 3 * 2 : ENTRIES + 1);
    }
  }

  /** A file of which not even the length can be told. */
  private static final class Unsized extends ForwardingStorage {
    private final String file;

    Unsized(MemoryStorage.Disk disk, String file) {
      super(MemoryStorage.open(disk));
      this.file = file;
    }

    @Override
    public long size(String name) {
      if (name.equals(file)) {
        throw new StorageIOException("Cannot read the size of " + name + ": Input/output error");
      }
      return super.size(name);
    }
  }

  @Test
  void aFileWhoseLengthCannotBeToldIsDamagedToo() {
    for (String name : files()) {
      boolean isNeeded = name.equals(newest(StoreFiles.Kind.WAL));
      MemoryStorage.Disk copy = MemoryStorage.Disk.of(disk.files());
      if (isNeeded) {
        assertThatThrownBy(() -> VectorDatabase.open(new Unsized(copy, name), Options.existing()))
            .isInstanceOf(StorageIOException.class)
            .hasMessageContaining(name);
        assertThat(copy.files().keySet()).isEqualTo(disk.files().keySet());
      } else {
        try (VectorDatabase db = VectorDatabase.open(new Unsized(copy, name), Options.existing())) {
          assertThat(db.size()).as(name).isEqualTo(ENTRIES + 1);
        }
      }
      VerifyReport report =
          VectorDatabase.verify(
              new Unsized(MemoryStorage.Disk.of(disk.files()), name), ProgressListener.NONE);
      assertThat(report.damage())
          .as(name)
          .singleElement()
          .satisfies(damage -> assertThat(damage.file()).isEqualTo(name));
    }
  }

  @Test
  void whatLiesBeforeABadSectorIsNotReadInVainAgainAndAgain() {
    MemoryStorage.Disk small = new MemoryStorage.Disk();
    try (VectorDatabase db =
        VectorDatabase.open(MemoryStorage.open(small), Options.of(4, Metric.L2))) {
      for (int i = 0; i < 500; i++) {
        db.put("e" + i, new float[4]);
      }
    }
    String log = StoreFiles.Kind.WAL.name(1);
    long size = small.files().get(log).length;
    int[] failed = new int[1];
    ForwardingStorage counting =
        new ForwardingStorage(MemoryStorage.open(small)) {
          @Override
          public void read(String name, long offset, byte[] target, int start, int length) {
            if (name.equals(log) && offset + length > size - 1) {
              failed[0]++;
              throw new StorageIOException("Cannot read " + name + ": Input/output error");
            }
            super.read(name, offset, target, start, length);
          }
        };
    VectorDatabase.verify(counting, ProgressListener.NONE);
    assertThat(failed[0]).isBetween(1, 100);
  }

  @Test
  void aDeviceThatReadsNothingIsToldAsSuch() {
    ForwardingStorage broken =
        new ForwardingStorage(MemoryStorage.open(disk)) {
          @Override
          public void read(String name, long offset, byte[] target, int start, int length) {
            throw new StorageIOException("Cannot read " + name + ": Input/output error");
          }
        };
    assertThatThrownBy(() -> VectorDatabase.open(broken, Options.existing()))
        .isInstanceOf(StorageIOException.class);
  }

  private String newest(StoreFiles.Kind kind) {
    List<String> names = filesOf(kind);
    return names.get(names.size() - 1);
  }

  private long lastLog() {
    return StoreFiles.Kind.WAL.number(newest(StoreFiles.Kind.WAL));
  }
}
