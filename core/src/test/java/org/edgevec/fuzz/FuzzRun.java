package org.edgevec.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.edgevec.Sources;

/**
 * {@code ./dev fuzz [MINUTES] [TARGET...]}: fuzzes, each target in a JVM and on a core of its own,
 * prints how it goes, and ends with 1 if anything was found. To be run in core's folder.
 */
public final class FuzzRun {

  private static final Map<String, String> TARGETS = targets();

  private static final Pattern PROGRESS =
      Pattern.compile("#(\\d+)\\s+\\w+\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)/(\\S+)");

  private static final int REPORT_SECONDS = 60;

  /** What only prepares and judges need not be explored. */
  private static final String NOT_INSTRUMENTED =
      "org.edgevec.fuzz.State*:org.edgevec.fuzz.RecoveryCheck*:org.edgevec.fuzz.BaseStore*";

  private final Path folder = Path.of("target", "fuzz");
  private final int minutes;
  private int findings;

  /**
   * A table takes 1 MiB for its first vectors, which would be most of the time; nothing that is
   * stored depends on it.
   */
  private static final String CHUNK_FLOATS = "CHUNK_FLOATS = (1 << 17) - 8";

  private FuzzRun(int minutes) {
    this.minutes = minutes;
  }

  private static Map<String, String> targets() {
    Map<String, String> targets = new LinkedHashMap<>();
    targets.put("damaged", "org.edgevec.fuzz.RecoveryFuzzTest");
    targets.put("hostile", "org.edgevec.fuzz.RecoveryFuzzTest");
    targets.put("utf8", "org.edgevec.bytes.BytesFuzzTest");
    targets.put("reader", "org.edgevec.bytes.BytesFuzzTest");
    targets.put("header", "org.edgevec.storage.FileHeaderFuzzTest");
    targets.put("frames", "org.edgevec.wal.WalFuzzTest");
    targets.put("seal", "org.edgevec.wal.WalFuzzTest");
    targets.put("manifest", "org.edgevec.snapshot.SnapshotFuzzTest");
    targets.put("segment", "org.edgevec.snapshot.SnapshotFuzzTest");
    targets.put("graph", "org.edgevec.snapshot.SnapshotFuzzTest");
    targets.put("blocks", "org.edgevec.snapshot.SnapshotFuzzTest");
    targets.put("metadata", "org.edgevec.table.RecordFuzzTest");
    targets.put("records", "org.edgevec.table.RecordFuzzTest");
    return targets;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int minutes = args.length == 0 ? 60 : Integer.parseInt(args[0]);
    List<String> names = names(args.length < 2 ? "recovery" : args[1]);
    if (names.isEmpty()) {
      System.err.println(
          "There is no target \""
              + args[1]
              + "\"; there are recovery, decoders, "
              + String.join(", ", TARGETS.keySet())
              + ".");
      System.exit(2);
    }
    FuzzRun run = new FuzzRun(minutes);
    run.all(names);
    System.exit(run.findings == 0 ? 0 : 1);
  }

  private static List<String> names(String target) {
    List<String> all = new ArrayList<>(TARGETS.keySet());
    return switch (target) {
      case "recovery" -> all.subList(0, 2);
      case "decoders" -> all.subList(2, all.size());
      default -> all.contains(target) ? List.of(target) : List.of();
    };
  }

  /** Runs as many at a time as there are cores, sharing the time where there are more. */
  private void all(List<String> names) throws IOException, InterruptedException {
    compileSmallArena();
    int together = Math.max(1, Math.min(names.size(), Runtime.getRuntime().availableProcessors()));
    int rounds = (names.size() + together - 1) / together;
    long seconds = Math.max(10, 60L * minutes / rounds);
    System.out.println(
        String.join(", ", names) + ": " + seconds + " s each, " + together + " at a time");
    for (int i = 0; i < names.size(); i += together) {
      List<Target> running = new ArrayList<>();
      for (String name : names.subList(i, Math.min(names.size(), i + together))) {
        running.add(new Target(name, seconds));
      }
      watch(running);
    }
    System.out.println(
        findings == 0 ? "Nothing was found." : findings + " targets found something.");
  }

