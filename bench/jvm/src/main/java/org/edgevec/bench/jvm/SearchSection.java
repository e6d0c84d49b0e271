package org.edgevec.bench.jvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.edgevec.bench.DataSet;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.Plot;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;

/**
 * Build time, and queries a second against recall, of EdgeVec and its peers, one thread each.
 *
 * <p>For each peer the recall at ever larger {@code ef} is found first, which warms it up; between
 * those the smallest {@code ef} that reaches each target is looked for. Then all are timed in
 * rounds that alternate between peers, and the median of the rounds counts.
 */
final class SearchSection implements Section {

  private static final double[] TARGETS = {0.9, 0.95, 0.99, 0.999};
  private static final double ENOUGH = 0.9995;
  private static final double LEAST_SHOWN = 0.85;
  private static final int[] LADDER = {
    10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160, 200, 250, 320, 400, 500, 640, 800, 1000,
    1300, 1600, 2000
  };

  private final boolean isSearching;

  /**
   * @param isSearching whether to search what is built
   */
  SearchSection(boolean isSearching) {
    this.isSearching = isSearching;
  }

  @Override
  public void run(Settings settings, Report report) throws Exception {
    for (String spec : settings.data()) {
      DataSet data = DataSpec.load(spec, settings.queries());
      Workload workload = Workload.prepare(data, Contender.K, settings.work().resolve("data"));
      data = null;
      report.section((isSearching ? "Build and search: " : "Build: ") + workload.name());
      run(settings, workload, report);
    }
  }

