package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Hit;
import org.edgevec.InvalidInputException;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.storage.Durability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that help the maintenance's to link. */
@Timeout(120)
final class LinkingThreadsTest {

  private static final int DIMENSION = 8;

  @TempDir Path folder;

  @Test
  void asManyThreadsAsAskedForRunTheWork() throws InterruptedException {
    FilePlatform platform = new FilePlatform();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(3);
    platform.runParallel(
        () -> {
          threads.add(Thread.currentThread());
          all.countDown();
          awaitAll(all);
        },
        3);
    assertThat(threads).hasSize(3).contains(Thread.currentThread());
    threads.remove(Thread.currentThread());
    for (Thread helper : threads) {
      assertThat(helper.isDaemon()).isTrue();
      assertThat(helper.getContextClassLoader()).isNull();
      helper.join(20_000);
      assertThat(helper.isAlive()).as("a thread without work").isFalse();
    }
  }

  private static void awaitAll(CountDownLatch all) {
    try {
      all.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatAThreadFailsWithReachesTheCallerWhenAllHaveEnded() {
    FilePlatform platform = new FilePlatform();
    AtomicInteger number = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    Thread caller = Thread.currentThread();
    assertThatThrownBy(
            () ->
                platform.runParallel(
                    () -> {
                      ended.incrementAndGet();
                      if (Thread.currentThread() != caller && number.getAndIncrement() == 0) {
                        throw new ArithmeticException("a defect");
                      }
                    },
                    4))
        .isInstanceOf(ArithmeticException.class);
    assertThat(ended).hasValue(4);
  }

  @Test
  void anInterruptDoesNotEndTheWaitingAndIsKept() {
    FilePlatform platform = new FilePlatform();
    AtomicInteger ended = new AtomicInteger();
    Thread caller = Thread.currentThread();
    caller.interrupt();
    platform.runParallel(
        () -> {
          if (Thread.currentThread() != caller) {
            Thread.yield();
          }
          ended.incrementAndGet();
        },
        3);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ended).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 257})
  void otherNumbersAreRefused(int threads) {
    assertThatThrownBy(() -> Options.existing().indexingThreads(threads))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("indexingThreads is " + threads + "; it must be 1 to 256.");
  }

  @Test
  void severalThreadsLinkABulkLoadBesideSearches() {
    Options options =
        Options.of(DIMENSION, Metric.L2)
            .durability(Durability.RELAXED)
            .checkpointPolicy(CheckpointPolicy.MANUAL)
            .indexingThreads(3);
    assertThat(options.salvage(false).createIfMissing(true).indexingThreads()).isEqualTo(3);
    Random random = new Random(1);
    float[][] vectors = new float[12_000][DIMENSION];
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < vectors.length; i++) {
      for (int j = 0; j < DIMENSION; j++) {
        vectors[i][j] = random.nextFloat();
      }
      batch.put("id" + i, vectors[i]);
    }
    try (VectorDatabase db = EdgeVec.open(folder.resolve("db"), options)) {
      db.write(batch);
      while (db.stats().tailEntries() > 0) {
        int number = random.nextInt(vectors.length);
        Hit nearest = db.search(SearchRequest.of(vectors[number], 1)).get(0);
        assertThat(nearest.score()).isLessThan(0.5f);
      }
      db.awaitIndexed(ProgressListener.NONE);
      int found = 0;
      for (int i = 0; i < vectors.length; i += 10) {
        Hit nearest = db.search(SearchRequest.of(vectors[i], 1)).get(0);
        found += nearest.id().equals("id" + i) ? 1 : 0;
      }
      assertThat(found).isGreaterThan(1190);
      assertThat(db.stats().indexedEntries()).isEqualTo(vectors.length);
      assertThat(db.stats().maintenanceError()).isNull();
    }
  }
}
