package org.edgevec.bench.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The indexes that can be measured, and what their JVMs need. */
enum Peers {
  EDGEVEC(
      "edgevec",
      "EdgeVec",
      PeerTask.OfEdgeVec.class.getName(),
      List.of(EdgeVecPeer.GRAPH, EdgeVecPeer.DURABLE),
      List.of(),
      17),
  /** This project as another checkout has it, to compare two states of it in one run. */
  EDGEVEC_OTHER(
      "edgevec-other",
      "EdgeVec, other build",
      PeerTask.OfEdgeVec.class.getName(),
      List.of(EdgeVecPeer.GRAPH, EdgeVecPeer.DURABLE),
      List.of(),
      17),
  EDGEVEC_SCALAR(
      "edgevec-scalar",
      "EdgeVec, scalar kernel",
      PeerTask.OfEdgeVec.class.getName(),
      List.of(EdgeVecPeer.GRAPH),
      List.of(),
      17),
  LUCENE(
      "lucene",
      "Lucene",
      "org.edgevec.bench.lucene.LucenePeerTask",
      List.of("default buffer, forceMerge(1)", "one flush, one thread"),
      List.of("--enable-native-access=ALL-UNNAMED"),
      21),
  JVECTOR(
      "jvector",
      "JVector, Vector API",
      PeerTask.OfJVector.class.getName(),
      List.of(JVectorPeer.IN_MEMORY),
      List.of("-Djvector.vectorization_provider=panama"),
      20),
  JVECTOR_NATIVE(
      "jvector-native",
      "JVector, native",
      PeerTask.OfJVector.class.getName(),
      List.of(JVectorPeer.IN_MEMORY),
      List.of("-Djvector.vectorization_provider=native", "--enable-native-access=ALL-UNNAMED"),
      22),
  HNSWLIB(
      "hnswlib",
      "hnswlib-core",
      PeerTask.OfHnswlib.class.getName(),
      List.of(HnswlibPeer.IN_MEMORY),
      List.of(),
      17);

  /** What a class path has of the modules that make up EdgeVec on the JVM, without their tests. */
  private static final Pattern MEASURED =
      Pattern.compile(
          ".*[/\\\\](core|backend-file|simd)[/\\\\]target[/\\\\]"
              + "(classes|edgevec[^/\\\\]*(?<!-tests)\\.jar)[/\\\\]?");

  private static final List<String> VECTOR_API = List.of("--add-modules", "jdk.incubator.vector");

  private final String key;
  private final String label;
  private final String taskClass;
  private final List<String> ways;
  private final List<String> jvmOptions;
  private final int minJava;

  Peers(
      String key,
      String label,
      String taskClass,
      List<String> ways,
      List<String> jvmOptions,
      int minJava) {
    this.key = key;
    this.label = label;
    this.taskClass = taskClass;
    this.ways = ways;
    this.jvmOptions = jvmOptions;
    this.minJava = minJava;
  }

  /** Its name on the command line and in file names. */
  String key() {
    return key;
  }

  /** Its name for people. */
  String label() {
    return label;
  }

  /** The ways in which it builds an index; what the last one built is searched. */
  List<String> ways() {
    return ways;
  }

  static Peers of(String key) {
    return Arrays.stream(values())
        .filter(peer -> peer.key.equals(key))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("\"" + key + "\" is none of " + keys() + "."));
  }

  static String keys() {
    return Arrays.stream(values()).map(Peers::key).collect(Collectors.joining(", "));
  }

  /**
   * Why it cannot run here.
   *
   * @param luceneClassPath where Lucene's module is, or null if it was not built
   * @param otherBuild another checkout of this project, or null
   * @return null if it can
   */
  @Nullable String obstacle(@Nullable String luceneClassPath, @Nullable Path otherBuild) {
    if (Runtime.version().feature() < minJava) {
      return String.format(
          "%s needs a JDK %d, and this is JDK %d: install a newer one (https://adoptium.net) and"
              + " let EDGEVEC_BENCH_JAVA name its folder.",
          label, minJava, Runtime.version().feature());
    }
    if (this == EDGEVEC_OTHER && otherBuild == null) {
      return label + " needs --other-build.";
    }
    return this == LUCENE && luceneClassPath == null
        ? label + " was not built: it needs --lucene-class-path, which ./dev bench jvm gives."
        : null;
  }

  /**
   * Starts its JVM.
   *
   * @param heap as {@code -Xmx} takes it
   */
  Child start(String heap, @Nullable String luceneClassPath, @Nullable Path otherBuild)
      throws IOException {
    List<String> options = new ArrayList<>(jvmOptions);
    options.add("-Xmx" + heap);
    if (this != EDGEVEC_SCALAR) {
      options.addAll(VECTOR_API);
    }
    return Child.start(label, taskClass, classPath(luceneClassPath, otherBuild), options);
  }

  private String classPath(@Nullable String luceneClassPath, @Nullable Path otherBuild) {
    String own = System.getProperty("java.class.path");
    if (this == LUCENE && luceneClassPath != null) {
      return luceneClassPath;
    }
    if (this == EDGEVEC_OTHER && otherBuild != null) {
      return ofOtherBuild(own, otherBuild);
    }
    return this == EDGEVEC_SCALAR ? withoutSimd(own) : own;
  }

  /** The class path with the modules that are measured as another checkout built them. */
  static String ofOtherBuild(String classPath, Path checkout) {
    return Arrays.stream(classPath.split(File.pathSeparator, -1))
        .map(entry -> ofOtherBuild(MEASURED.matcher(entry), entry, checkout))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String ofOtherBuild(Matcher measured, String entry, Path checkout) {
    if (!measured.matches()) {
      return entry;
    }
    Path other = checkout.resolve(measured.group(1)).resolve("target").resolve(measured.group(2));
    if (!Files.exists(other)) {
      throw new IllegalArgumentException("There is no " + other + ": build that checkout first.");
    }
    return other.toAbsolutePath().toString();
  }

  /** The class path without what holds the Vector API kernels. */
  static String withoutSimd(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator, -1))
        .filter(
            entry -> !entry.contains("edgevec-simd") && !entry.matches(".*simd.target.classes/?"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
