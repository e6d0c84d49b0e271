package org.edgevec.bench.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.Percentiles;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes from {@code open} to the first answer: of stores with a graph, beside Lucene's,
 * and of a log that is to be replayed; in a JVM that did it before, and in a new one. Also what
 * checkpoints cost.
 */
final class OpenSection implements Section {

  private static final int OPENS = 20;
  private static final int WARM_UPS = 10;
  private static final int COLD_OPENS = 5;
  private static final int K = 10;
  private static final int QUERIES = 10;

  private final Table opens =
      new Table(
          "From open to the first answer, ms",
          "store",
          "who",
          "JVM",
          "open P50",
          "EdgeVec's time / this",
          "open P99 (the worst of all)",
          "first search P50",
          "both P99");
  private final Table checkpoints =
      new Table(
          "Checkpoints", "store", "who", "ms", "ms, after 100 more entries", "MB in the folder");

  /** What opens, and from where. */
  private record Opener(String label, OpenTask.Open open, Starter starter) {}

  /** Starts a new JVM that can open. */
  private interface Starter {
    Child start() throws IOException;
  }

  @Override
  public void run(Settings settings, Report report) throws Exception {
    report.section("Opening, replay and checkpoints");
    report.text(
        String.format(
            "Files are in the page cache. Warm: %d opens in a JVM after %d others; new: as the first"
                + " thing that a new JVM does, %d times. Lucene maps files into memory and reads"
                + " them as searches need them; EdgeVec has all checked and read when open returns.",
            settings.size(3, OPENS), settings.size(1, WARM_UPS), settings.size(1, COLD_OPENS)));
    int count = settings.size(1_500, 100_000);
    for (int dimension : settings.isQuick() ? new int[] {16} : new int[] {128, 768}) {
      stores(settings, count, dimension, report);
    }
    int entries = settings.size(500, 10_000);
    int dimension = settings.size(16, 128);
    replay(settings, entries, dimension, 1, report);
    replay(settings, entries, dimension, settings.size(100, 1_000), report);
    report.table(opens);
    report.table(checkpoints);
  }

  private void stores(Settings settings, int count, int dimension, Report report) throws Exception {
    Workload workload =
        Workload.prepare(
            DataSpec.clustered(count, dimension, QUERIES), K, settings.work().resolve("data"));
    String name = String.format("%,d × %d with graph", count, dimension);
    List<Opener> openers = new ArrayList<>();
    for (Map.Entry<String, @Nullable Path> build : settings.builds().entrySet()) {
      openers.add(edgeVec(settings, workload, name, build.getKey(), build.getValue()));
    }
    if (settings.canRun(Peers.LUCENE, report) && settings.peers().contains(Peers.LUCENE)) {
      openers.add(lucene(settings, workload));
    }
    measure(settings, name, openers, report);
  }

  private Opener edgeVec(
      Settings settings, Workload workload, String name, String label, @Nullable Path build)
      throws IOException {
    String data = workload.folder().toString();
    String folder =
        settings.work().resolve("open-edgevec" + (build == null ? "" : "-other")).toString();
    try (Child child = settings.startEdgeVec(OpenTask.class, build)) {
      OpenTask.Stored stored =
          child.ask(
              "store",
              new OpenTask.Store(data, folder, settings.parameters()),
              OpenTask.Stored.class);
      checkpoints.row(
          name,
          label,
          String.format("%.0f", stored.checkpointMillis()),
          String.format("%.0f", stored.againMillis()),
          String.format("%.0f", stored.megabytes()));
    }
    return new Opener(
        label, new OpenTask.Open(folder, data), () -> settings.startEdgeVec(OpenTask.class, build));
  }

