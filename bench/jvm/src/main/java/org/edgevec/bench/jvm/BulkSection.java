package org.edgevec.bench.jvm;

import org.edgevec.bench.DataSpec;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;
import org.edgevec.shape.ClusteredVectors;

/** A bulk load, linked by one thread and by two, and searches beside it. */
final class BulkSection implements Section {

  private static final int EF = 64;

  @Override
  public void run(Settings settings, Report report) throws Exception {
    report.section("Bulk loads, and searches beside them");
    report.text(
        String.format(
            "Clustered vectors in batches of 1,000, L2, ef %d, strict durability. Loaded first with"
                + " nobody searching, then a quarter as many again while one thread searches, which"
                + " holds the writer back. Ready is when all are linked. This machine has %d"
                + " processors; the linking threads, the writer and the searcher share them.",
            EF, Runtime.getRuntime().availableProcessors()));
    Table table =
        new Table(
            "Bulk loads; the aim for P99 is at most 5 times the quiet one's",
            "vectors",
            "threads link",
            "loaded/s",
            "ready/s",
            "recall@10",
            "quiet P50 µs",
            "quiet P99 µs",
            "P50 beside",
            "P99 beside",
            "P99 / quiet P99",
            "written/s beside",
            "longest tail");
    for (int dimension : new int[] {settings.size(16, 128), settings.size(32, 384)}) {
      for (int count : settings.isQuick() ? new int[] {4_000} : new int[] {50_000, 200_000}) {
        for (int threads = 1; threads <= 2; threads++) {
          BulkTask.Measured measured = measure(settings, count, dimension, threads);
          table.row(row(count, dimension, threads, measured));
          report.value(count + " x " + dimension + ", " + threads + " threads", measured);
          Progress.tell("bulk: %,d x %d by %d threads is over", count, dimension, threads);
        }
      }
    }
    report.table(table);
    report.table(peer(settings));
  }

  private static BulkTask.Measured measure(Settings settings, int count, int dimension, int threads)
      throws Exception {
    try (Child child = settings.startEdgeVec(BulkTask.class)) {
      BulkTask.Load load =
          new BulkTask.Load(
              settings.work().resolve("bulk").toString(),
              count,
              count / 4,
              dimension,
              threads,
              EF,
              settings.size(100, 3_000),
              settings.parameters());
      return child.ask("measure", load, BulkTask.Measured.class);
    }
  }

  private static String[] row(int count, int dimension, int threads, BulkTask.Measured measured) {
    return new String[] {
      String.format("%,d × %d", count, dimension),
      Integer.toString(threads),
      String.format("%,.0f", measured.loadedPerSecond()),
      String.format("%,.0f", measured.readyPerSecond()),
      String.format("%.4f", measured.recall()),
      String.format("%.0f", measured.quietP50Micros()),
      String.format("%.0f", measured.quietP99Micros()),
      String.format("%.0f", measured.besideP50Micros()),
      String.format("%.0f", measured.besideP99Micros()),
      String.format("%.1f", measured.besideP99Micros() / measured.quietP99Micros()),
      String.format("%,.0f", measured.writtenPerSecond()),
      String.format("%,d", measured.longestTail())
    };
  }

  /** How much faster the peer in Java builds with two threads. */
  private static Table peer(Settings settings) throws InterruptedException {
    Table table = new Table("hnswlib-core's build", "vectors", "threads", "built/s");
    int dimension = settings.size(16, 128);
    int count = settings.size(2_000, 50_000);
    float[][] base = new ClusteredVectors(dimension, DataSpec.SEED).base(0, count);
    for (int threads = 1; threads <= 2; threads++) {
      double seconds = HnswlibPeer.buildParallel(base, settings.parameters(), threads);
      table.row(
          String.format("%,d × %d", count, dimension),
          Integer.toString(threads),
          String.format("%,.0f", count / seconds));
    }
    return table;
  }
}
