package org.edgevec.bench.jvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.bench.DataSet;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.Plot;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;

/** How the query time of EdgeVec and of its peers grows with the number of vectors. */
final class PeerGrowthSection implements Section {

  private static final double RECALL = 0.99;
  private static final int LEAST = 10_000;
  private static final int STEP = 10;

  /** Who does not reach the recall with it is not timed. */
  private static final int MAX_EF = 1_000;

  private static final double MICROS = 1e6;

  /**
   * A query of one peer at one size.
   *
   * @param ef the smallest that reaches the recall, or the largest tried if none does
   * @param micros by the clock, the median of the rounds; not a number if the recall is not reached
   */
  private record Cost(int count, int ef, double recall, double micros, double buildSeconds) {}

  @Override
  public void run(Settings settings, Report report) throws Exception {
    int dimension = settings.size(16, 128);
    report.section("Growth beside peers");
    report.text(
        String.format(
            "Clustered, %d floats; one thread; ef is the smallest that reaches a recall@10 of %s."
                + " Every index is built anew for each size, in a JVM of its own with a heap of %s.",
            dimension, RECALL, settings.heap()));
    Map<Peers, List<Cost>> costs = new LinkedHashMap<>();
    for (Peers peer : settings.peers()) {
      if (settings.canRun(peer, report)) {
        costs.put(peer, new ArrayList<>());
      }
    }
    for (int count : counts(settings.growthMax())) {
      measure(settings, count, dimension, costs);
    }
    tell(costs, report);
  }

  /** Powers of ten, or the most alone where that is less. */
  private static List<Integer> counts(int max) {
    List<Integer> result = new ArrayList<>();
    for (int count = Math.min(LEAST, max); count <= max; count *= STEP) {
      result.add(count);
    }
    return result;
  }

  private static void measure(
      Settings settings, int count, int dimension, Map<Peers, List<Cost>> costs) throws Exception {
    DataSet data = DataSpec.clustered(count, dimension, Math.min(500, settings.queries()));
    Workload workload = Workload.prepare(data, Contender.K, settings.work().resolve("data"));
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Peers peer : costs.keySet()) {
        Contender contender = Contender.start(settings, workload, peer);
        contenders.add(contender);
        contender.build(settings, way(contender));
        findEf(contender);
      }
      for (int round = 0; round < settings.rounds(); round++) {
        for (Contender contender : contenders) {
          if (contender.efFor(RECALL) > 0) {
            contender.time(contender.efFor(RECALL), settings.searchMillis());
          }
        }
      }
      for (Contender contender : contenders) {
        costs.getOrDefault(contender.peer, List.of()).add(cost(contender, count));
      }
    } finally {
      for (Contender contender : contenders) {
        contender.close();
      }
    }
  }

  /** The last way of several: EdgeVec's durable one, Lucene's of one flush. */
  private static int way(Contender contender) {
    return contender.peer.ways().size() - 1;
  }

  private static void findEf(Contender contender) throws Exception {
    int ef = Contender.K;
    while (contender.recall(ef) < RECALL && ef < MAX_EF) {
      ef = Math.min(MAX_EF, ef * 3 / 2);
    }
    contender.narrow(RECALL);
    Progress.tell("%s: recall by ef %s", contender.peer.label(), contender.recalls);
  }

  private static Cost cost(Contender contender, int count) throws Exception {
    int ef = contender.efFor(RECALL);
    boolean isReached = ef > 0;
    int shown = isReached ? ef : MAX_EF;
    return new Cost(
        count,
        shown,
        contender.recall(shown),
        isReached ? MICROS / contender.medianQps(ef) : Double.NaN,
        contender.medianBuildSeconds(way(contender)));
  }

  private static void tell(Map<Peers, List<Cost>> costs, Report report) throws Exception {
    Table table =
        new Table(
            "Query time by size, recall@10 ≥ " + RECALL,
            "index",
            "vectors",
            "ef",
            "recall@10",
            "µs a query",
            "grown by",
            "EdgeVec's µs / this",
            "build s");
    Plot plot =
        new Plot("Query time by size, recall@10 ≥ " + RECALL, "vectors", "µs a query")
            .xLogarithmic()
            .yLogarithmic();
    List<Cost> own = costs.getOrDefault(Peers.EDGEVEC, List.of());
    costs.forEach(
        (peer, sizes) -> {
          for (int i = 0; i < sizes.size(); i++) {
            Cost cost = sizes.get(i);
            table.row(
                peer.label(),
                String.format("%,d", cost.count()),
                Integer.toString(cost.ef()),
                String.format("%.4f", cost.recall()),
                orNotReached("%.1f", cost.micros()),
                orNotReached("%.2f", cost.micros() / sizes.get(0).micros()),
                own.isEmpty() ? "–" : orNotReached("%.2f", own.get(i).micros() / cost.micros()),
                String.format("%.1f", cost.buildSeconds()));
          }
          List<Cost> reached = sizes.stream().filter(cost -> !Double.isNaN(cost.micros())).toList();
          plot.line(
              peer.label(),
              reached.stream().mapToDouble(Cost::count).toArray(),
              reached.stream().mapToDouble(Cost::micros).toArray());
          report.value(peer.key(), sizes);
        });
    report.table(table);
    report.plot("growth-peers", plot);
  }

  private static String orNotReached(String format, double value) {
    return Double.isNaN(value) ? "not reached" : String.format(format, value);
  }
}
