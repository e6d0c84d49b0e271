package org.edgevec.bench.browser;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the cheapest parameter with which a peer reaches a recall, and measures a curve on the way.
 *
 * <p>The candidates are ordered from cheap to dear, and recall is taken to grow with them. Every
 * {@code stride}-th is tried until one has the curve's recall, then the gap before the first that
 * has the wanted recall is halved until it closes.
 */
final class Sweep<P> {

  /** Measures with one parameter. */
  interface Probe<P> {
    Measured<P> measure(P parameter);
  }

  /** What was measured with one parameter; {@code millis} are the single queries' times. */
  record Measured<P>(P parameter, double recall, double meanMillis, double[] millis) {}

  private final List<P> candidates;
  private final int stride;
  private final double wanted;
  private final double curveEnd;

  /**
   * @param candidates from cheap to dear; at least one
   * @param stride at least 1; 1 measures all that the curve needs
   * @param wanted the recall to reach
   * @param curveEnd the recall at which the curve may end, at least {@code wanted}
   */
  Sweep(List<P> candidates, int stride, double wanted, double curveEnd) {
    if (candidates.isEmpty() || stride < 1 || curveEnd < wanted) {
      throw new IllegalArgumentException(
          "A sweep needs candidates, a stride, and ordered recalls.");
    }
    this.candidates = List.copyOf(candidates);
    this.stride = stride;
    this.wanted = wanted;
    this.curveEnd = curveEnd;
  }

  /** All that was measured, in the order of the candidates. */
  List<Measured<P>> run(Probe<P> probe) {
    List<Indexed<P>> points = new ArrayList<>();
    Optional<Indexed<P>> below = Optional.empty();
    Optional<Indexed<P>> reached = Optional.empty();
    for (int index = 0; ; index = Math.min(index + stride, candidates.size() - 1)) {
      Indexed<P> point = measure(probe, index);
      points.add(point);
      if (reached.isEmpty()) {
        if (point.recall() >= wanted) {
          reached = Optional.of(point);
        } else {
          below = Optional.of(point);
        }
      }
      if (point.recall() >= curveEnd || index == candidates.size() - 1) {
        break;
      }
    }
    if (reached.isPresent()) {
      refine(probe, below.map(Indexed::index).orElse(-1), reached.get().index(), points);
    }
    points.sort(Comparator.comparingInt(Indexed::index));
    return points.stream().map(Indexed::measured).toList();
  }

  /** The first of the measured that has at least this recall. */
  static <P> Optional<Measured<P>> firstWith(List<Measured<P>> measured, double recall) {
    return measured.stream().filter(point -> point.recall() >= recall).findFirst();
  }

  private void refine(Probe<P> probe, int below, int reached, List<Indexed<P>> points) {
    int low = below;
    int high = reached;
    while (high - low > 1 && low >= 0) {
      int middle = (low + high) >>> 1;
      Indexed<P> point = measure(probe, middle);
      points.add(point);
      if (point.recall() >= wanted) {
        high = middle;
      } else {
        low = middle;
      }
    }
  }

  private Indexed<P> measure(Probe<P> probe, int index) {
    return new Indexed<>(index, probe.measure(candidates.get(index)));
  }

  private record Indexed<P>(int index, Measured<P> measured) {
    double recall() {
      return measured.recall();
    }
  }
}
