package org.edgevec.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @TempDir Path folder;

  @Test
  void aTableIsAlignedForTheTerminalAndMarkedUpForAPage() {
    Table table = new Table("t", "name", "QPS").row("a|b", "1").row("longer", "10,000");
    assertThat(table.toText()).isEqualTo("  name       QPS\n  a|b          1\n  longer  10,000\n");
    assertThat(table.toMarkdown())
        .isEqualTo("| name | QPS |\n|---|--:|\n| a\\|b | 1 |\n| longer | 10,000 |\n");
    assertThatThrownBy(() -> table.row("too few")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aReportIsLeftAsMarkdownJsonAndPlots() throws IOException {
    Report report = new Report(folder, "jvm", "The title", Machine.current());
    report.section("Search");
    report.text("How it was measured.");
    report.table(new Table("Empty", "x"));
    report.table(new Table("QPS", "who", "QPS").row("EdgeVec", "1"));
    report.value("qps", List.of(1.5, 2));
    report.plot("nothing", new Plot("p", "x", "y"));
    report.plot("recall", plot());
    report.save();
    assertThat(Files.readString(report.markdownFile()))
        .startsWith("# The title\n")
        .contains("## Search", "How it was measured.", "| EdgeVec | 1 |", "](plots/jvm-recall.svg)")
        .doesNotContain("Empty", "nothing");
    JsonObject json =
        JsonParser.parseString(Files.readString(folder.resolve("jvm.json"))).getAsJsonObject();
    JsonObject section = json.getAsJsonArray("sections").get(0).getAsJsonObject();
    assertThat(section.getAsJsonArray("tables").get(0).getAsJsonObject().get("rows").toString())
        .isEqualTo("[{\"who\":\"EdgeVec\",\"QPS\":\"1\"}]");
    assertThat(section.getAsJsonObject("values").get("qps").toString()).isEqualTo("[1.5,2]");
    assertThat(folder.resolve("plots/jvm-recall.svg")).isNotEmptyFile();
  }

  private static Plot plot() {
    return new Plot("Recall against QPS", "recall@10", "QPS")
        .yLogarithmic()
        .line("EdgeVec", new double[] {0.9, 0.99}, new double[] {10_000, 5_000})
        .line("Lucene", new double[] {0.9, 0.98}, new double[] {9_000, 400})
        .reference("log n", new double[] {0.9, 1}, new double[] {1, 2})
        .line("left out", new double[0], new double[0]);
  }

  @Test
  void theMachineIsNamed() {
    Machine machine = Machine.current();
    assertThat(machine.processors()).isPositive();
    assertThat(machine.description())
        .contains(machine.cpu(), machine.os(), machine.jdk(), machine.date().toString());
    assertThat(machine.cpu()).isNotBlank();
  }
}
