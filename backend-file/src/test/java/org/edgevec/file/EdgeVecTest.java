package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.edgevec.CheckpointPolicy;
import org.edgevec.DatabaseClosedException;
import org.edgevec.Entry;
import org.edgevec.Hit;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageLockedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database in a folder, as a program uses it. */
@Timeout(60)
class EdgeVecTest {

  private static final Options L2 = Options.of(2, Metric.L2);

  @TempDir Path parent;

  private Path folder;

  @BeforeEach
  void chooseFolder() {
    folder = parent.resolve("notes");
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void whatWasWrittenIsFoundAfterReopening(Durability durability) {
    try (VectorDatabase db = EdgeVec.open(folder, L2.durability(durability))) {
      assertThat(db.recoveryReport().created()).isTrue();
      db.put("a", new float[] {1, 0}, Metadata.of("title", "Äpfel", "year", 2024));
      db.put("b", new float[] {0, 1});
      db.write(new WriteBatch().put("c", new float[] {5, 5}).delete("b"));
      assertThat(db.delete("nobody")).isFalse();
      assertThat(db.stats().durability()).isEqualTo(durability);
    }
    try (VectorDatabase db = EdgeVec.open(folder)) {
      assertThat(db.recoveryReport().created()).isFalse();
      assertThat(db.recoveryReport().notes()).isEmpty();
      assertThat(db.dimension()).isEqualTo(2);
      assertThat(db.metric()).isEqualTo(Metric.L2);
      assertThat(db.ids()).containsExactly("a", "c");
      Entry a = db.get("a").orElseThrow();
      assertThat(a.vector()).containsExactly(1, 0);
      assertThat(a.metadata()).isEqualTo(Metadata.of("title", "Äpfel", "year", 2024L));
      List<Hit> hits = db.search(SearchRequest.of(new float[] {1, 1}, 10));
      assertThat(hits).extracting(Hit::id).containsExactly("a", "c");
      assertThat(hits).extracting(Hit::score).containsExactly(1f, 32f);
    }
  }

  @Test
  void aSnapshotIsReadBack() {
    // Otherwise closing may make another, for the sake of what was linked.
    Options manual = L2.checkpointPolicy(CheckpointPolicy.MANUAL);
    try (VectorDatabase db = EdgeVec.open(folder, manual)) {
      for (int i = 0; i < 1000; i++) {
        db.put("entry-" + i, new float[] {i, -i}, Metadata.of("number", i));
      }
      db.checkpoint();
      db.put("later", new float[] {0.5f, 0.5f});
    }
    try (VectorDatabase db = EdgeVec.open(folder, L2)) {
      assertThat(db.recoveryReport().snapshotEntries()).isEqualTo(1000);
      assertThat(db.recoveryReport().replayedBatches()).isEqualTo(1);
      assertThat(db.size()).isEqualTo(1001);
      assertThat(db.get("entry-999").orElseThrow().vector()).containsExactly(999, -999);
    }
  }

  @Test
  void aDatabaseIsOpenOnlyOnce() {
    try (VectorDatabase db = EdgeVec.open(folder, L2)) {
      assertThatThrownBy(() -> EdgeVec.open(folder, L2))
          .isInstanceOf(StorageLockedException.class)
          .hasMessageContaining(folder.getFileName().toString());
      db.put("a", new float[] {1, 0});
    }
    try (VectorDatabase db = EdgeVec.open(folder)) {
      assertThat(db.contains("a")).isTrue();
    }
  }

  @Test
  void aFailedOpeningLeavesTheDatabaseUnlocked() {
    EdgeVec.open(folder, L2).close();
    assertThatThrownBy(() -> EdgeVec.open(folder, Options.of(3, Metric.L2)))
        .isInstanceOf(IllegalArgumentException.class);
    EdgeVec.open(folder).close();
  }

  @Test
  void aClosedDatabaseSaysSo() {
    VectorDatabase db = EdgeVec.open(folder, L2);
    db.close();
    db.close();
    assertThatThrownBy(() -> db.put("a", new float[] {1, 0}))
        .isInstanceOf(DatabaseClosedException.class);
    assertThatThrownBy(() -> db.get("a")).isInstanceOf(DatabaseClosedException.class);
  }

  @Test
  void writersAndReadersWorkTogether() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    try (VectorDatabase db = EdgeVec.open(folder, L2)) {
      for (int t = 0; t < 8; t++) {
        int writer = t;
        Thread thread = new Thread(() -> putAndSearch(db, writer, 50));
        thread.setUncaughtExceptionHandler(
            (failed, e) -> {
              synchronized (failures) {
                failures.add(e);
              }
            });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      assertThat(db.stats().batches()).isEqualTo(400);
      assertThat(db.stats().syncs()).isLessThanOrEqualTo(400);
    }
    try (VectorDatabase db = EdgeVec.open(folder)) {
      assertThat(db.size()).isEqualTo(400);
    }
  }

  private static void putAndSearch(VectorDatabase db, int writer, int count) {
    for (int i = 0; i < count; i++) {
      String id = writer + "/" + i;
      float[] vector = {writer, i};
      db.put(id, vector);
      Hit nearest = db.search(SearchRequest.of(vector, 1)).get(0);
      if (!nearest.id().equals(id)) {
        throw new AssertionError("found " + nearest.id() + " where " + id + " should be");
      }
    }
  }

  @Test
  void anInterruptedWriterWritesAllTheSame() {
    try (VectorDatabase db = EdgeVec.open(folder, L2)) {
      Thread.currentThread().interrupt();
      db.put("a", new float[] {1, 0});
      db.checkpoint();
      db.put("b", new float[] {1, 0});
      assertThat(Thread.interrupted()).isTrue();
      assertThat(db.stats().readOnly()).isFalse();
    }
    try (VectorDatabase db = EdgeVec.open(folder)) {
      assertThat(db.ids()).containsExactly("a", "b");
    }
  }

  @Test
  void maintenanceRunsInItsOwnThreadWhichEndsByItself() throws InterruptedException {
    Options busy = L2.checkpointPolicy(CheckpointPolicy.of(1, 1));
    try (VectorDatabase db = EdgeVec.open(folder, busy)) {
      db.put("a", new float[] {1, 0});
      assertThat(db.stats().generation()).isEqualTo(1);
      Thread thread = maintenanceThread();
      assertThat(thread).isNotNull();
      assertThat(thread.isDaemon()).isTrue();
      waitUntil(() -> db.stats().generation() == 2, "a checkpoint was made in the background");
      waitUntil(() -> maintenanceThread() == null, "the maintenance thread ended");
      assertThat(db.stats().maintenanceError()).isNull();
      db.put("b", new float[] {1, 0});
      waitUntil(() -> db.stats().generation() == 3, "another thread made another checkpoint");
    }
  }

  @Test
  void whatABackgroundTaskThrowsIsNotSwallowed() throws InterruptedException {
    List<Throwable> seen = new ArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          synchronized (seen) {
            seen.add(e);
          }
        });
    try {
      IllegalStateException thrown = new IllegalStateException("a defect");
      FilePlatform platform = new FilePlatform();
      assertThat(
              platform.schedule(
                  () -> {
                    throw thrown;
                  },
                  1))
          .isTrue();
      waitUntil(() -> copyOf(seen).contains(thrown), "the exception was handed on");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private static List<Throwable> copyOf(List<Throwable> seen) {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  @Test
  void tasksOfOnePlatformDoNotOverlapAndRandomNumbersDiffer() throws InterruptedException {
    FilePlatform platform = new FilePlatform();
    assertThat(platform.randomLong()).isNotEqualTo(platform.randomLong());
    assertThat(platform.currentTimeMillis()).isPositive();
    int[] running = new int[1];
    int[] most = new int[1];
    int[] done = new int[1];
    for (int i = 0; i < 20; i++) {
      platform.schedule(
          () -> {
            enter(running, most);
            pause();
            leave(running, done);
          },
          i % 3);
    }
    waitUntil(() -> read(done) == 20, "all tasks ran");
    assertThat(read(most)).isEqualTo(1);
  }

  private static void enter(int[] running, int[] most) {
    synchronized (EdgeVecTest.class) {
      running[0]++;
      most[0] = Math.max(most[0], running[0]);
    }
  }

  private static void leave(int[] running, int[] done) {
    synchronized (EdgeVecTest.class) {
      running[0]--;
      done[0]++;
    }
  }

  private static int read(int[] counter) {
    synchronized (EdgeVecTest.class) {
      return counter[0];
    }
  }

  private static Thread maintenanceThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("edgevec-maintenance"))
        .findFirst()
        .orElse(null);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(2);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void waitUntil(Condition condition, String what) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("waited too long until %s", what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void theFolderOfAClosedDatabaseCanBeCopied() throws IOException {
    try (VectorDatabase db = EdgeVec.open(folder, L2)) {
      db.put("a", new float[] {1, 0});
    }
    FolderContent.copy(folder, parent.resolve("copy"));
    try (VectorDatabase db = EdgeVec.open(parent.resolve("copy"))) {
      assertThat(db.ids()).containsExactly("a");
    }
  }
}
