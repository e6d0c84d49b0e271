package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.edgevec.DatabaseClosedException;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Far more threads than processors: everybody gets on, and who closes is not overtaken. */
@Timeout(120)
final class BusyDatabaseTest {

  private static final int WRITERS = 64;
  private static final int READERS = 32;
  private static final int DIMENSION = 16;

  @TempDir private Path folder;

  private final AtomicLongArray done = new AtomicLongArray(WRITERS + READERS);
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /** Sorted nanoseconds that calls took. */
  private static final class Latencies {
    private final ConcurrentLinkedQueue<Long> all = new ConcurrentLinkedQueue<>();

    void time(Runnable call) {
      long start = System.nanoTime();
      call.run();
      all.add(System.nanoTime() - start);
    }

    @Override
    public String toString() {
      long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
      return sorted.length
          + " calls, ms: median "
          + millis(sorted[sorted.length / 2])
          + ", P99 "
          + millis(sorted[sorted.length * 99 / 100])
          + ", longest "
          + millis(sorted[sorted.length - 1]);
    }

    private static double millis(long nanos) {
      return nanos / 10_000 / 100.0;
    }
  }

  private interface Call {
    void run(Random random, float[] vector);
  }

  private Thread start(int number, Call call) {
    Thread thread =
        new Thread(
            () -> {
              Random random = new Random(number);
              float[] vector = new float[DIMENSION];
              try {
                while (true) {
                  for (int i = 0; i < DIMENSION; i++) {
                    vector[i] = random.nextFloat();
                  }
                  call.run(random, vector);
                  done.incrementAndGet(number);
                }
              } catch (DatabaseClosedException e) {
                // This is how it ends.
              } catch (RuntimeException | Error e) {
                failures.add(e);
              }
            });
    thread.start();
    return thread;
  }

  @Test
  void everybodyGetsOn() throws Exception {
    VectorDatabase db = EdgeVec.open(folder, Options.of(DIMENSION, Metric.L2));
    for (int i = 0; i < 500; i++) {
      db.put("id" + i, new float[] {i, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    }
    Latencies puts = new Latencies();
    Latencies searches = new Latencies();
    Latencies gets = new Latencies();
    Latencies checkpoints = new Latencies();
    Latencies checks = new Latencies();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      String id = "w" + i + "-";
      threads.add(start(i, (random, v) -> puts.time(() -> db.put(id + random.nextInt(50), v))));
    }
    for (int i = 0; i < READERS; i++) {
      threads.add(
          start(
              WRITERS + i,
              (random, v) -> {
                searches.time(() -> db.search(SearchRequest.of(v, 10)));
                gets.time(() -> db.get("id" + random.nextInt(500)));
              }));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
    while (System.nanoTime() < end || minimum() == 0) {
      checkpoints.time(db::checkpoint);
      checks.time(() -> db.verify(ProgressListener.NONE));
    }
    Latencies closing = new Latencies();
    closing.time(db::close);
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println(WRITERS + " writers, " + READERS + " readers");
    System.out.println("put: " + puts);
    System.out.println("search: " + searches);
    System.out.println("get: " + gets);
    System.out.println("checkpoint: " + checkpoints);
    System.out.println("verify: " + checks);
    System.out.println("close: " + closing);
    assertThat(failures).isEmpty();
    assertThat(minimum()).as("calls of the slowest thread").isPositive();
    try (VectorDatabase reopened = EdgeVec.open(folder)) {
      assertThat(reopened.size()).isGreaterThan(500);
    }
  }

  private long minimum() {
    long[] counts = new long[done.length()];
    Arrays.setAll(counts, done::get);
    return Arrays.stream(counts).min().orElseThrow();
  }

  /** Those that waited for a processor in the middle would hold up every write. */
  @Test
  void noMoreSearchAtATimeThanThereAreProcessors() throws Exception {
    FilePlatform platform = new FilePlatform();
    int processors = Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < processors; i++) {
      platform.beginSearch();
    }
    Thread next =
        new Thread(
            () -> {
              platform.beginSearch();
              platform.endSearch();
            });
    next.start();
    while (next.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    platform.endSearch();
    next.join();
  }
}