  private void run(Settings settings, Workload workload, Report report) throws Exception {
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Peers peer : settings.peers()) {
        if (settings.canRun(peer, report)) {
          contenders.add(Contender.start(settings, workload, peer));
        }
      }
      build(settings, contenders);
      tellWho(settings, contenders, report);
      tellBuilds(settings, contenders, report);
      if (isSearching) {
        for (Contender contender : contenders) {
          scan(contender);
        }
        time(settings, contenders);
        tell(workload, contenders, report);
      }
    } finally {
      for (Contender contender : contenders) {
        contender.close();
      }
    }
  }

  private static void build(Settings settings, List<Contender> contenders) throws Exception {
    for (int round = 0; round < settings.buildRounds(); round++) {
      for (Contender contender : contenders) {
        for (int way = 0; way < contender.built.size(); way++) {
          contender.build(settings, way);
        }
      }
    }
  }

  /** Finds recalls up the ladder until there is enough, then the least ef for each target. */
  private static void scan(Contender contender) throws Exception {
    for (int ef : LADDER) {
      if (contender.recall(ef) >= ENOUGH) {
        break;
      }
    }
    for (double target : TARGETS) {
      contender.narrow(target);
    }
    Progress.tell("%s: recall by ef %s", contender.peer.label(), contender.recalls);
  }

  private static void time(Settings settings, List<Contender> contenders) throws Exception {
    for (Contender contender : contenders) {
      for (int ef : timedEfs(contender)) {
        contender.timed.put(ef, new ArrayList<>());
      }
    }
    for (int round = 0; round < settings.rounds(); round++) {
      for (int step = 0; step < LADDER.length + TARGETS.length; step++) {
        for (Contender contender : contenders) {
          time(settings, contender, step);
        }
      }
      Progress.tell("round %d of %d is over", round + 1, settings.rounds());
    }
  }

  private static void time(Settings settings, Contender contender, int step) throws Exception {
    List<Integer> efs = List.copyOf(contender.timed.keySet());
    if (step < efs.size()) {
      contender.time(efs.get(step), settings.searchMillis());
    }
  }

  /** Those of the ladder that say something, and those that reach a target. */
  private static List<Integer> timedEfs(Contender contender) {
    List<Integer> targets = new ArrayList<>();
    for (double target : TARGETS) {
      targets.add(contender.efFor(target));
    }
    List<Integer> result = new ArrayList<>();
    contender.recalls.forEach(
        (ef, recall) -> {
          boolean isStep = Arrays.binarySearch(LADDER, ef) >= 0;
          if (targets.contains(ef) || isStep && recall >= LEAST_SHOWN) {
            result.add(ef);
          }
        });
    return result;
  }

  private static void tell(Workload workload, List<Contender> contenders, Report report)
      throws Exception {
    for (double target : TARGETS) {
      tellTarget(target, contenders, report);
    }
    Table sweep = new Table("Recall against QPS", "index", "ef", "recall@10", "QPS");
    Plot plot = new Plot(workload.name() + ", one thread", "recall@10", "queries a second");
    for (Contender contender : contenders) {
      tellSweep(contender, sweep, plot);
    }
    report.table(sweep);
    report.plot("recall-" + workload.key(), plot);
  }

  private static void tellWho(Settings settings, List<Contender> contenders, Report report)
      throws Exception {
    report.text(
        String.format(
            "M %d, efConstruction %d, L2, one thread, a JVM for each with a heap of %s; %d queries,"
                + " %d rounds that alternate, medians.",
            settings.parameters().m(),
            settings.parameters().efConstruction(),
            settings.heap(),
            settings.queries(),
            settings.rounds()));
    Table who = new Table("Who", "index", "what");
    for (Contender contender : contenders) {
      String what = contender.child.ask("describe", Map.of(), PeerTask.Text.class).text();
      who.row(contender.peer.label(), what);
    }
    report.table(who);
  }

  private static void tellBuilds(Settings settings, List<Contender> contenders, Report report) {
    Table table =
        new Table(
            "Build (median of " + settings.buildRounds() + ")",
            "index",
            "how",
            "seconds",
            "CPU seconds",
            "EdgeVec's graph / this",
            "EdgeVec's durable / this");
    for (Contender contender : contenders) {
      for (int way = 0; way < contender.built.size(); way++) {
        double seconds = contender.medianBuildSeconds(way);
        table.row(
            contender.peer.label(),
            contender.peer.ways().get(way),
            String.format("%.1f", seconds),
            String.format("%.1f", contender.medianBuildCpuSeconds(way)),
            ratio(edgeVecSeconds(contenders, EdgeVecPeer.GRAPH), seconds),
            ratio(edgeVecSeconds(contenders, EdgeVecPeer.DURABLE), seconds));
        report.value("build " + contender.peer.key() + " " + way, contender.built.get(way));
      }
    }
    report.table(table);
  }

  private static double edgeVecSeconds(List<Contender> contenders, String way) {
    return contenders.stream()
        .filter(contender -> contender.peer == Peers.EDGEVEC)
        .mapToDouble(contender -> contender.medianBuildSeconds(Peers.EDGEVEC.ways().indexOf(way)))
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String ratio(double a, double b) {
    return Double.isNaN(a) ? "–" : String.format("%.2f", a / b);
  }

  private static void tellTarget(double target, List<Contender> contenders, Report report)
      throws Exception {
    Table table =
        new Table(
            "recall@10 ≥ " + target,
            "index",
            "ef",
            "recall@10",
            "QPS",
            "best QPS",
            "P50 µs",
            "P99 µs",
            "EdgeVec's QPS / this",
            "QPS by CPU time",
            "EdgeVec's / this");
    double qps = edgeVec(contenders, target, PeerTask.Timed::qps);
    double cpuQps = edgeVec(contenders, target, PeerTask.Timed::cpuQps);
    for (Contender contender : contenders) {
      int ef = contender.efFor(target);
      if (ef == 0) {
        table.row(contender.peer.label(), "–", "not reached", "–", "–", "–", "–", "–", "–", "–");
      } else {
        table.row(
            contender.peer.label(),
            Integer.toString(ef),
            String.format("%.4f", contender.recall(ef)),
            String.format("%,.0f", contender.medianQps(ef)),
            String.format("%,.0f", contender.figures(ef, PeerTask.Timed::qps).max()),
            String.format("%.0f", contender.median(ef, PeerTask.Timed::p50Micros)),
            String.format("%.0f", contender.median(ef, PeerTask.Timed::p99Micros)),
            ratio(qps, contender.medianQps(ef)),
            String.format("%,.0f", contender.median(ef, PeerTask.Timed::cpuQps)),
            ratio(cpuQps, contender.median(ef, PeerTask.Timed::cpuQps)));
      }
    }
    report.table(table);
  }

  /** EdgeVec's median at the least ef for a recall, or NaN. */
  private static double edgeVec(
      List<Contender> contenders, double target, ToDoubleFunction<PeerTask.Timed> figure) {
    return contenders.stream()
        .filter(contender -> contender.peer == Peers.EDGEVEC && contender.efFor(target) > 0)
        .mapToDouble(contender -> contender.median(contender.efFor(target), figure))
        .findFirst()
        .orElse(Double.NaN);
  }

  private static void tellSweep(Contender contender, Table sweep, Plot plot) {
    List<Double> recalls = new ArrayList<>();
    List<Double> qps = new ArrayList<>();
    contender.timed.forEach(
        (ef, timed) -> {
          recalls.add(contender.recalls.get(ef));
          qps.add(contender.medianQps(ef));
          sweep.row(
              contender.peer.label(),
              Integer.toString(ef),
              String.format("%.4f", contender.recalls.get(ef)),
              String.format("%,.0f", contender.medianQps(ef)));
        });
    plot.line(contender.peer.label(), array(recalls), array(qps));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(value -> value).toArray();
  }
}
