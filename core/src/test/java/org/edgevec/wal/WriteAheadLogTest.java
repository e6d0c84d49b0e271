package org.edgevec.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.Durability;
import org.edgevec.storage.ForwardingStorage;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreFiles.Kind;
import org.edgevec.storage.StoreId;
import org.junit.jupiter.api.Test;

class WriteAheadLogTest {

  private static final StoreId ID = new StoreId(1, 2);
  private static final String WAL_5 = Kind.WAL.name(5);
  private static final String WAL_6 = Kind.WAL.name(6);

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final MemoryStorage memory = MemoryStorage.open(disk);
  private final List<String> calls = new ArrayList<>();

  private record Payload(byte[] payload, int count, int formatVersion)
      implements WriteAheadLog.Batch {
    Payload(byte[] payload, int count) {
      this(payload, count, 1);
    }
  }

  private static List<Payload> batches(int... sizes) {
    List<Payload> batches = new ArrayList<>();
    for (int size : sizes) {
      batches.add(new Payload(new byte[size], 1));
    }
    return batches;
  }

  /** A log that goes on with file 5 behind batch 10, of which 8 are sealed. */
  private WriteAheadLog log(Durability durability) {
    long[] epoch = {100};
    return new WriteAheadLog(
        new Calls(memory, calls),
        ID,
        durability,
        () -> epoch[0]++,
        new WriteAheadLog.Start(5, 10, 8, Map.of(3L, 300L, 4L, 4000L)));
  }

  private long number(String file, int offset) {
    return LittleEndian.getLong(disk.files().get(file), offset);
  }

  @Test
  void theFirstAppendMakesAFileWhoseHeaderIsDurableBeforeAFrameIsWritten() {
    WriteAheadLog log = log(Durability.RELAXED);
    assertThat(calls).isEmpty();
    log.append(batches(3, 4));
    assertThat(calls)
        .containsExactly(
            "append " + WAL_5 + " 64", "sync " + WAL_5 + " STRICT", "append " + WAL_5 + " 95");
    assertThat(number(WAL_5, 40)).as("epoch").isEqualTo(100);
    assertThat(number(WAL_5, 48)).as("first sequence").isEqualTo(11);
    assertThat(number(WAL_5, 56)).as("synced sequence").isEqualTo(10);
    assertThat(number(WAL_5, 64 + 16)).as("sequence").isEqualTo(11);
    assertThat(number(WAL_5, 64 + 47 + 16)).as("sequence").isEqualTo(12);
    assertThat(log.lastSequence()).isEqualTo(12);
    calls.clear();
    log.append(batches(1));
    assertThat(calls).containsExactly("append " + WAL_5 + " 45");
  }

  /** Files are of the lowest version that can hold what is in them. */
  @Test
  void aBatchOfANewerVersionBeginsAnotherFile() {
    WriteAheadLog log = log(Durability.RELAXED);
    log.append(
        List.of(
            new Payload(new byte[1], 1, 1),
            new Payload(new byte[2], 1, 2),
            new Payload(new byte[3], 1, 1)));
    assertThat(calls)
        .containsExactly(
            "append " + WAL_5 + " 64",
            "sync " + WAL_5 + " STRICT",
            "append " + WAL_5 + " 45",
            "sync " + WAL_5 + " STRICT",
            "append " + WAL_6 + " 64",
            "sync " + WAL_6 + " STRICT",
            "append " + WAL_6 + " 93");
    assertThat(LittleEndian.getShort(disk.files().get(WAL_5), 8)).isEqualTo((short) 1);
    assertThat(LittleEndian.getShort(disk.files().get(WAL_6), 8)).isEqualTo((short) 2);
    assertThat(number(WAL_6, 48)).as("first sequence").isEqualTo(12);
    assertThat(number(WAL_6, 56)).as("synced sequence").isEqualTo(11);
    log.rotate();
    log.append(batches(1));
    assertThat(LittleEndian.getShort(disk.files().get(Kind.WAL.name(7)), 8)).isEqualTo((short) 1);
  }

  @Test
  void nothingToWriteWritesNothing() {
    WriteAheadLog log = log(Durability.STRICT);
    log.sync();
    log.syncStrictly();
    log.append(batches(1));
    calls.clear();
    log.append(batches());
    assertThat(calls).isEmpty();
  }

  @Test
  void largeBatchesAreWrittenAsSoonAsFourMebibytesAreFull() {
    WriteAheadLog log = log(Durability.STRICT);
    int four = 4 << 20;
    log.append(batches(four - 44, 1, four - 45, 2));
    assertThat(calls.subList(2, calls.size()))
        .containsExactly(
            "append " + WAL_5 + " " + four,
            "append " + WAL_5 + " " + (45 + four - 1),
            "append " + WAL_5 + " 46");
    assertThat(log.bytesBetween(5, 6)).isEqualTo(memory.size(WAL_5));
  }

