package org.edgevec.bench.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.edgevec.bench.Percentiles;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;

/** Searches in parallel with each other, with a writer, and with maintenance. */
final class ParallelSection implements Section {

  private static final int EF = 64;

  /** What else happens, and by how many threads is searched. */
  private static final class Case {
    final String name;
    final int searchers;
    final int batch;
    final int perSecond;
    final List<ParallelTask.Measured> rounds = new ArrayList<>();

    Case(String name, int searchers, int batch, int perSecond) {
      this.name = name;
      this.searchers = searchers;
      this.batch = batch;
      this.perSecond = perSecond;
    }

    double median(ToDoubleFunction<ParallelTask.Measured> figure) {
      return new Percentiles(rounds.stream().mapToDouble(figure).toArray()).median();
    }
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int searchers = 1; searchers <= 2; searchers++) {
      cases.add(new Case("nothing", searchers, 0, 0));
      cases.add(new Case("100 single puts a second", searchers, 1, 100));
      cases.add(new Case("1,000 puts a second, in batches of 100", searchers, 100, 1_000));
      cases.add(new Case("4,000 puts a second, in batches of 100", searchers, 100, 4_000));
      cases.add(new Case("as many puts as it can, in batches of 1,000", searchers, 1_000, 0));
    }
    return cases;
  }

  @Override
  public void run(Settings settings, Report report) throws Exception {
    report.section("Searches in parallel, beside a writer and maintenance");
    int count = settings.size(2_000, 100_000);
    int dimension = settings.size(16, 128);
    List<Case> cases = cases();
    try (Child child = settings.startEdgeVec(ParallelTask.class)) {
      child.ask(
          "fill",
          new ParallelTask.Fill(
              settings.work().resolve("parallel").toString(),
              count,
              dimension,
              settings.parameters()),
          PeerTask.Text.class);
      for (int round = -1; round < settings.rounds(); round++) {
        for (Case one : cases) {
          ParallelTask.Load load =
              new ParallelTask.Load(
                  one.searchers, EF, settings.size(30, 2_000), one.batch, one.perSecond);
          ParallelTask.Measured measured = child.ask("measure", load, ParallelTask.Measured.class);
          if (round >= 0) {
            one.rounds.add(measured);
          }
        }
        Progress.tell("parallel: round %d of %d is over", round + 1, settings.rounds());
      }
    }
    report.text(
        String.format(
            "%,d × %d clustered, ef %d; medians of %d rounds. Maintenance links what the writer"
                + " writes in a thread of its own, so with two searchers up to four threads share"
                + " this machine's %d processors.",
            count, dimension, EF, settings.rounds(), Runtime.getRuntime().availableProcessors()));
    report.table(throughput(cases));
    report.table(latency(cases));
    for (Case one : cases) {
      report.value(one.searchers + " searching, " + one.name, one.rounds);
    }
  }

  private static Table throughput(List<Case> cases) {
    Table table =
        new Table(
            "Throughput; the aim is a ratio of at least 1.8",
            "a writer does",
            "QPS of one",
            "QPS of two",
            "two / one",
            "two / one without a writer");
    int half = cases.size() / 2;
    for (int i = 0; i < half; i++) {
      double one = cases.get(i).median(ParallelTask.Measured::qps);
      double two = cases.get(i + half).median(ParallelTask.Measured::qps);
      double quiet = cases.get(0).median(ParallelTask.Measured::qps);
      table.row(
          cases.get(i).name,
          String.format("%,.0f", one),
          String.format("%,.0f", two),
          String.format("%.2f", two / one),
          String.format("%.2f", two / quiet));
    }
    return table;
  }

  private static Table latency(List<Case> cases) {
    Table table =
        new Table(
            "Latency; the aim for P99 is at most 3 times the quiet one's",
            "a writer does",
            "searching",
            "P50 µs",
            "P99 µs",
            "P99 / quiet P99",
            "written/s",
            "linked/s",
            "tail at the end");
    int half = cases.size() / 2;
    for (int i = 0; i < cases.size(); i++) {
      Case one = cases.get(i);
      double quiet = cases.get(i < half ? 0 : half).median(ParallelTask.Measured::p99Micros);
      double p99 = one.median(ParallelTask.Measured::p99Micros);
      table.row(
          one.name,
          Integer.toString(one.searchers),
          String.format("%.0f", one.median(ParallelTask.Measured::p50Micros)),
          String.format("%.0f", p99),
          String.format("%.1f", p99 / quiet),
          String.format("%,.0f", one.median(ParallelTask.Measured::writtenPerSecond)),
          String.format("%,.0f", one.median(ParallelTask.Measured::linkedPerSecond)),
          String.format("%,.0f", one.median(ParallelTask.Measured::tail)));
    }
    return table;
  }
}
