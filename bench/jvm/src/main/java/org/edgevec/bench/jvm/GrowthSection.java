package org.edgevec.bench.jvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.edgevec.bench.Plot;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;
import org.edgevec.shape.ClusteredVectors;

/**
 * How query and build time grow with the number of vectors: of vectors in a hundred clusters, whose
 * clusters become denser, and of one cluster, which has many vectors from the beginning.
 */
final class GrowthSection implements Section {

  private static final double RECALL = 0.99;

  /** From here on growth is compared with log n: below, all fits into the caches. */
  private static final int FIT_FROM = 10_000;

  private static final double NANOS_PER_MICRO = 1e3;

  /** One kind of data at all sizes. */
  private record Series(String name, int clusters, List<GrowthTask.Grown> sizes) {

    Series(String name, int clusters) {
      this(name, clusters, new ArrayList<>());
    }

    double[] counts() {
      return figures(GrowthTask.Grown::count);
    }

    double[] figures(ToDoubleFunction<GrowthTask.Grown> figure) {
      return sizes.stream().mapToDouble(figure).toArray();
    }
  }

  @Override
  public void run(Settings settings, Report report) throws Exception {
    List<Series> all =
        List.of(
            new Series(ClusteredVectors.CLUSTERS + " clusters", ClusteredVectors.CLUSTERS),
            new Series("one cluster", 1));
    int dimension = settings.size(16, 128);
    report.section("Growth");
    report.text(
        String.format(
            "%d floats; one thread searches; ef is the smallest that reaches a recall@10 of %s."
                + " Building is durable puts and awaitIndexed, by vector over all up to that size.",
            dimension, RECALL));
    for (Series series : all) {
      grow(settings, dimension, series);
      tell(series, report);
    }
    plot(all, report);
  }

  private static void grow(Settings settings, int dimension, Series series) throws Exception {
    try (Child child = settings.startEdgeVec(GrowthTask.class)) {
      for (int count : counts(settings.growthMax())) {
        GrowthTask.Grow grow =
            new GrowthTask.Grow(
                settings.work().resolve("growth").toString(),
                series.clusters(),
                count,
                dimension,
                Math.min(500, settings.queries()),
                RECALL,
                settings.rounds(),
                settings.searchMillis(),
                settings.parameters());
        GrowthTask.Grown grown = child.ask("grow", grow, GrowthTask.Grown.class);
        series.sizes().add(grown);
        Progress.tell("growth, %s: %s", series.name(), grown);
      }
    }
  }

  /** Powers of ten and the middles between them, on a logarithmic scale. */
  static List<Integer> counts(int max) {
    List<Integer> result = new ArrayList<>();
    for (int half = 6; Math.pow(10, half / 2.0) < max * 1.001; half++) {
      result.add((int) Math.round(Math.pow(10, half / 2.0)));
    }
    return result;
  }

  private static void tell(Series series, Report report) {
    report.table(costs(series));
    report.table(parts(series));
    report.table(builds(series));
    report.value("sizes, " + series.name(), series.sizes());
    List<GrowthTask.Grown> fitted =
        series.sizes().stream().filter(size -> size.count() >= FIT_FROM).toList();
    if (fitted.size() > 1) {
      String atRecall = " at recall@10 ≥ " + RECALL;
      fit("Vectors scored" + atRecall, "scored", fitted, size -> size.least().scored(), report);
      fit("Query time" + atRecall, "µs", fitted, size -> size.least().micros(), report);
      fit("Vectors scored at ef 64", "scored", fitted, size -> size.fixed().scored(), report);
      fit("Query time at ef 64", "µs", fitted, size -> size.fixed().micros(), report);
      fit("A vector at a random place", "ns", fitted, GrowthTask.Grown::rowNanos, report);
    }
  }

  private static Table costs(Series series) {
    Table table =
        new Table(
            "Cost by size, " + series.name(),
            "vectors",
            "ef",
            "recall@10",
            "vectors scored",
            "scored / ln n",
            "µs a query",
            "µs / ln n",
            "recall@10 at ef 64",
            "scored at ef 64",
            "µs at ef 64");
    for (GrowthTask.Grown size : series.sizes()) {
      GrowthTask.Cost least = size.least();
      GrowthTask.Cost fixed = size.fixed();
      table.row(
          String.format("%,d", size.count()),
          Integer.toString(least.ef()),
          String.format("%.4f", least.recall()),
          String.format("%,.0f", least.scored()),
          String.format("%.1f", least.scored() / Math.log(size.count())),
          String.format("%.1f", least.micros()),
          String.format("%.2f", least.micros() / Math.log(size.count())),
          String.format("%.4f", fixed.recall()),
          String.format("%,.0f", fixed.scored()),
          String.format("%.1f", fixed.micros()));
    }
    return table;
  }

  /** A search by its scored vectors, beside what the memory allows. */
  private static Table parts(Series series) {
    Table table =
        new Table(
            "Time of one scored vector, " + series.name(),
            "vectors",
            "in a search, ns",
            "in a search at ef 64, ns",
            "at random places without a graph, ns",
            "search at ef 64 / without a graph");
    for (GrowthTask.Grown size : series.sizes()) {
      table.row(
          String.format("%,d", size.count()),
          String.format("%.1f", nanos(size.least())),
          String.format("%.1f", nanos(size.fixed())),
          String.format("%.1f", size.rowNanos()),
          String.format("%.2f", nanos(size.fixed()) / size.rowNanos()));
    }
    return table;
  }

  private static double nanos(GrowthTask.Cost cost) {
    return cost.micros() * NANOS_PER_MICRO / cost.scored();
  }

  private static Table builds(Series series) {
    Table table =
        new Table(
            "Build by size, " + series.name(),
            "vectors",
            "s, all",
            "µs a vector, those since the size before");
    double seconds = 0;
    double[] micros = buildMicros(series.sizes());
    for (int i = 0; i < micros.length; i++) {
      GrowthTask.Grown size = series.sizes().get(i);
      seconds += size.buildSeconds();
      table.row(
          String.format("%,d", size.count()),
          String.format("%.1f", seconds),
          String.format("%.1f", micros[i]));
    }
    return table;
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

  private static void plot(List<Series> all, Report report) throws Exception {
    String recall = ", recall@10 ≥ " + RECALL;
    Plot time = new Plot("Query time by size", "vectors", "µs a query").xLogarithmic();
    Plot scored =
        new Plot("Vectors scored by size", "vectors", "vectors scored by a query").xLogarithmic();
    Plot parts =
        new Plot("Time of one scored vector by size", "vectors", "ns a scored vector")
            .xLogarithmic();
    Plot build =
        new Plot("Build time by size", "vectors", "µs a vector, durable and linked").xLogarithmic();
    for (Series series : all) {
      double[] counts = series.counts();
      String name = series.name();
      time.line(name + recall, counts, series.figures(size -> size.least().micros()))
          .line(name + ", ef 64", counts, series.figures(size -> size.fixed().micros()));
      double[] least = series.figures(size -> size.least().scored());
      scored
          .line(name + recall, counts, least)
          .reference("as log n, " + name, counts, logarithm(counts, least));
      parts
          .line(name + ", a search", counts, series.figures(size -> nanos(size.fixed())))
          .line(name + ", no graph", counts, series.figures(GrowthTask.Grown::rowNanos));
      build.line(name, counts, buildMicros(series.sizes()));
    }
    report.plot("growth-query", time);
    report.plot("growth-scored", scored);
    report.plot("growth-parts", parts);
    report.plot("growth-build", build);
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
