package org.edgevec.bench.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.edgevec.bench.Plot;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;

/** How query and build time grow with the number of vectors. */
final class GrowthSection implements Section {

  private static final double RECALL = 0.99;

  /** From here on growth is compared with log n: below, all fits into the caches. */
  private static final int FIT_FROM = 10_000;

  @Override
  public void run(Settings settings, Report report) throws Exception {
    report.section("Growth");
    int dimension = settings.size(16, 128);
    List<GrowthTask.Grown> sizes = new ArrayList<>();
    try (Child child = settings.startEdgeVec(GrowthTask.class)) {
      for (int count : counts(settings.growthMax())) {
        GrowthTask.Grow grow =
            new GrowthTask.Grow(
                settings.work().resolve("growth").toString(),
                count,
                dimension,
                Math.min(500, settings.queries()),
                RECALL,
                settings.rounds(),
                settings.searchMillis(),
                settings.parameters());
        sizes.add(child.ask("grow", grow, GrowthTask.Grown.class));
        Progress.tell("growth: %s", sizes.get(sizes.size() - 1));
      }
    }
    tell(dimension, sizes, report);
  }

  /** Powers of ten and the middles between them, on a logarithmic scale. */
  static List<Integer> counts(int max) {
    List<Integer> result = new ArrayList<>();
    for (int half = 6; Math.pow(10, half / 2.0) < max * 1.001; half++) {
      result.add((int) Math.round(Math.pow(10, half / 2.0)));
    }
    return result;
  }

  private static void tell(int dimension, List<GrowthTask.Grown> sizes, Report report)
      throws Exception {
    report.text(
        "Clustered, "
            + dimension
            + " floats; one thread searches; ef is the smallest that reaches a recall@10 of "
            + RECALL
            + ". Building is durable puts and awaitIndexed, by vector over all up to that size.");
    Table table =
        new Table(
            "Cost by size",
            "vectors",
            "ef",
            "recall@10",
            "µs a query",
            "µs / ln n",
            "µs a query at ef 64",
            "recall@10 at ef 64",
            "build s, all",
            "build µs a vector, last ones");
    double seconds = 0;
    int before = 0;
    for (GrowthTask.Grown size : sizes) {
      seconds += size.buildSeconds();
      table.row(
          String.format("%,d", size.count()),
          Integer.toString(size.ef()),
          String.format("%.4f", size.recall()),
          String.format("%.1f", size.micros()),
          String.format("%.2f", size.micros() / Math.log(size.count())),
          String.format("%.1f", size.fixedMicros()),
          String.format("%.4f", size.fixedRecall()),
          String.format("%.1f", seconds),
          String.format("%.1f", size.buildSeconds() * 1e6 / (size.count() - before)));
      before = size.count();
    }
    report.table(table);
    report.value("sizes", sizes);
    List<GrowthTask.Grown> fitted =
        sizes.stream().filter(size -> size.count() >= FIT_FROM).toList();
    if (fitted.size() > 1) {
      fit("at recall@10 ≥ " + RECALL, fitted, GrowthTask.Grown::micros, report);
      fit("at ef 64", fitted, GrowthTask.Grown::fixedMicros, report);
    }
    plot(sizes, report);
  }

  private static void fit(
      String what,
      List<GrowthTask.Grown> sizes,
      ToDoubleFunction<GrowthTask.Grown> micros,
      Report report) {
    GrowthTask.Grown first = sizes.get(0);
    GrowthTask.Grown last = sizes.get(sizes.size() - 1);
    double[] logs = sizes.stream().mapToDouble(size -> Math.log(size.count())).toArray();
    double[] costs = sizes.stream().mapToDouble(micros).toArray();
    double[] logCosts =
        sizes.stream().mapToDouble(s -> Math.log(micros.applyAsDouble(s))).toArray();
    double growth = micros.applyAsDouble(last) / micros.applyAsDouble(first);
    report.text(
        String.format(
            "Query cost %s from %,d to %,d vectors grows by %.2f; log n grows by %.2f. Fits: %s;"
                + " as a power, n^%.3f.",
            what,
            first.count(),
            last.count(),
            growth,
            Math.log(last.count()) / Math.log(first.count()),
            LineFit.of(logs, costs).describe("µs = %.2f %+.2f ln n, R² %.3f"),
            LineFit.of(logs, logCosts).slope()));
  }

  private static void plot(List<GrowthTask.Grown> sizes, Report report) throws Exception {
    double[] counts = sizes.stream().mapToDouble(GrowthTask.Grown::count).toArray();
    double[] micros = sizes.stream().mapToDouble(GrowthTask.Grown::micros).toArray();
    double[] fixed = sizes.stream().mapToDouble(GrowthTask.Grown::fixedMicros).toArray();
    Plot plot =
        new Plot("Query cost by size", "vectors", "µs a query")
            .xLogarithmic()
            .line("recall@10 ≥ " + RECALL, counts, micros)
            .line("ef 64", counts, fixed);
    int reference = 0;
    for (int i = 0; i < counts.length; i++) {
      reference = counts[i] <= FIT_FROM ? i : reference;
    }
    double perLog = micros[reference] / Math.log(counts[reference]);
    double[] logs = new double[counts.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = perLog * Math.log(counts[i]);
    }
    report.plot("growth-query", plot.reference("log n", counts, logs));
    double[] build = new double[sizes.size()];
    int before = 0;
    for (int i = 0; i < build.length; i++) {
      build[i] = sizes.get(i).buildSeconds() * 1e6 / (sizes.get(i).count() - before);
      before = sizes.get(i).count();
    }
    report.plot(
        "growth-build",
        new Plot("Build cost by size", "vectors", "µs a vector, durable and linked")
            .xLogarithmic()
            .line("EdgeVec", counts, build));
  }
}
