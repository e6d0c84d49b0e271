package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.edgevec.CheckpointPolicy;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.ProgressListener;
import org.edgevec.Stats;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.storage.Durability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The maintenance's own thread: when the writers rest, it does what is left, unasked. */
@Timeout(120)
final class IndexAtRestTest {

  private static final int DIMENSION = 4;
  private static final int ROUNDS = 100;

  /** Far longer than a slice takes, and than a thread waits for its turn. */
  private static final long PATIENCE_MILLIS = 20_000;

  @TempDir Path folder;

  private final Random random = new Random(20261130);

  private VectorDatabase open(CheckpointPolicy policy) {
    Options options =
        Options.of(DIMENSION, Metric.L2)
            .durability(Durability.RELAXED)
            .hnsw(HnswOptions.of(4, 10).minEntries(1))
            .checkpointPolicy(policy);
    return EdgeVec.open(folder.resolve("db"), options);
  }

  private WriteBatch puts(int from, int count) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[DIMENSION];
      for (int j = 0; j < DIMENSION; j++) {
        vector[j] = random.nextFloat();
      }
      batch.put("id" + (from + i), vector);
    }
    return batch;
  }

  private static WriteBatch deletes(int from, int count) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < count; i++) {
      batch.delete("id" + (from + i));
    }
    return batch;
  }

  private static void awaitStats(VectorDatabase db, String what, Predicate<Stats> wanted)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!wanted.test(db.stats())) {
      assertThat(System.nanoTime()).as("%s in time: %s", what, db.stats()).isLessThan(end);
      Thread.sleep(1);
    }
  }

  private static void awaitTail(VectorDatabase db) throws InterruptedException {
    awaitStats(db, "all linked", stats -> stats.tailEntries() == 0);
    assertThat(db.stats().maintenanceError()).isNull();
  }

  @Test
  void aLargeWriteBehindASmallOneIsLinked() throws InterruptedException {
    try (VectorDatabase db = open(CheckpointPolicy.MANUAL)) {
      for (int round = 0; round < ROUNDS / 4; round++) {
        db.write(puts(0, 30));
        db.write(puts(30, 500));
        awaitTail(db);
      }
    }
  }

  @Test
  void twoSingleWritesAreLinked() throws InterruptedException {
    try (VectorDatabase db = open(CheckpointPolicy.MANUAL)) {
      for (int round = 0; round < ROUNDS; round++) {
        db.write(puts(2 * round, 1));
        db.write(puts(2 * round + 1, 1));
        awaitTail(db);
      }
    }
  }

  /** First the graph lets go of what was deleted, and then memory and disk do. */
  @Test
  void whatWasDeletedIsTakenOutAndItsSpaceComesBack() throws InterruptedException {
    try (VectorDatabase db = open(CheckpointPolicy.DEFAULT)) {
      for (int round = 0; round < 5; round++) {
        db.write(puts(0, 5_000));
        awaitTail(db);
        db.checkpoint();
        long segmentBytes = db.stats().segmentBytes();
        db.write(deletes(0, 50));
        db.write(deletes(50, 4_000));
        awaitStats(db, "purged", stats -> stats.indexedEntries() <= stats.size() * 5 / 4);
        awaitStats(db, "dropped", stats -> stats.deadEntries() <= stats.size() / 2);
        awaitStats(db, "stored", stats -> stats.segmentBytes() < segmentBytes / 2);
        assertThat(db.stats().maintenanceError()).isNull();
      }
    }
  }

  /** What it waits for is what was there when it began, wherever checkpoints move that. */
  @Test
  void awaitIndexedComesBackBesideAWriterThatNeverRests() throws InterruptedException {
    try (VectorDatabase db = open(CheckpointPolicy.MANUAL)) {
      db.write(puts(0, 3_000));
      AtomicBoolean stop = new AtomicBoolean();
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; !stop.get(); i++) {
                  db.write(puts(i % 30 * 100, 400));
                  if (i % 5 == 4) {
                    db.checkpoint();
                  }
                }
              });
      writer.start();
      try {
        for (int i = 0; i < 3; i++) {
          db.awaitIndexed(ProgressListener.NONE);
        }
        assertThat(writer.isAlive()).isTrue();
      } finally {
        stop.set(true);
        writer.join();
      }
      awaitTail(db);
    }
  }
}