  private void compileSmallArena() throws IOException {
    String file = "org/edgevec/vector/HeapArena.java";
    String text = Files.readString(Path.of("src/main/java", file));
    String small = text.replace(CHUNK_FLOATS, "CHUNK_FLOATS = 1 << 12");
    String plain = Sources.withoutAnnotations(small);
    if (small.equals(text)) {
      throw new IllegalStateException(file + " does not hold " + CHUNK_FLOATS + "; adapt this");
    }
    Path source = folder.resolve("small").resolve(file);
    Files.createDirectories(source.getParent());
    Files.writeString(source, plain);
    String[] arguments = {
      "-g", "-proc:none", "-cp", "target/classes", "-d", classes().toString(), source.toString()
    };
    int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments);
    if (status != 0) {
      throw new IllegalStateException("the small VectorArena does not compile");
    }
  }

  private Path classes() throws IOException {
    return Files.createDirectories(folder.resolve("classes"));
  }

  private void watch(List<Target> running) throws IOException, InterruptedException {
    for (Target target : running) {
      while (!target.process.waitFor(REPORT_SECONDS, TimeUnit.SECONDS)) {
        for (Target each : running) {
          System.out.println(each.progress());
        }
      }
    }
    for (Target target : running) {
      findings += target.report() ? 1 : 0;
    }
  }

  /** One target being fuzzed. */
  private final class Target {
    private final String name;
    private final Path log;
    private final Path inputs;
    private final int inputsBefore;
    private final long startNanos = System.nanoTime();
    private final Process process;

    Target(String name, long seconds) throws IOException {
      this.name = name;
      this.log = folder.resolve(name + ".log");
      String type = TARGETS.get(name);
      this.inputs = Path.of("src/test/resources", type.replace('.', '/') + "Inputs", name);
      Files.createDirectories(inputs);
      this.inputsBefore = count(inputs);
      Path corpus = Files.createDirectories(folder.resolve(name));
      List<String> command = new ArrayList<>(command(type, seconds));
      command.add(corpus.toString());
      command.add(inputs.toString());
      this.process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    private List<String> command(String type, long seconds) throws IOException {
      return List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-XX:CICompilerCount=2",
          "-Xmx1g",
          "-Xmn256m",
          "-cp",
          classes() + File.pathSeparator + System.getProperty("java.class.path"),
          "com.code_intelligence.jazzer.Jazzer",
          "--target_class=" + type,
          "--target_method=" + name,
          "--instrumentation_includes=org.edgevec.**",
          "--instrumentation_excludes=" + NOT_INSTRUMENTED,
          // Watching comparisons costs ten times the rest, and checksums cannot be guessed.
          "--trace=" + (name.equals("damaged") || name.equals("hostile") ? "cov" : "all"),
          "-max_total_time=" + seconds,
          "-timeout=20",
          "-len_control=0",
          "-max_len=4096",
          "-print_final_stats=1",
          "-artifact_prefix=" + inputs + "/");
    }

    /** The last line of progress, in words. */
    String progress() {
      Matcher last = null;
      for (String line : lines()) {
        Matcher matcher = PROGRESS.matcher(line);
        last = matcher.find() ? matcher : last;
      }
      long seconds = (System.nanoTime() - startNanos) / 1_000_000_000;
      if (last == null) {
        return name + ": starting, " + seconds + " s";
      }
      long executions = Long.parseLong(last.group(1));
      return String.format(
          Locale.ROOT,
          "%s: %,d executions in %,d s (%,d/s), %s edges and %s features covered, corpus %s",
          name,
          executions,
          seconds,
          executions / Math.max(1, seconds),
          last.group(2),
          last.group(3),
          last.group(4));
    }

    /** Prints how it ended, and returns whether anything was found. */
    boolean report() throws IOException {
      System.out.println(progress());
      int found = count(inputs) - inputsBefore;
      int status = process.exitValue();
      if (status == 0 && found == 0) {
        return false;
      }
      System.out.println(
          name
              + ": FOUND SOMETHING (status "
              + status
              + "), inputs in core/"
              + inputs
              + ", log core/"
              + log);
      lines().stream()
          .dropWhile(line -> !line.startsWith("== "))
          .limit(40)
          .forEach(System.out::println);
      return true;
    }

    private List<String> lines() {
      try {
        // The log has bytes of inputs.
        return List.of(Files.readString(log, ISO_8859_1).split("\n"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static int count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return (int) files.count();
    }
  }
}
