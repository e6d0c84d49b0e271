package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.MemoryStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one session leaves to the next: neither heaps of files nor work done before. */
@Timeout(60)
final class SessionsTest {

  private static final int COUNT = 1500;
  private static final Options OPTIONS =
      Options.of(2, Metric.L2).hnsw(HnswOptions.of(4, 10).minEntries(10));

  private MemoryStorage.Disk disk = new MemoryStorage.Disk();

  private long seed;

  /** Without a background, whose tasks would wait for a test to run them. */
  private VectorDatabase openInline() {
    return VectorDatabase.open(MemoryStorage.open(disk), OPTIONS, Platform.inline());
  }

  private VectorDatabase open(Options options) {
    return VectorDatabase.open(
        MemoryStorage.open(disk), options, TestPlatform.withBackground(seed++));
  }

  private int files() {
    MemoryStorage storage = MemoryStorage.open(disk);
    int files = storage.list().size();
    storage.close();
    return files;
  }

  @Test
  void shortOnesLeaveFewFiles() {
    int most = 0;
    for (int session = 0; session < 300; session++) {
      try (VectorDatabase db = open(OPTIONS)) {
        db.put("id" + session, new float[] {session, 1});
      }
      most = Math.max(most, files());
    }
    assertThat(most).isLessThan(3 * CheckpointPolicy.MAX_LOG_FILES);
    try (VectorDatabase db = open(OPTIONS)) {
      assertThat(db.size()).isEqualTo(300);
    }
  }

  /** Ended by crashes, of which none got to closing. */
  @Test
  void openingBeginsWhatIsDue() {
    for (int session = 0; session < CheckpointPolicy.MAX_LOG_FILES; session++) {
      open(OPTIONS).put("id" + session, new float[] {session, 1});
      disk = MemoryStorage.Disk.of(disk.files());
    }
    TestPlatform platform = TestPlatform.withBackground(1);
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), OPTIONS, platform)) {
      assertThat(db.stats().generation()).isEqualTo(1);
      platform.runTasks();
      assertThat(db.stats().generation()).isEqualTo(2);
      assertThat(db.size()).isEqualTo(CheckpointPolicy.MAX_LOG_FILES);
    }
  }

  /** Otherwise a log that is lost while many write would look as if nothing had been written. */
  @Test
  void whoNeverRestsIsAttestedAllTheSame() {
    TestPlatform platform = TestPlatform.withBackground(1);
    VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), OPTIONS, platform);
    for (int i = 0; i < 20; i++) {
      db.put("id" + i, new float[] {i, 1});
      platform.pass(300_000_000);
      platform.runTasks();
    }
    Map<String, byte[]> files = new TreeMap<>(disk.files());
    assertThat(files.keySet().removeIf(name -> name.startsWith("wal"))).isTrue();
    assertThatThrownBy(
            () ->
                VectorDatabase.open(
                    MemoryStorage.open(MemoryStorage.Disk.of(files)), OPTIONS, platform))
        .isInstanceOf(CorruptDataException.class);
  }

  private void fill(Options options) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < COUNT; i++) {
      batch.put("id" + i, new float[] {i, i % 7});
    }
    try (VectorDatabase db =
        VectorDatabase.open(MemoryStorage.open(disk), options, Platform.inline())) {
      db.write(batch);
      db.awaitIndexed(ProgressListener.NONE);
      assertThat(db.stats().tailEntries()).isZero();
    }
  }

  @Test
  void whatWasLinkedIsStoredByClosing() {
    fill(OPTIONS);
    try (VectorDatabase db = open(OPTIONS)) {
      assertThat(db.stats().tailEntries()).isZero();
      assertThat(db.stats().indexedEntries()).isEqualTo(COUNT);
      assertThat(db.stats().logBytes()).isZero();
    }
  }

  @Test
  void notWhereCheckpointsAreAskedForOnly() {
    fill(OPTIONS.checkpointPolicy(CheckpointPolicy.MANUAL));
    try (VectorDatabase db = open(OPTIONS)) {
      assertThat(db.stats().tailEntries()).isEqualTo(COUNT);
      assertThat(db.stats().generation()).isEqualTo(1);
    }
  }

  /** What costs more to store than to do again is left. */
  @Test
  void notForTheSakeOfFew() {
    fill(OPTIONS);
    long generation;
    try (VectorDatabase db = openInline()) {
      generation = db.stats().generation();
      db.put("one more", new float[] {1, 1});
    }
    try (VectorDatabase db = open(OPTIONS)) {
      assertThat(db.stats().generation()).isEqualTo(generation);
      assertThat(db.size()).isEqualTo(COUNT + 1);
    }
  }
}
