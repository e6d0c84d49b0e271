package org.edgevec.idb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.storage.CorruptDataException;
import org.junit.jupiter.api.Test;

/** The layout of a file, which is plain arithmetic and needs no browser. */
class StoredFileTest {

  private static final int CHUNK_BYTES = 4 << 20;

  @Test
  void everyThirtySecondSmallChunkTakesTheOthersIn() {
    StoredFile file = new StoredFile("wal", 1, false);
    List<Integer> merged = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      file.append(new byte[10], 0, 10);
      merged.add(file.runToMerge().size());
      file.storedPending(CHUNK_BYTES);
      file.stored(true);
      assertThat(file.size()).isEqualTo(10L * (i + 1));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(merged.get(i)).as("write %d", i).isEqualTo(i % 32 == 31 ? 310 : 0);
    }
    assertThat(file.chunkStart(0)).isZero();
    assertThat(file.chunkEnd(0)).isEqualTo(320);
    assertThat(file.chunkStart(file.chunkAt(960))).isEqualTo(960);
    assertThat(file.chunkEnd(file.chunkAt(959))).isEqualTo(960);
  }

  @Test
  void theMergedBytesAreThoseThatWereWritten() {
    StoredFile file = new StoredFile("wal", 1, false);
    for (int i = 0; i < 31; i++) {
      file.append(new byte[] {(byte) i}, 0, 1);
      file.storedPending(CHUNK_BYTES);
      file.stored(true);
    }
    file.append(new byte[] {99}, 0, 1);
    byte[] run = file.runToMerge().toByteArray();
    assertThat(run).hasSize(31);
    for (int i = 0; i < 31; i++) {
      assertThat(run[i]).isEqualTo((byte) i);
    }
  }

  @Test
  void largeChunksAreNotStoredAgain() {
    StoredFile file = new StoredFile("wal", 1, false);
    for (int i = 0; i < 200; i++) {
      int size = i % 10 == 9 ? 100_000 : 100;
      file.append(new byte[size], 0, size);
      assertThat(file.runToMerge().size()).isZero();
      file.storedPending(CHUNK_BYTES);
      file.stored(true);
    }
  }

  @Test
  void aCutEndsTheRun() {
    StoredFile file = new StoredFile("wal", 1, false);
    for (int i = 0; i < 31; i++) {
      file.append(new byte[4], 0, 4);
      file.storedPending(CHUNK_BYTES);
      file.stored(true);
    }
    file.cutChunks(20);
    assertThat(file.size()).isEqualTo(80);
    file.append(new byte[4], 0, 4);
    assertThat(file.runToMerge().size()).isZero();
  }

  @Test
  void aMissingChunkIsDamageAtItsPlace() {
    StoredFile file = new StoredFile("wal", 1, true);
    file.addChunk(0, 100);
    file.addChunk(150, 200);
    assertThatThrownBy(file::size)
        .isInstanceOfSatisfying(
            CorruptDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo("wal");
              assertThat(e.offset()).isEqualTo(100);
            });
  }

  @Test
  void chunksAreFoundAndGrouped() {
    StoredFile file = new StoredFile("wal", 1, true);
    for (int i = 0; i < 10; i++) {
      file.addChunk(100 * i, 100 * (i + 1));
    }
    for (int offset = 0; offset < 1000; offset++) {
      assertThat(file.chunkAt(offset)).isEqualTo(offset / 100);
    }
    assertThat(file.lastWithin(2, 350)).isEqualTo(4);
    assertThat(file.lastWithin(2, 1)).isEqualTo(2);
    assertThat(file.lastWithin(8, 10_000)).isEqualTo(9);
  }
}
