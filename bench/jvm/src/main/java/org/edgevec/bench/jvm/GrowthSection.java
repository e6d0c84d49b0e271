package org.edgevec.bench.jvm;

import java.util.ArrayList;
import java.util.Arrays;
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
            "vectors scored",
            "scored / ln n",
            "µs a query at ef 64",
            "recall@10 at ef 64",
            "build s, all",
            "build µs a vector, last ones");
    double seconds = 0;
    double[] buildMicros = buildMicros(sizes);
    for (int i = 0; i < sizes.size(); i++) {
      GrowthTask.Grown size = sizes.get(i);
      seconds += size.buildSeconds();
      table.row(
          String.format("%,d", size.count()),
          Integer.toString(size.ef()),
          String.format("%.4f", size.recall()),
          String.format("%.1f", size.micros()),
          String.format("%.2f", size.micros() / Math.log(size.count())),
          String.format("%,.0f", size.scored()),
          String.format("%.1f", size.scored() / Math.log(size.count())),
          String.format("%.1f", size.fixedMicros()),
          String.format("%.4f", size.fixedRecall()),
          String.format("%.1f", seconds),
          String.format("%.1f", buildMicros[i]));
    }
    report.table(table);
    report.value("sizes", sizes);
    List<GrowthTask.Grown> fitted =
        sizes.stream().filter(size -> size.count() >= FIT_FROM).toList();
    if (fitted.size() > 1) {
      String atRecall = " at recall@10 ≥ " + RECALL;
      fit("Query time" + atRecall, "µs", fitted, GrowthTask.Grown::micros, report);
      fit("Vectors scored" + atRecall, "scored", fitted, GrowthTask.Grown::scored, report);
      fit("Query time at ef 64", "µs", fitted, GrowthTask.Grown::fixedMicros, report);
    }
    plot(sizes, report);
  }

  private static void fit(
      String what,
      String unit,
      List<GrowthTask.Grown> sizes,
      ToDoubleFunction<GrowthTask.Grown> cost,
      Report report) {
    GrowthTask.Grown first = sizes.get(0);
    GrowthTask.Grown last = sizes.get(sizes.size() - 1);
    double[] logs = sizes.stream().mapToDouble(size -> Math.log(size.count())).toArray();
    double[] costs = sizes.stream().mapToDouble(cost).toArray();
    double[] logCosts = sizes.stream().mapToDouble(s -> Math.log(cost.applyAsDouble(s))).toArray();
    LineFit line = LineFit.of(logs, costs);
    double growth = cost.applyAsDouble(last) / cost.applyAsDouble(first);
    report.text(
        String.format(
            "%s, from %,d to %,d vectors, grows by %.2f; log n grows by %.2f. Fits: %s = %.2f %+.2f ln n"
                + " (R² %.3f); as a power, n^%.3f.",
            what,
            first.count(),
            last.count(),
            growth,
            Math.log(last.count()) / Math.log(first.count()),
            unit,
            line.intercept(),
            line.slope(),
            line.determination(),
            LineFit.of(logs, logCosts).slope()));
  }

  private static void plot(List<GrowthTask.Grown> sizes, Report report) throws Exception {
    double[] counts = sizes.stream().mapToDouble(GrowthTask.Grown::count).toArray();
    double[] micros = sizes.stream().mapToDouble(GrowthTask.Grown::micros).toArray();
    double[] fixed = sizes.stream().mapToDouble(GrowthTask.Grown::fixedMicros).toArray();
    double[] scored = sizes.stream().mapToDouble(GrowthTask.Grown::scored).toArray();
    String reference = String.format("as log n from %,.0f on", counts[start(counts)]);
    report.plot(
        "growth-query",
        new Plot("Query time by size", "vectors", "µs a query")
            .xLogarithmic()
            .line("recall@10 ≥ " + RECALL, counts, micros)
            .line("ef 64", counts, fixed)
            .reference(reference, counts, logarithm(counts, micros)));
    report.plot(
        "growth-scored",
        new Plot("Vectors scored by size", "vectors", "vectors scored by a query")
            .xLogarithmic()
            .line("recall@10 ≥ " + RECALL, counts, scored)
            .reference(reference, counts, logarithm(counts, scored)));
    report.plot(
        "growth-build",
        new Plot("Build time by size", "vectors", "µs a vector, durable and linked")
            .xLogarithmic()
            .line("EdgeVec", counts, buildMicros(sizes)));
  }

  /** From which size on costs are compared with log n. */
  private static int start(double[] counts) {
    int from = 0;
    for (int i = 0; i < counts.length; i++) {
      from = counts[i] <= FIT_FROM ? i : from;
    }
    return from;
  }

  /** What a cost would be that grew as log n from there on. */
  private static double[] logarithm(double[] counts, double[] costs) {
    int from = start(counts);
    double unit = costs[from] / Math.log(counts[from]);
    return Arrays.stream(counts).map(count -> unit * Math.log(count)).toArray();
  }

  /** By size, for each vector added since the size before. */
  private static double[] buildMicros(List<GrowthTask.Grown> sizes) {
    double[] result = new double[sizes.size()];
    int before = 0;
    for (int i = 0; i < result.length; i++) {
      int count = sizes.get(i).count();
      result[i] = sizes.get(i).buildSeconds() * 1e6 / (count - before);
      before = count;
    }
    return result;
  }
}
