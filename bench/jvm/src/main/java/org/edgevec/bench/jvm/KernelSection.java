package org.edgevec.bench.jvm;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The kernels by themselves, scalar and Vector API, measured by JMH. */
final class KernelSection implements Section {

  @Override
  public void run(Settings settings, Report report) throws Exception {
    report.section("Kernels");
    TimeValue time = TimeValue.milliseconds(settings.size(20, 500));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(KernelBenchmark.class.getName())
            .warmupIterations(settings.size(1, 4))
            .warmupTime(time)
            .measurementIterations(settings.size(1, 5))
            .measurementTime(time)
            .forks(1)
            .jvmArgs("--add-modules", "jdk.incubator.vector")
            .verbosity(VerboseMode.SILENT);
    if (settings.isQuick()) {
      options.param("dimension", "128");
    }
    Progress.tell("JMH measures the kernels");
    tell(new Runner(options.build()).run(), report);
  }

  private static void tell(Collection<RunResult> results, Report report) {
    Map<String, Map<String, Double>> nanos = new TreeMap<>();
    for (RunResult result : results) {
      String row =
          String.format(
              "%s %4s",
              result.getPrimaryResult().getLabel(), result.getParams().getParam("dimension"));
      nanos
          .computeIfAbsent(row, key -> new TreeMap<>())
          .put(result.getParams().getParam("kernel"), result.getPrimaryResult().getScore());
    }
    Table table =
        new Table(
            "One call, vectors in the cache",
            "what",
            "scalar ns",
            "Vector API ns",
            "scalar / Vector API");
    nanos.forEach(
        (row, byKernel) -> {
          double scalar = byKernel.getOrDefault(KernelBenchmark.SCALAR, Double.NaN);
          double vector = byKernel.getOrDefault(KernelBenchmark.VECTOR_API, Double.NaN);
          table.row(
              row,
              String.format("%.1f", scalar),
              String.format("%.1f", vector),
              String.format("%.1f", scalar / vector));
        });
    report.text("Those that end in 4 score four vectors in a call.");
    report.table(table);
    report.value("nanoseconds", nanos);
  }
}
