package org.edgevec.bench.matrix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.edgevec.bench.Percentiles;
import org.edgevec.shape.Bar;
import org.edgevec.shape.CellData;
import org.edgevec.shape.Quality;
import org.edgevec.shape.Truth;
import org.jspecify.annotations.Nullable;

/**
 * What was measured on one cell.
 *
 * @param data the name of the shape or data set
 * @param indexes the index as shipped, the same walked by floats, and its peer
 * @param faults what does not keep to the {@link Bar}
 */
public record MeasuredCell(
    String data,
    String metric,
    int dimension,
    int count,
    List<Measured> indexes,
    List<String> faults) {

  /**
   * Builds and measures; the time of searches in rounds that alternate.
   *
   * @param contestants the index as shipped, the same walked by floats, and its peer; closed
   */
  public static MeasuredCell measure(
      String name, CellData data, List<? extends Contestant> contestants, int rounds) {
    Truth truth = Truth.of(data);
    List<Running> all = new ArrayList<>();
    try {
      for (Contestant contestant : contestants) {
        all.add(new Running(contestant, data, truth));
      }
      for (int round = 0; round < rounds; round++) {
        for (Running running : all) {
          running.time(data.queries().length);
        }
      }
    } finally {
      contestants.forEach(Contestant::close);
    }
    return new MeasuredCell(
        name,
        data.metric().toString(),
        data.dimension(),
        data.base().length,
        all.stream().map(Running::measured).toList(),
        faults(data, all.get(0), all.get(1)));
  }

  private static List<String> faults(CellData data, Running shipped, Running floats) {
    Quality ours = shipped.quality;
    Quality theirs = floats.quality;
    if (ours == null || theirs == null) {
      boolean isRefused = shipped.measured().isRefused();
      return isRefused ? List.of() : List.of(String.valueOf(shipped.measured().failure()));
    }
    return Bar.faults(data.metric(), ours, theirs);
  }

  /** One index while it is measured. */
  private static final class Running {
    /** Of one round; a pass over few queries may take less than a pause of the machine. */
    private static final double MIN_MILLIS = 40;

    private final Contestant contestant;
    private final List<Double> micros = new ArrayList<>();
    private double buildSeconds;
    private @Nullable Quality quality;
    private @Nullable RuntimeException failure;
    private long searches;
    private long walkedAgain;
    private boolean isCounted;

    /** Builds it and measures how well it searches. */
    Running(Contestant contestant, CellData data, Truth truth) {
      this.contestant = contestant;
      try {
        buildSeconds = contestant.build(data);
        quality = Quality.of(contestant, data, truth);
      } catch (RuntimeException e) {
        // One that fails is a result; the others are still to be measured.
        failure = e;
      }
    }

    void time(int queries) {
      if (failure != null) {
        return;
      }
      long before = contestant.walkedAgain();
      double millis = 0;
      int asked = 0;
      while (millis < MIN_MILLIS) {
        millis += contestant.passMillis(Quality.K, Quality.DEFAULT_EF);
        asked += queries;
      }
      micros.add(1000 * millis / asked);
      searches += asked;
      isCounted = before >= 0;
      walkedAgain += contestant.walkedAgain() - before;
    }

    Measured measured() {
      Quality found = quality;
      if (found == null || failure != null) {
        return Measured.failed(
            contestant.name(), failure == null ? new IllegalStateException() : failure);
      }
      return new Measured(
          contestant.name(),
          null,
          false,
          buildSeconds,
          Quality.EFS.stream().mapToDouble(found::recall).toArray(),
          found.self(),
          found.beside(),
          found.fewer(),
          micros.isEmpty()
              ? Double.NaN
              : new Percentiles(micros.stream().mapToDouble(value -> value).toArray()).median(),
          isCounted ? (double) walkedAgain / searches : -1);
    }
  }

  Measured shipped() {
    return indexes.get(0);
  }

  Measured floats() {
    return indexes.get(1);
  }

  Measured peer() {
    return indexes.get(2);
  }

  /** What it is, for people. */
  String title() {
    return data + ", " + metric + ", " + dimension + " dimensions";
  }

  /** The largest step down in recall from one {@code efSearch} to a larger one, or NaN. */
  double largestFall() {
    if (shipped().failure() != null) {
      return Double.NaN;
    }
    double[] recalls = shipped().recalls();
    double[] falls = new double[recalls.length - 1];
    Arrays.setAll(falls, i -> recalls[i] - recalls[i + 1]);
    return Arrays.stream(falls).max().orElse(0);
  }
}
