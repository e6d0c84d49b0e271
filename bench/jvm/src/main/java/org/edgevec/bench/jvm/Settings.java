package org.edgevec.bench.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.edgevec.bench.Report;
import org.edgevec.bench.matrix.MatrixOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the benchmark measures and how.
 *
 * @param data the data sets that peers are compared on, as {@code DataSpec} reads them
 * @param askedData those of them that were asked for, and are not the default
 * @param matrix which data shapes are measured
 * @param peers who is compared
 * @param parameters how all build their graphs
 * @param rounds how often everything that is compared is measured, alternating
 * @param buildRounds how often indexes are built
 * @param queries how many queries at most
 * @param searchMillis how long one measurement of searches takes at least
 * @param heap of each child JVM, as {@code -Xmx} takes it
 * @param growthMax the most vectors of the growth sections
 * @param isQuick whether everything shall be small: to see that it runs, not for figures
 * @param work a folder for data and databases; emptied
 * @param luceneClassPath where Lucene's module is, or null
 * @param otherBuild another checkout of this project that is measured, too, or null
 */
record Settings(
    List<String> data,
    List<String> askedData,
    MatrixOptions matrix,
    List<Peers> peers,
    BuildParameters parameters,
    int rounds,
    int buildRounds,
    int queries,
    int searchMillis,
    String heap,
    int growthMax,
    boolean isQuick,
    Path work,
    @Nullable String luceneClassPath,
    @Nullable Path otherBuild) {

  /** From this JDK on a JVM warns of native code that was not allowed. */
  private static final int NATIVE_ACCESS_ASKED = 22;

  /** Whether a peer can run here; if it cannot, the report is told why. */
  boolean canRun(Peers peer, Report report) {
    String obstacle = peer.obstacle(luceneClassPath, otherBuild);
    if (obstacle != null) {
      report.text("Left out: " + obstacle);
    }
    return obstacle == null;
  }

  /** Starts a JVM with the Vector API for a task of EdgeVec's or of this project's. */
  Child startEdgeVec(Class<? extends Task> task) throws IOException {
    return Child.start(
        task.getName(), task.getName(), System.getProperty("java.class.path"), edgeVecOptions());
  }

  /** The same, with EdgeVec as another checkout built it: this one, or {@link #otherBuild}. */
  Child startEdgeVec(Class<? extends Task> task, @Nullable Path build) throws IOException {
    if (build == null) {
      return startEdgeVec(task);
    }
    String classPath = Peers.ofOtherBuild(System.getProperty("java.class.path"), build);
    return Child.start(task.getName(), task.getName(), classPath, edgeVecOptions());
  }

  /** The builds of EdgeVec that are measured, by what they are called; null is this one. */
  Map<String, @Nullable Path> builds() {
    Map<String, @Nullable Path> builds = new LinkedHashMap<>();
    builds.put(Peers.EDGEVEC.label(), null);
    if (otherBuild != null) {
      builds.put(Peers.EDGEVEC_OTHER.label(), otherBuild);
    }
    return builds;
  }

  /** The options of such a JVM. */
  List<String> edgeVecOptions() {
    List<String> options =
        new ArrayList<>(List.of("-Xmx" + heap, "--add-modules", "jdk.incubator.vector"));
    if (Runtime.version().feature() >= NATIVE_ACCESS_ASKED) {
      // SQLite loads a library.
      options.add("--enable-native-access=ALL-UNNAMED");
    }
    return options;
  }

  /** Of two sizes the one that fits: the first in a quick run. */
  int size(int quick, int full) {
    return isQuick ? quick : full;
  }
}
