package org.edgevec.bench.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmark runs, on so little data that its figures say nothing. */
@Timeout(600)
class JvmBenchTest {

  @TempDir Path output;

  @Test
  void searchComparesThePeersThatRunHereAndNamesTheOthers() throws IOException {
    assertThat(
            run(
                "--only=search",
                "--data=clustered=1200x16",
                "--queries=20",
                "--rounds=1",
                "--peers=edgevec,edgevec-scalar,hnswlib,lucene"))
        .isZero();
    assertThat(report())
        .contains("## Build and search: clustered 1,200 × 16")
        .containsPattern("\\| EdgeVec \\| kernel Vector API, ")
        .containsPattern("\\| EdgeVec, scalar kernel \\| kernel scalar; strict durability \\|")
        .containsPattern("\\| hnswlib-core \\| [0-9]+ \\| 1\\.0000 \\| [0-9,]+ \\|")
        .contains("Left out: Lucene ", "](plots/jvm-recall-clustered-1200x16.svg)");
    assertThat(output.resolve("jvm.json")).content().contains("\"build edgevec 0\"");
    assertThat(output.resolve("work")).doesNotExist();
  }

  @Test
  void everyOtherSectionLeavesItsTables() throws IOException {
    assertThat(
            run(
                "--only=kernels,insert,open,memory,parallel,churn,growth,peer-growth",
                "--queries=20",
                "--rounds=1",
                "--peers=edgevec"))
        .isZero();
    assertThat(report())
        .containsPattern("\\| squaredDistance4 +128 \\| [0-9.]+ \\| [0-9.]+ \\| [0-9.]+ \\|")
        .containsPattern("\\| one put at a time \\| SQLite \\| [0-9,]+ \\|")
        .containsPattern("\\| batches of 1000 \\| EdgeVec \\| [0-9,]+ \\|")
        .containsPattern("\\| 1,500 × 16 with graph \\| EdgeVec \\| warm \\| [0-9.]+ \\|")
        .containsPattern("\\| log of 500 × 16, batches of 1, replayed \\| EdgeVec \\| new \\|")
        .containsPattern("\\| 2,000 × 16 \\| [0-9,]+ \\|")
        .containsPattern("\\| 1,000 puts a second, in batches of 100 \\| 2 \\| [0-9]+ \\|")
        .containsPattern("\\| 200 \\| 1\\.0000 \\| 1\\.0000 \\| [+-]0\\.0000 \\|")
        .contains("**Cost by size, 100 clusters**", "**Cost by size, one cluster**")
        .containsPattern("\\| 3,162 \\| [0-9]+ \\| (0\\.99|1\\.00)[0-9]+ \\| [0-9,]{3,5} \\|")
        .containsPattern("\\| 3,162 (\\| [0-9.]+ ){4}\\|\n")
        .containsPattern("\\| EdgeVec \\| 3,200 \\| [0-9]+ \\| (0\\.99|1\\.00)[0-9]+ \\|")
        .contains("](plots/jvm-growth-query.svg)", "](plots/jvm-growth-build.svg)")
        .contains("](plots/jvm-growth-parts.svg)", "](plots/jvm-growth-peers.svg)");
  }

  @Test
  void dataOfManyShapesAreComparedWithTheFloatWalkAndAPeer() throws IOException {
    assertThat(
            run(
                "--only=matrix,copies,edges",
                "--matrix-shapes=Gaussian,10 copies,scale",
                "--matrix-metrics=COSINE",
                "--matrix-count=1100",
                "--matrix-queries=20",
                "--data=clustered=1200x8",
                "--rounds=1"))
        .isZero();
    assertThat(report())
        .contains("## Data shapes: matrix", "## Data shapes: copies", "## Data shapes: edges")
        .containsPattern("\\| Gaussian \\| 2 (\\| 1\\.0000 ){3}\\|")
        .containsPattern("\\| clustered 1,200 × 8 \\| 8 (\\| 1\\.0000 ){3}\\|")
        .contains("**The worst cell**", "| recall below hnswlib-core's | – | 0.0000 |")
        .containsPattern("[0-9]+ of [0-9]+ cells keep to the bar\\.");
    assertThat(output.resolve("jvm.json")).content().contains("\"cells\": [");
    assertThat(errors("--only=matrix", "--matrix-shapes=triangles"))
        .contains("No cell is left of matrix");
  }

  @Test
  void whatIsNoSectionPeerOrDataIsRefusedWithWhatThereIs() {
    assertThat(errors("--only=nothing")).contains("\"nothing\" is no section", "search");
    assertThat(errors("--peers=annoy")).contains("\"annoy\" is none of", "lucene");
    assertThat(errors("--only=search", "--data=glove=x")).contains("clustered=COUNTxDIMENSION");
  }

  private int run(String... arguments) {
    return command().execute(with(arguments));
  }

  private String errors(String... arguments) {
    StringWriter errors = new StringWriter();
    CommandLine command = command().setErr(new PrintWriter(errors));
    assertThat(command.execute(with(arguments))).isNotZero();
    return errors.toString();
  }

  private static CommandLine command() {
    return JvmBench.commandLine();
  }

  private String[] with(String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--quick";
    all[arguments.length + 1] = "--output=" + output;
    return all;
  }

  private String report() throws IOException {
    return Files.readString(output.resolve("jvm.md"));
  }
}
