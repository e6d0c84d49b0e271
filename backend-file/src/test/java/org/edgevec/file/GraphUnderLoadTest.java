package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.edgevec.Hit;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searches beside writes, deletions, the building and mending of the graph, and checkpoints. */
@Timeout(120)
final class GraphUnderLoadTest {

  private static final int DIMENSION = 12;
  private static final int BATCH = 50;
  private static final Options OPTIONS =
      Options.of(DIMENSION, Metric.L2).hnsw(HnswOptions.of(8, 60).minEntries(200));

  @TempDir Path folder;

  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger deleted = new AtomicInteger();
  private final AtomicInteger searches = new AtomicInteger();
  private final AtomicInteger misses = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stop;

  private static float[] vector(int number) {
    Random random = new Random(number * 7919L);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat();
    }
    return vector;
  }

  @Test
  void whatIsAcknowledgedIsFoundAndWhatIsDeletedIsNot() throws InterruptedException {
    try (VectorDatabase db = EdgeVec.open(folder.resolve("db"), OPTIONS)) {
      List<Thread> threads = new ArrayList<>();
      threads.add(start(() -> search(db, new Random(1))));
      threads.add(start(() -> search(db, new Random(2))));
      threads.add(start(() -> checkpoint(db)));
      write(db);
      stop = true;
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
      assertThat(searches.get()).isPositive();
      assertThat(misses.get()).as("of %s searches", searches).isLessThan(1 + searches.get() / 100);
      db.awaitIndexed(ProgressListener.NONE);
      assertThat(db.stats().tailEntries()).isZero();
      db.checkpoint();
    }
    try (VectorDatabase db = EdgeVec.open(folder.resolve("db"))) {
      assertThat(db.stats().tailEntries()).as("the graph is loaded").isZero();
      assertThat(db.stats().indexedEntries()).isGreaterThanOrEqualTo(db.size());
      searchOnce(db, 2 * written.get() / 3);
      assertThat(failure.get()).isNull();
    }
  }

  private void write(VectorDatabase db) {
    for (int round = 0; round < 60; round++) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < BATCH; i++) {
        batch.put("id" + (round * BATCH + i), vector(round * BATCH + i));
      }
      db.write(batch);
      written.addAndGet(BATCH);
      if (round % 2 == 1) {
        WriteBatch removal = new WriteBatch();
        int from = deleted.getAndAdd(BATCH);
        for (int i = 0; i < BATCH; i++) {
          removal.delete("id" + (from + i));
        }
        db.write(removal);
      }
    }
  }

  private void search(VectorDatabase db, Random random) {
    while (!stop) {
      int from = deleted.get();
      int count = written.get() - from;
      if (count > BATCH) {
        searchOnce(db, from + BATCH + random.nextInt(count - BATCH));
      }
    }
  }

  private void searchOnce(VectorDatabase db, int number) {
    int deletedBefore = deleted.get() - BATCH; // The last deletion may be under way.
    List<Hit> hits = db.search(SearchRequest.of(vector(number), 5));
    searches.incrementAndGet();
    for (Hit hit : hits) {
      int found = Integer.parseInt(hit.id().substring(2));
      if (found < deletedBefore) {
        throw new AssertionError("id" + found + " is deleted and found");
      }
    }
    boolean isStillThere = number >= deleted.get();
    if (isStillThere && (hits.isEmpty() || !hits.get(0).id().equals("id" + number))) {
      misses.incrementAndGet();
    }
  }

  private void checkpoint(VectorDatabase db) {
    while (!stop) {
      db.checkpoint();
    }
  }

  private Thread start(Runnable task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
              }
            });
    thread.start();
    return thread;
  }
}