  private static Opener lucene(Settings settings, Workload workload) throws IOException {
    String data = workload.folder().toString();
    String folder = settings.work().resolve("open-lucene").toString();
    Starter starter =
        () ->
            Peers.LUCENE.start(settings.heap(), settings.luceneClassPath(), settings.otherBuild());
    try (Child child = starter.start()) {
      child.ask("load", new PeerTask.Load(data), PeerTask.Text.class);
      List<String> ways = Peers.LUCENE.ways();
      child.ask(
          "build",
          new PeerTask.Build(ways.get(ways.size() - 1), settings.parameters(), folder),
          PeerTask.Built.class);
    }
    return new Opener("Lucene", new OpenTask.Open(folder, data), starter);
  }

  private void replay(Settings settings, int entries, int dimension, int batch, Report report)
      throws Exception {
    Workload workload =
        Workload.prepare(
            DataSpec.clustered(1, dimension, QUERIES), 1, settings.work().resolve("data"));
    String folder = settings.work().resolve("open-log").toString();
    try (Child child = settings.startEdgeVec(OpenTask.class)) {
      child.ask("log", new OpenTask.Log(folder, entries, dimension, batch), PeerTask.Text.class);
    }
    OpenTask.Open open = new OpenTask.Open(folder, workload.folder().toString());
    List<Opener> openers = new ArrayList<>();
    settings
        .builds()
        .forEach(
            (label, build) ->
                openers.add(
                    new Opener(label, open, () -> settings.startEdgeVec(OpenTask.class, build))));
    String name =
        String.format("log of %,d × %d, batches of %,d, replayed", entries, dimension, batch);
    measure(settings, name, openers, report);
  }

  private void measure(Settings settings, String name, List<Opener> openers, Report report)
      throws IOException {
    List<Child> children = new ArrayList<>();
    List<List<OpenTask.Opened>> warm = new ArrayList<>();
    List<List<OpenTask.Opened>> cold = new ArrayList<>();
    for (Opener opener : openers) {
      children.add(opener.starter().start());
      warm.add(new ArrayList<>());
      cold.add(new ArrayList<>());
    }
    int warmUps = settings.size(1, WARM_UPS);
    for (int round = 0; round < warmUps + settings.size(3, OPENS); round++) {
      for (int i = 0; i < openers.size(); i++) {
        OpenTask.Opened opened =
            children.get(i).ask("open", openers.get(i).open(), OpenTask.Opened.class);
        if (round >= warmUps) {
          warm.get(i).add(opened);
        }
      }
    }
    for (Child child : children) {
      child.close();
    }
    for (int round = 0; round < settings.size(1, COLD_OPENS); round++) {
      for (int i = 0; i < openers.size(); i++) {
        try (Child child = openers.get(i).starter().start()) {
          cold.get(i).add(child.ask("open", openers.get(i).open(), OpenTask.Opened.class));
        }
      }
    }
    for (int i = 0; i < openers.size(); i++) {
      row(name, openers.get(i).label(), "warm", warm.get(0), warm.get(i));
      row(name, openers.get(i).label(), "new", cold.get(0), cold.get(i));
      report.value(name + ", " + openers.get(i).label(), warm.get(i));
    }
    Progress.tell("opened: %s", name);
  }

  private static Percentiles opening(List<OpenTask.Opened> times) {
    return new Percentiles(times.stream().mapToDouble(OpenTask.Opened::openMillis).toArray());
  }

  private void row(
      String name,
      String label,
      String jvm,
      List<OpenTask.Opened> ours,
      List<OpenTask.Opened> times) {
    Percentiles open = opening(times);
    Percentiles search =
        new Percentiles(times.stream().mapToDouble(OpenTask.Opened::searchMillis).toArray());
    Percentiles both =
        new Percentiles(
            times.stream().mapToDouble(t -> t.openMillis() + t.searchMillis()).toArray());
    opens.row(
        name,
        label,
        jvm,
        String.format("%.1f", open.median()),
        String.format("%.2f", opening(ours).median() / open.median()),
        String.format("%.1f", open.at(99)),
        String.format("%.2f", search.median()),
        String.format("%.1f", both.at(99)));
  }
}
