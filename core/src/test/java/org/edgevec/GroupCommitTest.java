package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.edgevec.FaultyStorage.Operation;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.StorageIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {

  private static final Options OPTIONS = Options.of(1, Metric.L2);

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final FaultyStorage storage = new FaultyStorage(MemoryStorage.open(disk));
  private final VectorDatabase db = VectorDatabase.open(storage, OPTIONS);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    storage.set((operation, name) -> {});
    db.close();
  }

  private Future<?> put(String id) {
    return threads.submit(() -> db.put(id, new float[] {1}));
  }

  /** A database with one put in mid sync and some more waiting behind it. */
  private List<Future<?>> queued(CountDownLatch release, int waiting) throws Exception {
    db.put("first", new float[] {1});
    CountDownLatch reached = new CountDownLatch(1);
    storage.block(Operation.SYNC, reached, release);
    List<Future<?>> puts = new ArrayList<>();
    puts.add(put("leader"));
    FaultyStorage.await(reached);
    for (int i = 0; i < waiting; i++) {
      int size = db.engine().queuedWrites();
      puts.add(put("waiting" + i));
      while (db.engine().queuedWrites() == size) {
        Thread.onSpinWait();
      }
    }
    return puts;
  }

  @Test
  void writersThatWaitShareTheNextSync() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Future<?>> puts = queued(release, 20);
    long before = db.stats().syncs();
    assertThat(db.size()).as("not durable, not visible").isEqualTo(1);
    release.countDown();
    for (Future<?> put : puts) {
      put.get();
    }
    assertThat(db.stats().syncs() - before).as("leader's sync and one for all others").isEqualTo(2);
    assertThat(db.stats().batches()).isEqualTo(22);
    assertThat(db.size()).isEqualTo(22);
  }

  @Test
  void searchesDoNotWaitForASync() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Future<?>> puts = queued(release, 3);
    assertThat(db.search(SearchRequest.of(new float[] {0}, 5))).hasSize(1);
    assertThat(db.get("first")).isPresent();
    assertThat(db.stats().size()).isEqualTo(1);
    release.countDown();
    for (Future<?> put : puts) {
      put.get();
    }
  }

  @Test
  void anInterruptDoesNotEndAWrite() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    queued(release, 0);
    AtomicBoolean flag = new AtomicBoolean();
    CountDownLatch done = new CountDownLatch(1);
    Thread writer =
        new Thread(
            () -> {
              db.put("interrupted", new float[] {1});
              flag.set(Thread.currentThread().isInterrupted());
              done.countDown();
            });
    writer.start();
    while (db.engine().queuedWrites() == 0) {
      Thread.onSpinWait();
    }
    writer.interrupt();
    release.countDown();
    FaultyStorage.await(done);
    assertThat(flag).as("the flag is kept").isTrue();
    assertThat(db.contains("interrupted")).isTrue();
  }

  @Test
  void aFailureReachesEveryWriterOfTheGroup() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Future<?>> puts = queued(release, 5);
    storage.fail(Operation.APPEND, "wal", new StorageIOException("failed, for a test"));
    release.countDown();
    puts.get(0).get();
    for (Future<?> put : puts.subList(1, puts.size())) {
      assertThatThrownBy(put::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StorageIOException.class);
    }
    assertThat(db.ids()).containsExactly("first", "leader");
  }

  @Test
  void closingWaitsForTheWriteUnderWayAndFailsTheRest() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Future<?>> puts = queued(release, 3);
    Future<?> closing = threads.submit(db::close);
    release.countDown();
    closing.get();
    puts.get(0).get();
    int acknowledged = 0;
    for (Future<?> put : puts) {
      try {
        put.get();
        acknowledged++;
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(DatabaseClosedException.class);
      }
    }
    try (VectorDatabase reopened = VectorDatabase.open(MemoryStorage.open(disk), OPTIONS)) {
      assertThat(reopened.size()).isEqualTo(1 + acknowledged);
    }
  }

  /**
   * However many wait and go on writing, who wants the lead alone has it after the present group.
   */
  @Test
  void aCheckpointGoesBeforeTheWritesThatWait() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Future<?>> puts = queued(release, 5);
    long before = db.stats().lastSequence();
    Future<?> checkpoint = threads.submit(db::checkpoint);
    while (db.engine().waitingAlone() == 0) {
      Thread.onSpinWait();
    }
    release.countDown();
    checkpoint.get();
    for (Future<?> put : puts) {
      put.get();
    }
    assertThat(db.stats().logBytes()).as("of the five").isPositive();
    assertThat(db.stats().lastSequence()).isEqualTo(before + 6);
  }

  /** No write that begins after it is acknowledged. */
  @Test
  void closingIsNotOvertaken() throws Exception {
    AtomicInteger late = new AtomicInteger();
    AtomicBoolean closing = new AtomicBoolean();
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      String id = "w" + i;
      writers.add(
          threads.submit(
              () -> {
                while (true) {
                  boolean isLate = closing.get();
                  db.put(id, new float[] {1});
                  late.addAndGet(isLate ? 1 : 0);
                }
              }));
    }
    while (db.size() < 32) {
      Thread.onSpinWait();
    }
    Future<?> closed =
        threads.submit(
            () -> {
              db.close();
            });
    while (!db.engine().isClosing()) {
      Thread.onSpinWait();
    }
    closing.set(true);
    closed.get(20, TimeUnit.SECONDS);
    for (Future<?> writer : writers) {
      assertThatThrownBy(writer::get).hasCauseInstanceOf(DatabaseClosedException.class);
    }
    assertThat(late).hasValue(0);
  }

  @Test
  void writersSearchersAndCheckpointsGetAlong() throws Exception {
    AtomicInteger written = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    List<Future<?>> writers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int thread = t;
      writers.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 500; i++) {
                  db.put(thread + "-" + i, new float[] {i});
                  written.incrementAndGet();
                  if (i % 3 == 0) {
                    assertThat(db.delete(thread + "-" + i)).isTrue();
                  }
                }
              }));
    }
    Future<?> reader =
        threads.submit(
            () -> {
              while (!stop.get()) {
                db.search(SearchRequest.of(new float[] {250}, 10));
                db.stats();
              }
            });
    Future<?> checkpointer =
        threads.submit(
            () -> {
              while (!stop.get()) {
                db.checkpoint();
              }
            });
    for (Future<?> writer : writers) {
      writer.get();
    }
    stop.set(true);
    reader.get();
    checkpointer.get();
    db.close();
    try (VectorDatabase reopened = VectorDatabase.open(MemoryStorage.open(disk), OPTIONS)) {
      assertThat(reopened.size()).isEqualTo(4 * (500 - 167));
      assertThat(reopened.recoveryReport().notes()).isEmpty();
    }
  }
}
