package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Writers that are held back while searches come and the tail is long: what lets them go on. The
 * clock and the slices are the test's, one step at a time.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HeldWriterTest {

  private static final int DIMENSION = 2;
  private static final int LONG_TAIL = 3000;
  private static final long SECOND = 1_000_000_000;
  private static final Options OPTIONS =
      Options.of(DIMENSION, Metric.L2)
          .hnsw(HnswOptions.of(2, 4).minEntries(1))
          .checkpointPolicy(CheckpointPolicy.MANUAL);

  private final FailingArenas arenas = new FailingArenas();
  private final AtomicLong clock = new AtomicLong();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Random random = new Random(1);

  /** A platform whose slices make so many steps as they are told. */
  private final class Slices implements Platform {
    private int stepsLeft;

    @Override
    public long currentTimeMillis() {
      return TestPlatform.NOW_MILLIS;
    }

    @Override
    public long nanoTime() {
      return clock.get() + (Thread.holdsLock(tasks) && stepsLeft-- < 0 ? SECOND : 0);
    }

    @Override
    public long randomLong() {
      return random.nextLong();
    }

    @Override
    public boolean schedule(Runnable task, long delayMillis) {
      synchronized (HeldWriterTest.this) {
        tasks.add(task);
      }
      return true;
    }

    @Override
    public VectorArena.Factory vectors() {
      return arenas;
    }

    /** Runs what is asked for, with so many steps of linking. */
    void link(int steps) {
      Runnable task;
      synchronized (HeldWriterTest.this) {
        task = tasks.remove();
      }
      synchronized (tasks) {
        stepsLeft = steps;
        task.run();
      }
    }
  }

  private final Slices slices = new Slices();
  private final VectorDatabase db =
      VectorDatabase.open(MemoryStorage.open(new MemoryStorage.Disk()), OPTIONS, slices);

  private WriteBatch puts(int from, int count) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < from + count; i++) {
      batch.put("id" + i, new float[] {i * 37 % 1009, i * 53 % 997});
    }
    return batch;
  }

  private void search() {
    assertThat(db.search(SearchRequest.of(new float[] {1, 2}, 3))).hasSize(3);
  }

  /** A writer of 100 entries that is held back, since linking has begun. */
  private CompletableFuture<Void> heldWriter() throws InterruptedException {
    slices.link(1);
    synchronized (this) {
      // The log's maintenance comes after the next slice again.
      tasks.add(tasks.remove());
    }
    AtomicReference<Thread> thread = new AtomicReference<>();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> db.write(puts(LONG_TAIL, 100)),
            task -> {
              thread.set(new Thread(task));
              thread.get().start();
            });
    while (thread.get().getState() != Thread.State.TIMED_WAITING) {
      assertThat(writer).isNotDone();
      Thread.sleep(1);
    }
    return writer;
  }

  @Test
  void aBulkLoadThatNobodySearchesBesideIsNotHeldBack() {
    for (int i = 0; i < 5; i++) {
      db.write(puts(i * LONG_TAIL, LONG_TAIL));
    }
    assertThat(db.size()).isEqualTo(5 * LONG_TAIL);
    db.close();
  }

  /** Perhaps nobody will. */
  @Test
  void beforeAnybodyLinksNobodyIsHeldBack() {
    db.write(puts(0, LONG_TAIL));
    search();
    db.write(puts(LONG_TAIL, LONG_TAIL));
    assertThat(db.size()).isEqualTo(2 * LONG_TAIL);
    db.close();
  }

  /** The clock stands still. */
  @Test
  void whereSlicesEndNoMoreNobodyIsHeldBackForLong() throws Exception {
    db.write(puts(0, LONG_TAIL));
    search();
    heldWriter().get(1, TimeUnit.MINUTES);
    db.close();
  }

  /** It costs a search little to scan it. */
  @Test
  void aShortTailHoldsNobodyBack() {
    for (int i = 0; i < 10; i++) {
      db.write(puts(i * 100, 100));
      search();
    }
    db.close();
  }

  @Test
  void deletingIsNotHeldBack() {
    db.write(puts(0, LONG_TAIL));
    search();
    assertThat(db.delete("id7")).isTrue();
    db.close();
  }

  @Test
  void whoPutsWaitsUntilTwiceAsManyAreLinked() throws Exception {
    db.write(puts(0, LONG_TAIL));
    search();
    CompletableFuture<Void> writer = heldWriter();
    slices.link(150);
    assertThat(db.stats().tailEntries()).isBetween(LONG_TAIL - 199, LONG_TAIL - 100);
    assertThat(db.size()).isEqualTo(LONG_TAIL);
    slices.link(0);
    assertThat(writer).isNotDone();
    while (!writer.isDone()) {
      slices.link(100);
      Thread.sleep(5);
    }
    writer.get();
    assertThat(db.size()).isEqualTo(LONG_TAIL + 100);
    assertThat(db.stats().tailEntries()).isBetween(LONG_TAIL - 1500, LONG_TAIL);
    db.close();
  }

  @Test
  void aSecondWithoutASearchLetsItGoOn() throws Exception {
    db.write(puts(0, LONG_TAIL));
    search();
    CompletableFuture<Void> writer = heldWriter();
    clock.addAndGet(SECOND);
    writer.get();
    db.write(puts(0, LONG_TAIL));
    db.close();
  }

  /** A checkpoint or the taking out of dead entries may keep linking from going on. */
  @Test
  void aTailThatGetsNoShorterLetsItGoOn() throws Exception {
    db.write(puts(0, LONG_TAIL));
    search();
    CompletableFuture<Void> writer = heldWriter();
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(SECOND / 2);
      search();
    }
    writer.get();
    assertThat(db.size()).isEqualTo(LONG_TAIL + 100);
    db.close();
  }

  @Test
  void linkingThatFailsLetsItGoOn() throws Exception {
    db.write(puts(0, LONG_TAIL));
    search();
    CompletableFuture<Void> writer = heldWriter();
    arenas.failAlways(
        () -> {
          throw new ArithmeticException("a defect");
        });
    assertThatThrownBy(() -> slices.link(1000)).isInstanceOf(ArithmeticException.class);
    writer.get();
    search();
    db.write(puts(0, 10));
    db.close();
  }

  @Test
  void closingLetsItGoOnAndTellsIt() throws Exception {
    db.write(puts(0, LONG_TAIL));
    search();
    CompletableFuture<Void> writer = heldWriter();
    db.close();
    assertThatThrownBy(writer::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(DatabaseClosedException.class);
  }

  /** What is written is durable all the same, and the interrupt is kept. */
  @Test
  void anInterruptLetsItGoOn() {
    db.write(puts(0, LONG_TAIL));
    search();
    Thread.currentThread().interrupt();
    db.write(puts(LONG_TAIL, 100));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(db.size()).isEqualTo(LONG_TAIL + 100);
    db.close();
  }

  /** Where too few entries are stored for a graph, there is nothing to wait for. */
  @Test
  void whereThereIsNoGraphNobodyIsHeldBack() {
    Options options = OPTIONS.hnsw(HnswOptions.of(2, 4).minEntries(1_000_000));
    try (VectorDatabase plain =
        VectorDatabase.open(MemoryStorage.open(new MemoryStorage.Disk()), options, slices)) {
      for (int i = 0; i < 5; i++) {
        plain.write(puts(i * LONG_TAIL, LONG_TAIL));
        plain.search(SearchRequest.of(new float[] {1, 2}, 3));
      }
    }
  }
}