  @Test
  void aStrictSyncIsAttestedByTheNextFrame() {
    WriteAheadLog log = log(Durability.STRICT);
    log.append(batches(1));
    assertThat(number(WAL_5, 64 + 24)).isEqualTo(10);
    log.sync();
    calls.clear();
    log.syncStrictly();
    assertThat(calls).as("it is durable already").isEmpty();
    log.append(batches(1));
    assertThat(number(WAL_5, 64 + 45 + 24)).isEqualTo(11);
  }

  @Test
  void aRelaxedSyncAttestsNothing() {
    WriteAheadLog log = log(Durability.RELAXED);
    log.append(batches(1));
    calls.clear();
    log.sync();
    assertThat(calls).containsExactly("sync " + WAL_5 + " RELAXED");
    log.append(batches(1));
    assertThat(number(WAL_5, 64 + 45 + 24)).isEqualTo(10);
    calls.clear();
    log.syncStrictly();
    assertThat(calls).containsExactly("sync " + WAL_5 + " STRICT");
    log.append(batches(1));
    assertThat(number(WAL_5, 64 + 90 + 24)).isEqualTo(12);
  }

  @Test
  void rotationMakesDurableAndTheNextAppendBeginsAnotherFile() {
    WriteAheadLog log = log(Durability.RELAXED);
    assertThat(log.rotate()).isEqualTo(5);
    log.append(batches(1));
    calls.clear();
    assertThat(log.rotate()).isEqualTo(6);
    assertThat(log.rotate()).isEqualTo(6);
    assertThat(calls).containsExactly("sync " + WAL_5 + " STRICT");
    log.sync();
    assertThat(calls).as("there is no file to sync").hasSize(1);
    log.append(batches(1));
    assertThat(number(WAL_6, 40)).as("epoch").isEqualTo(101);
    assertThat(number(WAL_6, 48)).as("first sequence").isEqualTo(12);
    assertThat(number(WAL_6, 56)).as("synced sequence").isEqualTo(11);
  }

  @Test
  void aSealIsWrittenWhenItAttestsMoreThanIsAttested() {
    WriteAheadLog log = log(Durability.RELAXED);
    assertThat(log.needsSeal()).as("8 of 10 are attested").isTrue();
    log.append(batches(1));
    calls.clear();
    log.seal();
    assertThat(calls).containsExactly("sync " + WAL_5 + " STRICT", "atomicWrite seal.evec");
    assertThat(Seal.read(new BufferedFile(memory, StoreFiles.SEAL), ID)).isEqualTo(11);
    assertThat(number(StoreFiles.SEAL, 48)).as("log number").isEqualTo(5);
    assertThat(number(StoreFiles.SEAL, 56)).as("log length").isEqualTo(64 + 45);
    assertThat(log.needsSeal()).isFalse();
    log.seal();
    assertThat(calls).as("nothing new").hasSize(2);
    log.append(batches(1));
    assertThat(log.needsSeal()).isTrue();
  }

  @Test
  void whatAManifestAttestsNeedsNoSeal() {
    WriteAheadLog log = log(Durability.STRICT);
    log.attested(10);
    assertThat(log.needsSeal()).isFalse();
    log.attested(9);
    assertThat(log.needsSeal()).isFalse();
    log.seal();
    assertThat(calls).isEmpty();
  }

  @Test
  void sizesAreThoseOfTheFiles() {
    WriteAheadLog log = log(Durability.STRICT);
    log.append(batches(1));
    log.append(batches(2));
    long fifth = memory.size(WAL_5);
    assertThat(log.bytesBetween(3, 6)).isEqualTo(4300 + fifth);
    assertThat(log.bytesBetween(4, 5)).isEqualTo(4000);
    assertThat(log.bytesBetween(5, Long.MAX_VALUE)).isEqualTo(fifth);
    assertThat(log.bytesBetween(5, 5)).isZero();
    assertThat(log.bytesBetween(5, 3)).isZero();
  }

  @Test
  void filesBeforeANumberAreDeleted() {
    WriteAheadLog log = log(Durability.STRICT);
    log.append(batches(1));
    calls.clear();
    log.deleteBefore(4);
    assertThat(calls).containsExactly("delete " + Kind.WAL.name(3));
    assertThat(log.bytesBetween(0, 5)).isEqualTo(4000);
    log.deleteBefore(4);
    assertThat(calls).hasSize(1);
  }

  /** Notes what is called. */
  private static final class Calls extends ForwardingStorage {
    private final List<String> calls;

    Calls(StorageBackend inner, List<String> calls) {
      super(inner);
      this.calls = calls;
    }

    @Override
    public void append(String name, byte[] data, int offset, int length) {
      calls.add("append " + name + " " + length);
      super.append(name, data, offset, length);
    }

    @Override
    public void sync(String name, Durability durability) {
      calls.add("sync " + name + " " + durability);
      super.sync(name, durability);
    }

    @Override
    public void truncate(String name, long size) {
      calls.add("truncate " + name + " " + size);
      super.truncate(name, size);
    }

    @Override
    public void delete(String name) {
      calls.add("delete " + name);
      super.delete(name);
    }

    @Override
    public void atomicWrite(String name, Content content) {
      calls.add("atomicWrite " + name);
      super.atomicWrite(name, content);
    }
  }
}
