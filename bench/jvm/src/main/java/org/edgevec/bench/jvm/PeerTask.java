package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import org.edgevec.bench.Percentiles;
import org.edgevec.bench.Recall;
import org.edgevec.bench.VecsFile;

/** Has one peer in this JVM build an index and search it. */
public class PeerTask implements Task {

  private static final Gson GSON = new Gson();

  private final Peer peer;
  private float[][] base = {};
  private float[][] queries = {};
  private int[][] truth = {};

  /**
   * Keeps what searches return, so that none can be left out as useless; volatile, so that the
   * compiler cannot see that nobody looks.
   */
  private volatile Object sink = "";

  protected PeerTask(Peer peer) {
    this.peer = peer;
  }

  /** Where the files of a {@link Workload} are. */
  record Load(String folder) {}

  /** What to build. */
  record Build(String way, BuildParameters parameters, String folder) {}

  /**
   * @param seconds by the clock
   * @param cpuSeconds of all threads, the compiler's and the collector's included
   */
  record Built(double seconds, double cpuSeconds) {}

  /**
   * @param minMillis queries are repeated in whole passes until so long is over
   */
  record Search(int k, int ef, int minMillis) {}

  /**
   * The time of searches, one after the other in one thread.
   *
   * @param qps by the clock
   * @param cpuQps by the time that the thread had a processor: what {@code qps} would be on a
   *     machine that does nothing else
   */
  record Timed(double qps, double cpuQps, double p50Micros, double p99Micros) {}

  /** A number. */
  record Value(double value) {}

  /** A text. */
  record Text(String text) {}

  @Override
  public Object handle(String command, JsonObject arguments) throws IOException {
    return switch (command) {
      case "describe" -> new Text(peer.description());
      case "load" -> load(Path.of(GSON.fromJson(arguments, Load.class).folder()));
      case "build" -> build(GSON.fromJson(arguments, Build.class));
      case "recall" -> recall(GSON.fromJson(arguments, Search.class));
      case "time" -> time(GSON.fromJson(arguments, Search.class));
      default -> throw new IllegalArgumentException(command);
    };
  }

  private Text load(Path folder) throws IOException {
    base = VecsFile.readFloats(Workload.baseFile(folder));
    queries = VecsFile.readFloats(Workload.queryFile(folder));
    truth = VecsFile.readInts(Workload.truthFile(folder));
    return new Text("loaded");
  }

  private Built build(Build build) throws IOException {
    Path folder = Folders.empty(Path.of(build.folder()));
    System.gc();
    long cpu = cpuNanos();
    double seconds = peer.build(build.way(), base, build.parameters(), folder);
    return new Built(seconds, (cpuNanos() - cpu) / 1e9);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static long threadCpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private Value recall(Search search) throws IOException {
    int[][] found = new int[queries.length][];
    for (int i = 0; i < queries.length; i++) {
      found[i] = peer.ordinals(peer.search(queries[i], search.k(), search.ef()));
    }
    return new Value(Recall.at(search.k(), truth, found));
  }

  private Timed time(Search search) throws IOException {
    long[] nanos = new long[queries.length * 4];
    int count = 0;
    long cpu = threadCpuNanos();
    long begin = System.nanoTime();
    long end = begin + search.minMillis() * 1_000_000L;
    long now = begin;
    while (count == 0 || now < end) {
      if (count + queries.length > nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * nanos.length);
      }
      for (float[] query : queries) {
        sink = peer.search(query, search.k(), search.ef());
        long then = now;
        now = System.nanoTime();
        nanos[count++] = now - then;
      }
    }
    double cpuSeconds = (threadCpuNanos() - cpu) / 1e9;
    Percentiles micros =
        new Percentiles(Arrays.stream(nanos, 0, count).mapToDouble(n -> n / 1e3).toArray());
    double seconds = (now - begin) / 1e9;
    return new Timed(count / seconds, count / cpuSeconds, micros.median(), micros.at(99));
  }

  /** What the last search returned. */
  protected Object lastAnswer() {
    return sink;
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }

  /** {@link EdgeVecPeer}. */
  static final class OfEdgeVec extends PeerTask {
    OfEdgeVec() {
      super(new EdgeVecPeer());
    }
  }

  /** {@link JVectorPeer}. */
  static final class OfJVector extends PeerTask {
    OfJVector() {
      super(new JVectorPeer());
    }
  }

  /** {@link HnswlibPeer}. */
  static final class OfHnswlib extends PeerTask {
    OfHnswlib() {
      super(new HnswlibPeer());
    }
  }
}
