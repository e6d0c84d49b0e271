package org.edgevec.bench.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.edgevec.bench.Percentiles;

/** One peer in a JVM of its own on one data set, and what was found. Not thread-safe. */
final class Contender implements AutoCloseable {

  static final int K = 10;

  final Peers peer;
  final Child child;
  final List<List<PeerTask.Built>> built = new ArrayList<>();
  final TreeMap<Integer, Double> recalls = new TreeMap<>();
  final TreeMap<Integer, List<PeerTask.Timed>> timed = new TreeMap<>();

  private Contender(Peers peer, Child child) {
    this.peer = peer;
    this.child = child;
    for (int i = 0; i < peer.ways().size(); i++) {
      built.add(new ArrayList<>());
    }
  }

  /** Starts a peer's JVM and has it read its data. */
  static Contender start(Settings settings, Workload workload, Peers peer) throws Exception {
    Contender contender =
        new Contender(
            peer, peer.start(settings.heap(), settings.luceneClassPath(), settings.otherBuild()));
    contender.child.ask(
        "load", new PeerTask.Load(workload.folder().toString()), PeerTask.Text.class);
    return contender;
  }

  /** Has it build an index, anew if there is one. */
  void build(Settings settings, int way) throws Exception {
    PeerTask.Build build =
        new PeerTask.Build(
            peer.ways().get(way),
            settings.parameters(),
            settings.work().resolve(peer.key() + "-" + way).toString());
    built.get(way).add(child.ask("build", build, PeerTask.Built.class));
    Progress.tell("%s built (%s): %.1f s", peer.label(), build.way(), medianBuildSeconds(way));
  }

  /** The recall with so many candidates, measured once. */
  double recall(int ef) throws Exception {
    Double known = recalls.get(ef);
    if (known == null) {
      known = child.ask("recall", new PeerTask.Search(K, ef, 0), PeerTask.Value.class).value();
      recalls.put(ef, known);
    }
    return known;
  }

  /** Looks between what was measured for the smallest ef that reaches a recall. */
  void narrow(double target) throws Exception {
    int high = efFor(target);
    Integer below = recalls.lowerKey(high);
    int low = below == null ? high : below;
    while (high - low > Math.max(1, high / 50)) {
      int middle = (low + high) >>> 1;
      if (recall(middle) >= target) {
        high = middle;
      } else {
        low = middle;
      }
    }
  }

  /** The smallest ef measured that reaches the recall, or 0 if none does. */
  int efFor(double target) {
    return recalls.entrySet().stream()
        .filter(entry -> entry.getValue() >= target)
        .mapToInt(entry -> entry.getKey())
        .findFirst()
        .orElse(0);
  }

  /** Times searches once more. */
  void time(int ef, int minMillis) throws Exception {
    PeerTask.Search search = new PeerTask.Search(K, ef, minMillis);
    timed
        .computeIfAbsent(ef, key -> new ArrayList<>())
        .add(child.ask("time", search, PeerTask.Timed.class));
  }

  double medianQps(int ef) {
    return median(ef, PeerTask.Timed::qps);
  }

  double median(int ef, ToDoubleFunction<PeerTask.Timed> figure) {
    return figures(ef, figure).median();
  }

  Percentiles figures(int ef, ToDoubleFunction<PeerTask.Timed> figure) {
    return new Percentiles(
        timed.getOrDefault(ef, List.of()).stream().mapToDouble(figure).toArray());
  }

  double medianBuildSeconds(int way) {
    return new Percentiles(built.get(way).stream().mapToDouble(PeerTask.Built::seconds).toArray())
        .median();
  }

  double medianBuildCpuSeconds(int way) {
    return new Percentiles(
            built.get(way).stream().mapToDouble(PeerTask.Built::cpuSeconds).toArray())
        .median();
  }

  @Override
  public void close() throws Exception {
    child.close();
  }
}
