package org.edgevec.bench.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Playwright;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.Machine;
import org.edgevec.bench.Report;
import org.edgevec.bench.matrix.MatrixOptions;
import org.edgevec.browser.Browsers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class BrowserBenchTest {

  @TempDir private Path folder;

  /** On this project's package alone, as the browser tests installed it: no peer is fetched. */
  @Test
  void everyPartMeasuresOurPackage() throws Exception {
    Duration budget = Duration.ofSeconds(60);
    List<Peer> ours = List.of(Peer.EDGEVEC_JAVA);
    try (BenchServer server =
            BenchServer.start(BenchFolder.resolve("../../tests-browser/target/npm/node_modules"));
        Playwright playwright = Browsers.playwright()) {
      Report report = new Report(folder, "test", "Test", Machine.current());
      new SearchBench(playwright, server, report, ours, new SearchBench.Effort(100, 2, budget, 20))
          .run(DataSpec.clustered(1_500, 8, 50).normalized(), true);
      StorageBench storage =
          new StorageBench(
              playwright, server, report, new StorageBench.Effort(1_200, 1_200, 2, 10, budget));
      storage.open();
      storage.replay();
      storage.insert(false);
      storage.pauses();
      FootprintBench footprint = new FootprintBench(playwright, server, report, ours, budget);
      footprint.memory(2_000, 16);
      footprint.download();
      report.save();
    }
    List<JsonObject> tables = tables();
    assertThat(tables)
        .hasSizeGreaterThanOrEqualTo(9)
        .allSatisfy(table -> assertThat(table.getAsJsonArray("rows")).isNotEmpty())
        .noneSatisfy(table -> assertThat(table.toString()).contains("failed"));
    JsonObject search = tables.get(0).getAsJsonArray("rows").get(0).getAsJsonObject();
    assertThat(search.get("recall").getAsDouble()).isBetween(SearchBench.RECALL, 1.0);
    JsonObject exact = tables.get(0).getAsJsonArray("rows").get(1).getAsJsonObject();
    assertThat(exact.get("recall").getAsDouble()).isGreaterThan(0.999);
    assertThat(folder.resolve("plots/test-clustered-1500x8-normalized.svg")).isNotEmptyFile();
  }

  /** Without hnswlib-wasm, which is not fetched here: the others are measured all the same. */
  @Test
  void dataOfManyShapesAreMeasured() throws Exception {
    MatrixOptions options = new MatrixOptions();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("m", mixin(options)))
        .parseArgs(
            "--matrix-count=1200",
            "--matrix-queries=20",
            "--matrix-metrics=L2,COSINE",
            "--matrix-dimensions=16",
            "--matrix-shapes=Gaussian,scale 1e10");
    try (BenchServer server =
        BenchServer.start(BenchFolder.resolve("../../tests-browser/target/npm/node_modules"))) {
      Report report = new Report(folder, "test", "Test", Machine.current());
      MatrixBench bench =
          new MatrixBench(
              server,
              report,
              options,
              new MatrixBench.Effort(100, 1, Duration.ofSeconds(60), false));
      bench.run(MatrixOptions.MATRIX, List.of("clustered=1200x8"));
      bench.run(MatrixOptions.EDGES, List.of());
      report.save();
    }
    assertThat(Files.readString(folder.resolve("test.md")))
        .containsPattern("\\| Gaussian \\| 16 \\| 1\\.0000 \\| 1\\.0000 \\| – \\|")
        .containsPattern("\\| clustered 1,200 × 8 \\| 8 \\| 1\\.0000 \\| 1\\.0000 \\|")
        .containsPattern("\\| scale 1e10 \\| 16 \\|")
        .contains("**L2**", "**COSINE**", "cells keep to the bar.");
  }

  private static CommandLine.Model.CommandSpec mixin(MatrixOptions options) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(errorsOf("--peers", "lucene")).contains("\"lucene\" is no peer");
    assertThat(errorsOf("--only", "all")).contains("expected one of");
    assertThat(errorsOf("--rounds", "many")).contains("'many' is not an int");
  }

  private static String errorsOf(String... args) {
    StringWriter errors = new StringWriter();
    int status = new CommandLine(new BrowserBench()).setErr(new PrintWriter(errors)).execute(args);
    assertThat(status).isEqualTo(2);
    return errors.toString();
  }

  private List<JsonObject> tables() throws Exception {
    JsonObject report =
        JsonParser.parseString(Files.readString(folder.resolve("test.json"))).getAsJsonObject();
    List<JsonObject> tables = new ArrayList<>();
    for (JsonElement section : report.getAsJsonArray("sections")) {
      JsonArray found = section.getAsJsonObject().getAsJsonArray("tables");
      found.forEach(table -> tables.add(table.getAsJsonObject()));
    }
    return tables;
  }
}
