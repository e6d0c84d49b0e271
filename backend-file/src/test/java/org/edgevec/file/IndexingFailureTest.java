package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.edgevec.FailingArenas;
import org.edgevec.HnswOptions;
import org.edgevec.IndexingException;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The maintenance thread's slices fail: who waits for them is told, and nobody else suffers. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class IndexingFailureTest {

  private static final Options OPTIONS =
      Options.of(2, Metric.L2).hnsw(HnswOptions.of(4, 20).minEntries(1));

  @TempDir Path folder;

  private final FailingArenas arenas = new FailingArenas();
  private final List<Throwable> reported = new ArrayList<>();
  private Thread.UncaughtExceptionHandler usual;

  @BeforeEach
  void listen() {
    usual = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> report(failure));
  }

  @AfterEach
  void listenNoMore() {
    Thread.setDefaultUncaughtExceptionHandler(usual);
  }

  private synchronized void report(Throwable failure) {
    reported.add(failure);
  }

  private synchronized List<Throwable> reported() {
    return List.copyOf(reported);
  }

  /** The JVM as a platform, with other vectors. */
  private record WithArenas(FilePlatform jvm, VectorArena.Factory vectors) implements Platform {

    @Override
    public long currentTimeMillis() {
      return jvm.currentTimeMillis();
    }

    @Override
    public long randomLong() {
      return jvm.randomLong();
    }

    @Override
    public boolean schedule(Runnable task, long delayMillis) {
      return jvm.schedule(task, delayMillis);
    }
  }

  private VectorDatabase open(FilePlatform jvm) {
    return VectorDatabase.open(
        FileStorage.open(folder.resolve("db")), OPTIONS, new WithArenas(jvm, arenas));
  }

  private static WriteBatch hundred() {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < 100; i++) {
      batch.put("id" + i, new float[] {i, i});
    }
    return batch;
  }

  private static void expectFound(VectorDatabase db, int number) {
    SearchRequest request = SearchRequest.of(new float[] {number, number}, 1);
    assertThat(db.search(request).get(0).id()).isEqualTo("id" + number);
  }

  private static Future<?> waiting(VectorDatabase db) {
    return CompletableFuture.runAsync(() -> db.awaitIndexed(ProgressListener.NONE));
  }

  @Test
  void everyoneWhoWaitsIsToldAndMayTryAgain() throws InterruptedException {
    try (VectorDatabase db = open(new FilePlatform())) {
      OutOfMemoryError failure = new OutOfMemoryError("no heap");
      arenas.failAlways(
          () -> {
            throw failure;
          });
      db.write(hundred());
      for (Future<?> waiter : List.of(waiting(db), waiting(db), waiting(db))) {
        assertThatThrownBy(waiter::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isExactlyInstanceOf(IndexingException.class)
            .hasCause(failure);
      }
      while (reported().isEmpty()) {
        Thread.sleep(1);
      }
      assertThat(reported()).containsOnly(failure);
      assertThat(db.stats().maintenanceError()).isEqualTo("java.lang.OutOfMemoryError: no heap");
      assertThat(db.stats().tailEntries()).isPositive();
      expectFound(db, 99);
      arenas.heal();
      db.awaitIndexed(ProgressListener.NONE);
      assertThat(db.stats().tailEntries()).isZero();
      assertThat(db.stats().maintenanceError()).isNull();
      expectFound(db, 99);
    }
  }

  /**
   * A second or two of writes and waits, in which slices that failed at once would be thousands.
   */
  @Test
  void whatFailsEachTimeIsTriedAboutOnceASecond() throws InterruptedException {
    long begin;
    try (VectorDatabase db = open(new FilePlatform())) {
      arenas.failAlways(
          () -> {
            throw new IllegalStateException("a defect");
          });
      begin = System.nanoTime();
      db.write(hundred());
      for (int i = 0; i < 15; i++) {
        db.put("id" + i, new float[] {i, i});
        expectFound(db, i);
        Thread.sleep(100);
      }
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> db.awaitIndexed(ProgressListener.NONE))
            .isInstanceOf(IndexingException.class);
      }
    }
    long seconds = (System.nanoTime() - begin) / 1_000_000_000;
    assertThat(reported())
        .hasSizeGreaterThanOrEqualTo(2)
        .hasSizeLessThanOrEqualTo((int) seconds + 2);
  }

  @Test
  void closingEndsAllAndOpeningAnewLinks() {
    try (VectorDatabase db = open(new FilePlatform())) {
      arenas.failAlways(
          () -> {
            throw new IllegalStateException("a defect");
          });
      db.write(hundred());
      assertThatThrownBy(() -> db.awaitIndexed(ProgressListener.NONE))
          .isInstanceOf(IndexingException.class);
    }
    try (VectorDatabase again = EdgeVec.open(folder.resolve("db"), OPTIONS)) {
      again.awaitIndexed(ProgressListener.NONE);
      assertThat(again.stats().tailEntries()).isZero();
      expectFound(again, 50);
    }
  }

  @Test
  void withoutAnotherThreadMaintenanceIsDoneByWhoWrites() {
    AtomicBoolean isFull = new AtomicBoolean(true);
    FilePlatform jvm =
        new FilePlatform(
            task -> {
              if (isFull.get()) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              return new Thread(task);
            });
    assertThat(jvm.schedule(() -> {}, 0)).isFalse();
    try (VectorDatabase db = open(jvm)) {
      db.write(hundred());
      assertThat(db.stats().tailEntries()).isZero();
      isFull.set(false);
      db.put("id100", new float[] {100, 100});
      db.awaitIndexed(ProgressListener.NONE);
      assertThat(db.stats().tailEntries()).isZero();
    }
    assertThat(jvm.schedule(() -> {}, 0)).isTrue();
  }

  /** Memory may run out at any step: here there is none for the task's own thread. */
  @Test
  void aTaskThatCannotBeScheduledAfterAllIsDoneByWhoWrites() {
    AtomicInteger asked = new AtomicInteger();
    FilePlatform jvm =
        new FilePlatform(
            task -> {
              if (asked.getAndIncrement() % 2 == 0) {
                return null; // None now, says the executor's contract; it asks again.
              }
              throw new OutOfMemoryError("unable to create native thread");
            });
    try (VectorDatabase db = open(jvm)) {
      db.write(hundred());
      assertThat(db.stats().tailEntries()).isZero();
      db.put("id100", new float[] {100, 100});
      db.awaitIndexed(ProgressListener.NONE);
      assertThat(db.stats().tailEntries()).isZero();
    }
    assertThat(asked.get()).isGreaterThan(2);
  }
}
