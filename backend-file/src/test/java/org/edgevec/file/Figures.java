package org.edgevec.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.RecoveryReport;
import org.edgevec.Stats;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.storage.Durability;

/**
 * Prints what replay, checkpoints and durable writes cost on this machine. It measures and judges
 * nothing; a target is printed beside a figure that has one.
 */
public final class Figures {

  private static final int DIMENSION = 128;
  private static final int ENTRIES = 10_000;
  private static final int BATCH = 1_000;
  private static final int COLD_RUNS = 5;
  private static final int WARM_RUNS = 40;
  private static final int WARM_UP_PUTS = 200;
  private static final int SINGLE_PUTS = 2_000;
  private static final int BATCHES = 60;
  private static final int THREADS = 4;
  private static final int PUTS_PER_THREAD = 1_000;

  /** Nothing but what is measured should happen. */
  private static final Options STRICT =
      Options.of(DIMENSION, Metric.COSINE).checkpointPolicy(CheckpointPolicy.MANUAL);

  private final Path parent;
  private final SplitMix64 random = new SplitMix64(42);

  private Figures(Path parent) {
    this.parent = parent;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path work = Files.createDirectories(Path.of("target")).toAbsolutePath();
    Figures figures = new Figures(Files.createTempDirectory(work, "figures-"));
    try {
      System.out.printf(
          "EdgeVec on the JVM: Java %s, %s %s, %d processors; vectors of %d floats, cosine%n",
          System.getProperty("java.version"),
          System.getProperty("os.name"),
          System.getProperty("os.arch"),
          Runtime.getRuntime().availableProcessors(),
          DIMENSION);
      figures.replay("10,000 batches of 1", 1);
      figures.replay("10 batches of 1,000", BATCH);
      figures.checkpoint();
      figures.durableWrites();
    } finally {
      FolderContent.deleteAll(figures.parent);
    }
  }

  // Replay

  private void replay(String what, int batchSize) throws IOException, InterruptedException {
    Path folder = parent.resolve("replay-" + batchSize);
    try (VectorDatabase db = EdgeVec.open(folder, STRICT.durability(Durability.RELAXED))) {
      write(db, ENTRIES, batchSize);
    }
    title("open, replaying 10,000 log entries (" + what + ")");
    double[] cold = new double[COLD_RUNS];
    long[] coldReported = new long[COLD_RUNS];
    for (int i = 0; i < COLD_RUNS; i++) {
      String[] words = coldOpen(folder).split(" ", -1);
      requireReplayed(Long.parseLong(words[2]));
      cold[i] = millis(Long.parseLong(words[0]));
      coldReported[i] = Long.parseLong(words[1]);
    }
    row("first thing in a new JVM", spread(cold) + reported(coldReported) + "target < 100 ms");
    double[] warm = new double[WARM_RUNS];
    long[] warmReported = new long[WARM_RUNS];
    for (int i = 0; i < WARM_RUNS; i++) {
      long begin = System.nanoTime();
      try (VectorDatabase db = EdgeVec.open(folder)) {
        warm[i] = millis(System.nanoTime() - begin);
        RecoveryReport report = db.recoveryReport();
        requireReplayed(report.replayedRecords());
        warmReported[i] = report.durationMillis();
      }
    }
    row("first in the JVM that wrote it", String.format("%.1f ms", warm[0]));
    // The second half: by then the code is compiled.
    int half = WARM_RUNS / 2;
    row(
        "warm",
        spread(Arrays.copyOfRange(warm, half, WARM_RUNS))
            + reported(Arrays.copyOfRange(warmReported, half, WARM_RUNS))
            + "target < 25 ms");
  }

  private static String coldOpen(Path folder) throws IOException, InterruptedException {
    try (ChildJvm child = ChildJvm.start(ColdOpen.class, List.of(), folder.toString())) {
      String line = child.output().readLine();
      if (child.finish() != 0 || line == null) {
        throw new IllegalStateException("the opening process failed");
      }
      return line;
    }
  }

  private static void requireReplayed(long records) {
    if (records != ENTRIES) {
      throw new IllegalStateException(records + " records were replayed, not " + ENTRIES);
    }
  }

  // Checkpoint

