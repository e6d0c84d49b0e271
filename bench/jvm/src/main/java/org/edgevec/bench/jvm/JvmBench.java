package org.edgevec.bench.jvm;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.edgevec.bench.Machine;
import org.edgevec.bench.Report;
import org.edgevec.bench.matrix.MatrixOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line of the benchmark on the JVM: {@code ./dev bench jvm}. */
@Command(
    name = "./dev bench jvm",
    description = "Measures EdgeVec on the JVM, with its peers in the same run on the same data.",
    sortOptions = false)
public final class JvmBench implements Callable<Integer> {

  private static final List<String> DEFAULT_DATA =
      List.of("clustered=100000x128", "clustered=50000x768");
  private static final List<String> QUICK_DATA = List.of("clustered=3000x32");

  /** Runs only when asked for, since searching builds, too. */
  private static final String BUILD = "build";

  /** In the order in which they run. */
  private static final Map<String, Section> SECTIONS = sections();

  @Option(
      names = "--data",
      paramLabel = "SPEC",
      description =
          "Data to compare peers on: mnist=FOLDER, sift=FOLDER, minilm=FOLDER or"
              + " clustered=COUNTxDIMENSION; may be given several times (clustered=100000x128 and"
              + " clustered=50000x768); of matrix, besides the generated shapes")
  private @Nullable List<String> data;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SECTION",
      description = "Run these sections only: ${COMPLETION-CANDIDATES}",
      completionCandidates = SectionNames.class)
  private @Nullable List<String> only;

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "PEER",
      description = "Compare these only: ${COMPLETION-CANDIDATES}",
      completionCandidates = PeerNames.class)
  private @Nullable List<String> peers;

  @Option(names = "--quick", description = "Run all on little data, to see that it runs")
  private boolean isQuick;

  @Option(names = "--m", paramLabel = "M", description = "Of all graphs (${DEFAULT-VALUE})")
  private int m = 16;

  @Option(
      names = "--ef-construction",
      paramLabel = "N",
      description = "Of all graphs (${DEFAULT-VALUE})")
  private int efConstruction = 100;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often all that is compared is measured (5, quick 2)")
  private @Nullable Integer rounds;

  @Option(
      names = "--build-rounds",
      paramLabel = "N",
      description = "How often every index is built (3, quick 1)")
  private @Nullable Integer buildRounds;

  @Option(
      names = "--queries",
      paramLabel = "N",
      description = "How many different queries (${DEFAULT-VALUE})")
  private int queries = 1_000;

  @Option(
      names = "--growth-max",
      paramLabel = "N",
      description = "The most vectors of the growth sections (1000000, quick 3200)")
  private @Nullable Integer growthMax;

  @CommandLine.Mixin private MatrixOptions matrix = new MatrixOptions();

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "Of every JVM that measures, as -Xmx takes it (${DEFAULT-VALUE})")
  private String heap = "6g";

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "Where jvm.md, jvm.json, plots and databases go (${DEFAULT-VALUE})")
  private Path output = Path.of("bench", "target", "results");

  @Option(
      names = "--other-build",
      paramLabel = "FOLDER",
      description =
          "Another checkout of this project, built, which search, build and peer-growth measure"
              + " beside this one")
  private @Nullable Path otherBuild;

  @Option(
      names = "--lucene-class-path",
      paramLabel = "PATH",
      description = "Where Lucene's module and all that it needs are; ./dev gives it")
  private @Nullable String luceneClassPath;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean isHelp;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private static Map<String, Section> sections() {
    Map<String, Section> result = new LinkedHashMap<>();
    result.put("kernels", new KernelSection());
    result.put("search", new SearchSection(true));
    result.put(BUILD, new SearchSection(false));
    for (String shapes : List.of(MatrixOptions.MATRIX, MatrixOptions.COPIES, MatrixOptions.EDGES)) {
      result.put(shapes, new MatrixSection(shapes));
    }
    result.put("insert", new InsertSection());
    result.put("open", new OpenSection());
    result.put("memory", new MemorySection());
    result.put("parallel", new ParallelSection());
    result.put("bulk", new BulkSection());
    result.put("churn", new ChurnSection());
    result.put("growth", new GrowthSection());
    result.put("peer-growth", new PeerGrowthSection());
    return result;
  }

  /** For the help. */
  static final class SectionNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    SectionNames() {
      super(SECTIONS.keySet());
    }
  }

  /** For the help. */
  static final class PeerNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    PeerNames() {
      super(Arrays.stream(Peers.values()).map(Peers::key).toList());
    }
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Of wrong arguments and missing files it prints what is wrong, of all else the stack, too. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new JvmBench());
    return commandLine.setExecutionExceptionHandler(
        (e, command, result) -> {
          if (e instanceof IllegalArgumentException || e instanceof NoSuchFileException) {
            String what = e instanceof NoSuchFileException ? "There is no file " : "";
            commandLine.getErr().println(what + e.getMessage());
            return CommandLine.ExitCode.USAGE;
          }
          throw e;
        });
  }

  @Override
  public Integer call() throws Exception {
    List<Section> chosen = chosen();
    Settings settings = settings();
    Report report =
        new Report(output, "jvm", "EdgeVec and its peers on the JVM", Machine.current());
    try {
      for (Section section : chosen) {
        section.run(settings, report);
        report.save();
      }
    } finally {
      Folders.delete(settings.work());
    }
    System.out.printf("%nAll tables: %s%n", report.markdownFile());
    return 0;
  }

  private List<Section> chosen() {
    List<Section> result = new ArrayList<>();
    List<String> names = only == null ? new ArrayList<>(SECTIONS.keySet()) : only;
    if (only == null) {
      names.remove(BUILD);
    }
    for (String name : names) {
      Section section = SECTIONS.get(name);
      if (section == null) {
        throw wrong("\"" + name + "\" is no section; there are " + SECTIONS.keySet() + ".");
      }
      result.add(section);
    }
    return result;
  }

  private ParameterException wrong(String message) {
    CommandLine.Model.CommandSpec known = spec;
    return new ParameterException(
        known == null ? new CommandLine(this) : known.commandLine(), message);
  }

  private Settings settings() {
    return new Settings(
        data != null ? data : isQuick ? QUICK_DATA : DEFAULT_DATA,
        data != null ? data : List.of(),
        matrix,
        chosenPeers(),
        new BuildParameters(m, efConstruction),
        rounds != null ? rounds : isQuick ? 2 : 5,
        buildRounds != null ? buildRounds : isQuick ? 1 : 3,
        isQuick ? Math.min(queries, 100) : queries,
        isQuick ? 20 : 1_000,
        heap,
        growthMax != null ? growthMax : isQuick ? 3_200 : 1_000_000,
        isQuick,
        output.resolve("work").toAbsolutePath(),
        luceneClassPath,
        otherBuild);
  }

  private List<Peers> chosenPeers() {
    if (peers == null) {
      return Arrays.stream(Peers.values())
          .filter(peer -> peer != Peers.EDGEVEC_OTHER || otherBuild != null)
          .toList();
    }
    try {
      return peers.stream().map(Peers::of).toList();
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }
}
