package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StoreFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slices of linking and mending that fail: nobody but who waits for them is to suffer. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IndexingFailureTest {

  private static final int DIMENSION = 4;
  private static final Options OPTIONS =
      Options.of(DIMENSION, Metric.L2)
          .hnsw(HnswOptions.of(4, 20).minEntries(1))
          .checkpointPolicy(CheckpointPolicy.MANUAL);

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final FailingArenas arenas = new FailingArenas();
  private final TestPlatform inline = TestPlatform.seeded(1).with(arenas);
  private final TestPlatform background = TestPlatform.withBackground(1).with(arenas);

  private VectorDatabase open(TestPlatform platform) {
    return VectorDatabase.open(MemoryStorage.open(disk), OPTIONS, platform);
  }

  private static void throwOutOfMemory() {
    throw new OutOfMemoryError("no heap");
  }

  private static void throwDefect() {
    throw new ArithmeticException("a defect");
  }

  private static float[] vector(int number) {
    Random random = new Random(number * 7919L);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat();
    }
    return vector;
  }

  private static WriteBatch puts(int from, int to) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < to; i++) {
      batch.put("id" + i, vector(i));
    }
    return batch;
  }

  private static void expectAllFound(VectorDatabase db, int count) {
    for (int i = 0; i < count; i++) {
      List<Hit> hits = db.search(SearchRequest.of(vector(i), 1).efSearch(40));
      assertThat(hits).as("the nearest to vector %s", i).hasSize(1);
      assertThat(hits.get(0).id()).isEqualTo("id" + i);
    }
  }

  @Test
  void withoutABackgroundWritesGoOnAndWhoWaitsIsTold() {
    try (VectorDatabase db = open(inline)) {
      db.write(puts(0, 50));
      arenas.failAlways(IndexingFailureTest::throwOutOfMemory);
      db.write(puts(50, 100));
      db.put("id100", vector(100));
      assertThat(db.delete("none")).isFalse();
      expectAllFound(db, 101);
      Stats stats = db.stats();
      assertThat(stats.size()).isEqualTo(101);
      assertThat(stats.indexedEntries()).isEqualTo(50);
      assertThat(stats.tailEntries()).isEqualTo(51);
      assertThat(stats.readOnly()).isFalse();
      assertThat(stats.maintenanceError()).isEqualTo("java.lang.OutOfMemoryError: no heap");
      assertThatThrownBy(() -> await(db))
          .isExactlyInstanceOf(IndexingException.class)
          .hasMessageContaining("OutOfMemoryError: no heap")
          .hasMessageContaining("stored")
          .cause()
          .isExactlyInstanceOf(OutOfMemoryError.class)
          .hasMessage("no heap");
      db.checkpoint();
    }
    arenas.heal();
    try (VectorDatabase db = open(inline)) {
      assertThat(db.stats().indexedEntries()).isEqualTo(50);
      expectAllFound(db, 101);
    }
  }

  @Test
  void theNextWriteTriesAgain() {
    try (VectorDatabase db = open(inline)) {
      arenas.fail(0, 1, IndexingFailureTest::throwDefect);
      db.write(puts(0, 50));
      assertThat(db.stats().tailEntries()).isPositive();
      assertThat(db.stats().maintenanceError()).contains("a defect");
      db.put("id50", vector(50));
      assertThat(db.stats().tailEntries()).isZero();
      assertThat(db.stats().maintenanceError()).isNull();
      expectAllFound(db, 51);
    }
  }

  @Test
  void theNextWaitTriesAgain() {
    try (VectorDatabase db = open(inline)) {
      arenas.fail(0, 2, IndexingFailureTest::throwDefect);
      db.write(puts(0, 50));
      assertThatThrownBy(() -> await(db))
          .isInstanceOf(IndexingException.class)
          .hasCauseExactlyInstanceOf(ArithmeticException.class);
      await(db);
      assertThat(db.stats().tailEntries()).isZero();
      assertThat(db.stats().maintenanceError()).isNull();
    }
  }

  /** The background's own failures go where the platform reports them, and begin nothing anew. */
  @Test
  void theBackgroundReportsAFailureAndRestsUntilTheNextWrite() {
    try (VectorDatabase db = open(background)) {
      arenas.failAlways(IndexingFailureTest::throwOutOfMemory);
      db.write(puts(0, 50));
      assertThatThrownBy(background::runTasks).isInstanceOf(OutOfMemoryError.class);
      assertThat(background.takeDelays()).as("a slice, and a seal").containsExactly(0L, 250L);
      background.runTasks();
      background.runTasks();
      assertThat(background.runTasks()).as("what is left to do").isZero();
      background.takeDelays();
      db.put("id50", vector(50));
      db.put("id51", vector(51));
      assertThat(background.takeDelays()).as("a slice later").containsExactly(1000L, 250L);
      arenas.heal();
      background.runTasks();
      assertThat(db.stats().tailEntries()).isZero();
      assertThat(db.stats().maintenanceError()).isNull();
      db.put("id52", vector(52));
      assertThat(background.takeDelays()).as("a slice at once").contains(0L);
    }
  }

  /** It asked for a slice, and the one that it found had begun before it. */
  @Test
  void aWriteBesideASliceThatFailsTriesAgain() {
    try (VectorDatabase db = open(background)) {
      db.write(puts(0, 50));
      arenas.fail(
          100,
          1,
          () -> {
            db.put("id50", vector(50));
            throwDefect();
          });
      assertThatThrownBy(background::runTasks).isInstanceOf(ArithmeticException.class);
      assertThat(db.stats().maintenanceError()).contains("a defect");
      assertThat(background.takeDelays()).as("a seal, a slice later").contains(1000L);
      background.runTasks();
      assertThat(db.stats().tailEntries()).isZero();
      assertThat(db.stats().maintenanceError()).isNull();
    }
  }

  /** Where a platform cannot even say that it has no background, the next write asks again. */
  @Test
  void aTaskThatCouldNotBeAskedForIsAskedForAgain() {
    AtomicReference<Runnable> failing = new AtomicReference<>(() -> {});
    Platform platform =
        new Platform() {
          @Override
          public long currentTimeMillis() {
            return background.currentTimeMillis();
          }

          @Override
          public long randomLong() {
            return background.randomLong();
          }

          @Override
          public long nanoTime() {
            return background.nanoTime();
          }

          @Override
          public boolean schedule(Runnable task, long delayMillis) {
            failing.get().run();
            return background.schedule(task, delayMillis);
          }
        };
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(disk), OPTIONS, platform)) {
      failing.set(IndexingFailureTest::throwOutOfMemory);
      assertThatThrownBy(() -> db.write(puts(0, 50))).isInstanceOf(OutOfMemoryError.class);
      failing.set(() -> {});
      db.put("id50", vector(50));
      assertThat(background.takeDelays()).containsExactly(0L, 250L);
      background.runTasks();
      assertThat(db.stats().tailEntries()).isZero();
    }
  }

  /** Also while a failure is known that another wait would be told. */
  @Test
  void closingEndsTheWaiting() throws InterruptedException {
    VectorDatabase db = open(background);
    arenas.failAlways(IndexingFailureTest::throwDefect);
    db.write(puts(0, 50));
    assertThatThrownBy(background::runTasks).isInstanceOf(ArithmeticException.class);
    AtomicReference<Throwable> told = new AtomicReference<>();
    Thread waiter = new Thread(() -> told.set(catchThrowable(() -> await(db))));
    waiter.start();
    while (waiter.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    db.close();
    waiter.join();
    assertThat(told.get()).isInstanceOf(DatabaseClosedException.class);
  }

  private static void await(VectorDatabase db) {
    db.awaitIndexed(ProgressListener.NONE);
  }

  /** Wherever a slice fails, the next one goes on such that the same graph comes out. */
  @Test
  void aFailureAnywhereLeavesNoTraceInTheGraph() {
    String expected = graphAfterFailure(Integer.MAX_VALUE);
    int calls = arenas.calls();
    assertThat(calls).isGreaterThan(200);
    for (int after = 0; after < calls; after++) {
      assertThat(graphAfterFailure(after)).as("failed after %s", after).isEqualTo(expected);
    }
  }

  /** The graph file of a database whose entries are linked and then half of them taken out. */
  private String graphAfterFailure(int after) {
    MemoryStorage.Disk fresh = new MemoryStorage.Disk();
    TestPlatform platform = TestPlatform.seeded(1).with(arenas);
    arenas.fail(after, 1, IndexingFailureTest::throwDefect);
    try (VectorDatabase db = VectorDatabase.open(MemoryStorage.open(fresh), OPTIONS, platform)) {
      db.write(puts(0, 60));
      db.delete("none");
      WriteBatch removal = new WriteBatch();
      for (int i = 0; i < 60; i += 2) {
        removal.delete("id" + i);
      }
      db.write(removal);
      db.delete("none");
      assertThat(db.stats().maintenanceError()).isNull();
      assertThat(db.stats().indexedEntries()).isEqualTo(30);
      db.checkpoint();
    }
    String graph =
        fresh.files().keySet().stream()
            .filter(name -> StoreFiles.Kind.GRAPH.number(name) >= 0)
            .reduce((one, another) -> fail("two graphs, %s and %s", one, another))
            .orElseThrow();
    return HexFormat.of().formatHex(fresh.files().get(graph));
  }
}