  private void checkpoint() {
    title("log before and after a checkpoint of 10,000 entries");
    try (VectorDatabase db = EdgeVec.open(parent.resolve("checkpoint"), STRICT)) {
      write(db, ENTRIES, BATCH);
      Stats before = db.stats();
      long begin = System.nanoTime();
      db.checkpoint();
      double millis = millis(System.nanoTime() - begin);
      Stats after = db.stats();
      row("before", String.format("%,d bytes that opening would replay", before.logBytes()));
      row(
          "after",
          String.format(
              "%,d bytes: %.2f %% less; target >= 99 %%",
              after.logBytes(),
              100.0 * (before.logBytes() - after.logBytes()) / before.logBytes()));
      row("kept for the snapshot before", String.format("%,d bytes", after.retainedLogBytes()));
      row("the checkpoint took", String.format("%.1f ms", millis));
      write(db, 100, 1);
      db.checkpoint();
      row(
          "kept after one more checkpoint",
          String.format("%,d bytes (100 entries)", db.stats().retainedLogBytes()));
    }
  }

  // Durable writes

  private void durableWrites() throws IOException, InterruptedException {
    title("durable writes (strict: returned after the disk confirmed)");
    Path folder = parent.resolve("writes");
    try (VectorDatabase db = EdgeVec.open(folder, STRICT)) {
      write(db, WARM_UP_PUTS, 1);
      double[] single = new double[SINGLE_PUTS];
      for (int i = 0; i < SINGLE_PUTS; i++) {
        float[] vector = vector();
        long begin = System.nanoTime();
        db.put("single-" + i, vector, metadata(i));
        single[i] = millis(System.nanoTime() - begin);
      }
      Arrays.sort(single);
      row(
          "one put at a time",
          String.format(
              "median %.2f ms, 99th percentile %.2f ms",
              percentile(single, 0.5), percentile(single, 0.99)));
      batches(db);
      groupCommit(db);
    }
  }

  private void batches(VectorDatabase db) {
    List<WriteBatch> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(batch(i * BATCH, BATCH));
    }
    long begin = System.nanoTime();
    for (WriteBatch batch : batches) {
      db.write(batch);
    }
    double seconds = millis(System.nanoTime() - begin) / 1000;
    row("batches of 1,000", String.format("%,.0f vectors/s", BATCHES * BATCH / seconds));
  }

  private void groupCommit(VectorDatabase db) throws InterruptedException {
    Stats before = db.stats();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int number = t;
      float[] vector = vector();
      Thread thread = new Thread(() -> putMany(db, go, number, vector));
      thread.start();
      threads.add(thread);
    }
    long begin = System.nanoTime();
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = millis(System.nanoTime() - begin) / 1000;
    Stats after = db.stats();
    long puts = after.batches() - before.batches();
    if (puts != THREADS * PUTS_PER_THREAD) {
      throw new IllegalStateException("a writer failed: " + puts + " puts were acknowledged");
    }
    row(
        "4 writers, one put at a time",
        String.format(
            "%,.0f puts/s, %.1f puts for each sync",
            puts / seconds, puts / (double) (after.syncs() - before.syncs())));
  }

  private static void putMany(VectorDatabase db, CountDownLatch go, int thread, float[] vector) {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
    for (int i = 0; i < PUTS_PER_THREAD; i++) {
      db.put("thread-" + thread + "-" + i, vector, metadata(i));
    }
  }

  // Entries

  private void write(VectorDatabase db, int count, int batchSize) {
    for (int from = 0; from < count; from += batchSize) {
      db.write(batch(from, batchSize));
    }
  }

  private WriteBatch batch(int from, int count) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < from + count; i++) {
      batch.put("entry-" + i, vector(), metadata(i));
    }
    return batch;
  }

  private static Metadata metadata(int number) {
    return Metadata.of("title", "Entry " + number, "year", 2000 + number % 30);
  }

  private float[] vector() {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }

  // Numbers

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  private static String spread(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return String.format("best %.1f ms, median %.1f ms", sorted[0], percentile(sorted, 0.5));
  }

  /** What the recovery reports said, which do not count the taking of the folder's lock. */
  private static String reported(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return " (median of the reports: " + sorted[sorted.length / 2] + " ms); ";
  }

  private static double percentile(double[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  }

  private static void title(String text) {
    System.out.printf("%n%s%n", text);
  }

  private static void row(String name, String value) {
    System.out.printf("  %-32s %s%n", name, value);
  }
}
