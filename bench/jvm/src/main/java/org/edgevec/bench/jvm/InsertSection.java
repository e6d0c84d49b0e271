package org.edgevec.bench.jvm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.edgevec.bench.Percentiles;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;
import org.jspecify.annotations.Nullable;

/** How fast vectors become durable: one at a time, from many threads, in batches; beside SQLite. */
final class InsertSection implements Section {

  private static final int DIMENSION = 128;
  private static final int BATCH = 1_000;

  /** A way of writing, and its sizes in a quick and in a full run. */
  private record Way(String name, int threads, int batch, int quickCalls, int calls) {}

  /** A store's JVM, and what it reached in each way. */
  private static final class Store {
    final String name;
    final Child child;
    final List<List<WriteTask.Reached>> rounds = new ArrayList<>();

    Store(String name, Child child) {
      this.name = name;
      this.child = child;
      for (int i = 0; i < WAYS.size(); i++) {
        rounds.add(new ArrayList<>());
      }
    }
  }

  private static final List<Way> WAYS =
      List.of(
          new Way("one put at a time", 1, 1, 20, 500),
          new Way("4 threads, one put at a time each", 4, 1, 10, 500),
          new Way("16 threads, one put at a time each", 16, 1, 5, 200),
          new Way("64 threads, one put at a time each", 64, 1, 3, 100),
          new Way("batches of " + BATCH, 1, BATCH, 2, 20));

  @Override
  public void run(Settings settings, Report report) throws Exception {
    report.section("Durable writes");
    List<Store> stores = new ArrayList<>();
    try {
      for (Map.Entry<String, @Nullable Path> build : settings.builds().entrySet()) {
        stores.add(
            new Store(
                build.getKey(),
                settings.startEdgeVec(WriteTask.OfEdgeVec.class, build.getValue())));
      }
      stores.add(new Store("SQLite", settings.startEdgeVec(WriteTask.OfSqlite.class)));
      for (Store store : stores) {
        String folder = settings.work().resolve("writes-" + stores.indexOf(store)).toString();
        store.child.ask("open", new WriteTask.Open(folder, DIMENSION), PeerTask.Text.class);
        for (Way way : WAYS) {
          // Once for nothing, so that the code is compiled.
          measure(settings, store, way);
        }
      }
      for (int round = 0; round < settings.rounds(); round++) {
        for (int way = 0; way < WAYS.size(); way++) {
          for (Store store : stores) {
            store.rounds.get(way).add(measure(settings, store, WAYS.get(way)));
          }
        }
        Progress.tell("durable writes: round %d of %d is over", round + 1, settings.rounds());
      }
    } finally {
      for (Store store : stores) {
        store.child.close();
      }
    }
    tell(stores, report);
  }

  private static WriteTask.Reached measure(Settings settings, Store store, Way way)
      throws Exception {
    WriteTask.Load load =
        new WriteTask.Load(
            way.threads(), settings.size(way.quickCalls(), way.calls()), way.batch());
    return store.child.ask("write", load, WriteTask.Reached.class);
  }

  private static void tell(List<Store> stores, Report report) {
    report.text(
        "Vectors of "
            + DIMENSION
            + " floats. EdgeVec: strict, with its graph being linked and checkpoints made behind."
            + " SQLite: WAL, synchronous = FULL, one connection, a blob for each vector; no graph."
            + " Medians of rounds that alternate; a call returns when the disk has confirmed.");
    Table table =
        new Table(
            "Durable writes",
            "how",
            "store",
            "vectors/s",
            "P50 ms",
            "P99 ms",
            "calls a sync",
            "EdgeVec's rate / this");
    for (int way = 0; way < WAYS.size(); way++) {
      double edgeVec = median(stores.get(0).rounds.get(way), WriteTask.Reached::perSecond);
      for (Store store : stores) {
        List<WriteTask.Reached> rounds = store.rounds.get(way);
        double rate = median(rounds, WriteTask.Reached::perSecond);
        double perSync = median(rounds, WriteTask.Reached::perSync);
        table.row(
            WAYS.get(way).name(),
            store.name,
            String.format("%,.0f", rate),
            String.format("%.3f", median(rounds, WriteTask.Reached::p50Millis)),
            String.format("%.3f", median(rounds, WriteTask.Reached::p99Millis)),
            perSync == 0 ? "–" : String.format("%.1f", perSync),
            String.format("%.2f", edgeVec / rate));
      }
    }
    report.table(table);
    for (Store store : stores) {
      report.value(store.name, store.rounds);
    }
  }

  private static double median(
      List<WriteTask.Reached> rounds, ToDoubleFunction<WriteTask.Reached> figure) {
    return new Percentiles(rounds.stream().mapToDouble(figure).toArray()).median();
  }
}
