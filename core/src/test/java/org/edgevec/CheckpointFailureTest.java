package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.edgevec.FaultyStorage.Operation;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageFullException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that fail, by whatever, that are closed upon, and that others write beside. */
@Timeout(60)
final class CheckpointFailureTest {

  private static final Options OPTIONS =
      Options.of(1, Metric.L2).checkpointPolicy(CheckpointPolicy.of(1, 1));

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final FaultyStorage storage = new FaultyStorage(MemoryStorage.open(disk));
  private final FailingArenas arenas = new FailingArenas();
  private final TestPlatform platform = TestPlatform.withBackground(1).with(arenas);
  private final VectorDatabase db = VectorDatabase.open(storage, OPTIONS, platform);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    arenas.onCopy(() -> {});
    storage.set((operation, name) -> {});
    db.close();
  }

  private void put(int from, int to) {
    for (int i = from; i < to; i++) {
      db.put("id" + i, new float[] {i});
    }
  }

  private int logFiles() {
    return (int) storage.list().stream().filter(name -> name.startsWith("wal")).count();
  }

  private void assertStored(List<String> ids) {
    db.close();
    try (VectorDatabase reopened = VectorDatabase.open(MemoryStorage.open(disk), OPTIONS)) {
      assertThat(reopened.ids()).isEqualTo(ids);
      for (String id : ids) {
        assertThat(reopened.get(id)).isPresent();
      }
    }
  }

  /** Each as often as a background of that many rounds tries. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anErrorIsToldAndBacksOffAndLeavesNothing(boolean isInWriting) {
    put(0, 20);
    db.delete("id3");
    int[] attempts = {0};
    Runnable failing =
        () -> {
          attempts[0]++;
          if (isInWriting) {
            throw new OutOfMemoryError("no heap");
          }
          // Where memory ends, it can do without a copy.
          throw new StackOverflowError("no heap");
        };
    if (isInWriting) {
      storage.set(
          (operation, name) -> {
            if (operation == Operation.ATOMIC_WRITE && !name.startsWith("seal")) {
              failing.run();
            }
          });
    } else {
      arenas.onCopy(failing);
    }
    platform.runTasks();
    assertThat(db.stats().maintenanceError()).contains("no heap");
    assertThat(attempts[0]).isEqualTo(1);
    // At rest the log is sealed, which goes well and is no reason to forget or to try again.
    platform.runTasks();
    platform.runTasks();
    assertThat(db.stats().maintenanceError()).contains("no heap");
    assertThat(attempts[0]).isEqualTo(1);
    int files = logFiles();
    for (int i = 0; i < 50; i++) {
      db.put("same", new float[] {i});
      platform.runTasks();
    }
    assertThat(attempts[0]).as("attempts while the log doubles and doubles").isBetween(2, 5);
    assertThat(logFiles() - files).isLessThanOrEqualTo(isInWriting ? attempts[0] : 0);
    arenas.onCopy(() -> {});
    storage.set((operation, name) -> {});
    put(20, 100);
    platform.runTasks();
    assertThat(db.stats().maintenanceError()).isNull();
    assertThat(db.stats().generation()).isPositive();
    List<String> ids = db.ids();
    assertStored(ids);
  }

  @Test
  void writesAndSearchesGoOnWhileTheDeadAreLeftBehind() {
    put(0, 200);
    db.delete("id3");
    List<String> written = new ArrayList<>();
    arenas.onCopy(
        () -> {
          if (written.size() < 50) {
            String id = "beside" + written.size();
            written.add(id);
            db.put(id, new float[] {-1 - written.size()});
            db.delete("id" + (100 + written.size()));
            db.put("id" + (10 + written.size()), new float[] {1000 + written.size()});
            assertThat(
                    db.search(SearchRequest.of(new float[] {-1 - written.size()}, 1)).get(0).id())
                .isEqualTo(id);
          }
        });
    db.checkpoint();
    assertThat(written).hasSize(50);
    List<String> ids = db.ids();
    assertThat(ids).hasSize(199).containsAll(written);
    assertThat(db.stats().logBytes()).isZero();
    put(300, 310);
    assertThat(db.get("id25").orElseThrow().vector()[0]).isEqualTo(1015);
    ids = db.ids();
    assertStored(ids);
  }

  /**
   * A checkpoint drafts while a write has the lead and has not logged anything: once when many
   * entries die by it, and then when there was nothing to do yet.
   */
  @Test
  void whatHappensBetweenDraftAndLeadIsInTheSnapshot() throws Exception {
    put(0, 100);
    db.checkpoint();
    WriteBatch deletes = new WriteBatch();
    for (int i = 0; i < 60; i++) {
      deletes.delete("id" + i);
    }
    checkpointBeside(() -> db.write(deletes));
    checkpointBeside(() -> db.put("new", new float[] {1}));
    checkpointBeside(() -> db.put("id70", new float[] {2}));
    assertThat(db.verify(ProgressListener.NONE).damage()).isEmpty();
    List<String> ids = db.ids();
    assertThat(ids).hasSize(41);
    assertStored(ids);
  }

  /** Keeps a write before its first byte of log, until a checkpoint waits for it. */
  private void checkpointBeside(Runnable write) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    storage.block(Operation.APPEND, reached, release);
    Future<?> writing = threads.submit(write);
    FaultyStorage.await(reached);
    Future<?> checkpoint = threads.submit(db::checkpoint);
    while (db.engine().waitingAlone() == 0) {
      Thread.onSpinWait();
    }
    release.countDown();
    writing.get(30, TimeUnit.SECONDS);
    checkpoint.get(30, TimeUnit.SECONDS);
  }

  /** Waiting for it might take as long as the database is large. */
  @Test
  void closingEndsOne() throws Exception {
    put(0, 50);
    Future<?>[] closing = new Future<?>[1];
    storage.set(
        (operation, name) -> {
          if (operation == Operation.ATOMIC_WRITE && closing[0] == null) {
            closing[0] = threads.submit(db::close);
            while (!db.engine().isClosing()) {
              Thread.onSpinWait();
            }
          }
        });
    assertThatThrownBy(db::checkpoint).isInstanceOf(DatabaseClosedException.class);
    closing[0].get(30, TimeUnit.SECONDS);
    try (VectorDatabase reopened = VectorDatabase.open(MemoryStorage.open(disk), OPTIONS)) {
      assertThat(reopened.size()).isEqualTo(50);
    }
  }

  @Test
  void oneThatCannotBeWrittenDoesNotKeepItFromClosing() {
    for (int session = 0; session < 40; session++) {
      try (VectorDatabase other =
          VectorDatabase.open(fullFor("segment"), Options.of(1, Metric.L2), platform)) {
        other.put("id" + session, new float[] {session});
      }
    }
    try (VectorDatabase reopened =
        VectorDatabase.open(MemoryStorage.open(sessions), Options.of(1, Metric.L2))) {
      assertThat(reopened.size()).isEqualTo(40);
    }
  }

  private final MemoryStorage.Disk sessions = new MemoryStorage.Disk();

  private FaultyStorage fullFor(String kind) {
    FaultyStorage full = new FaultyStorage(MemoryStorage.open(sessions));
    full.fail(Operation.ATOMIC_WRITE, kind, new StorageFullException("No space is left."));
    return full;
  }
}
