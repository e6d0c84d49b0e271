package org.edgevec.bench.browser;

import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.edgevec.bench.DataSet;
import org.edgevec.bench.DataSpec;
import org.edgevec.bench.Machine;
import org.edgevec.bench.Report;
import org.edgevec.bench.matrix.MatrixOptions;
import org.edgevec.browser.Browsers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures this project's npm package and its peers in Chromium. */
@Command(
    name = "./dev bench browser",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures EdgeVec and its peers in Chromium, in one run on the same data.")
public final class BrowserBench implements Callable<Integer> {

  /** What can be measured, in the order in which it is. */
  enum Section {
    search,
    matrix,
    copies,
    edges,
    open,
    replay,
    insert,
    pauses,
    memory,
    download
  }

  private static final int QUERIES = 1000;

  @Option(
      names = "--data",
      paramLabel = "SPEC",
      description = {
        "Data to compare peers on: mnist=FOLDER, sift=FOLDER, minilm=FOLDER or",
        "clustered=COUNTxDIMENSION; may be given several times (clustered=10000x384 and",
        "clustered=50000x128); of matrix, besides the generated shapes. Generated vectors are",
        "normalised. Files are taken as they are; then Orama, which has cosine only, is left out."
      })
  private List<String> data = List.of();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SECTION",
      description = "Run these only: ${COMPLETION-CANDIDATES}")
  private Set<Section> sections = EnumSet.allOf(Section.class);

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "PEER",
      converter = PeerNames.class,
      description =
          "Some of: edgevec-java, edgevec-java-other, hnswlib-wasm, edgevec, pglite, orama. Default:"
              + " all.")
  private List<Peer> peers = List.of();

  @Option(
      names = "--other-build",
      paramLabel = "FOLDER",
      description =
          "Another checkout of this project, built, whose package search measures beside this one")
  private @Nullable Path otherBuild;

  @Option(
      names = "--ef-construction",
      paramLabel = "N",
      defaultValue = "200",
      description = "Of all graphs that are compared (${DEFAULT-VALUE})")
  private int efConstruction;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each peer is built and asked (3, quick 1)")
  private int rounds;

  @Option(
      names = "--budget",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "How long a peer may take for one step (${DEFAULT-VALUE})")
  private int budgetSeconds;

  @CommandLine.Mixin private MatrixOptions matrix = new MatrixOptions();

  @Option(names = "--quick", description = "Run all on little data, to see that it runs")
  private boolean isQuick;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "Where browser.md, browser.json and plots go (bench/target/results)")
  private Path output = BenchFolder.resolve("../target/results");

  /** Runs it. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new BrowserBench()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path packages = PeerPackages.install(otherBuild);
    try (BenchServer server = BenchServer.start(packages);
        Playwright playwright = Browsers.playwright()) {
      Report report = new Report(output, "browser", "EdgeVec in Chromium", Machine.current());
      report.section("Browser");
      report.text(versionOf(playwright, server));
      measure(playwright, server, report);
      report.save();
      System.out.println("\nReport: " + report.markdownFile());
    }
    return 0;
  }

  private static String versionOf(Playwright playwright, BenchServer server) throws IOException {
    try (BenchBrowser browser = BenchBrowser.start(playwright, server.url("/bench.html"))) {
      return browser.version();
    }
  }

  private void measure(Playwright playwright, BenchServer server, Report report) throws Exception {
    if (sections.contains(Section.search)) {
      search(new SearchBench(playwright, server, report, chosenPeers(), effort()));
    }
    MatrixBench shapes = new MatrixBench(server, report, matrix, matrixEffort());
    for (Section section : EnumSet.of(Section.matrix, Section.copies, Section.edges)) {
      if (sections.contains(section)) {
        shapes.run(section.name(), data);
      }
    }
    StorageBench storage = new StorageBench(playwright, server, report, storageEffort());
    if (sections.contains(Section.open)) {
      storage.open();
    }
    if (sections.contains(Section.replay)) {
      storage.replay();
    }
    if (sections.contains(Section.insert)) {
      storage.insert(chosenPeers().contains(Peer.PGLITE));
    }
    if (sections.contains(Section.pauses)) {
      storage.pauses();
    }
    FootprintBench footprint =
        new FootprintBench(playwright, server, report, chosenPeers(), budget());
    if (sections.contains(Section.memory)) {
      footprint.memory(isQuick ? 5_000 : 50_000, 128);
    }
    if (sections.contains(Section.download)) {
      footprint.download();
    }
  }

  private List<Peer> chosenPeers() {
    return peers.isEmpty()
        ? Arrays.stream(Peer.values())
            .filter(peer -> peer != Peer.EDGEVEC_JAVA_OTHER || otherBuild != null)
            .toList()
        : peers;
  }

  private Duration budget() {
    return Duration.ofSeconds(budgetSeconds);
  }

  private StorageBench.Effort storageEffort() {
    return isQuick
        ? new StorageBench.Effort(5_000, 2_000, 3, 100, budget())
        : new StorageBench.Effort(100_000, 10_000, 20, 1_000, budget());
  }

  private MatrixBench.Effort matrixEffort() {
    int defaultRounds = isQuick ? 1 : 3;
    return new MatrixBench.Effort(
        efConstruction, rounds > 0 ? rounds : defaultRounds, budget(), isQuick);
  }

  private SearchBench.Effort effort() {
    int defaultRounds = isQuick ? 1 : 3;
    return new SearchBench.Effort(
        efConstruction, rounds > 0 ? rounds : defaultRounds, budget(), isQuick ? 200 : 1000);
  }

  private void search(SearchBench bench) throws IOException {
    if (data.isEmpty()) {
      int part = isQuick ? 10 : 1;
      bench.run(clustered(10_000 / part, 384), true);
      bench.run(clustered(50_000 / part, 128), true);
    }
    for (String spec : data) {
      boolean isGenerated = spec.startsWith("clustered=");
      DataSet loaded = DataSpec.load(spec, QUERIES);
      bench.run(isGenerated ? loaded.normalized() : loaded, isGenerated);
    }
  }

  private static DataSet clustered(int count, int dimension) {
    return DataSpec.clustered(count, dimension, QUERIES).normalized();
  }

  /** Peers by the names of their modules; the names themselves are for the help. */
  static final class PeerNames extends ArrayList<String>
      implements CommandLine.ITypeConverter<Peer> {
    private static final long serialVersionUID = 1;

    PeerNames() {
      super(Arrays.stream(Peer.values()).map(Peer::module).toList());
    }

    @Override
    public Peer convert(String name) {
      int index = indexOf(name);
      if (index < 0) {
        throw new CommandLine.TypeConversionException(
            "\"" + name + "\" is no peer; there are " + this + ".");
      }
      return Peer.values()[index];
    }
  }
}
