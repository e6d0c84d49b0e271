package org.edgevec.shape;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.Metric;

/**
 * What an index must keep to, beside one over the same vectors whose graph is linked and walked by
 * the vectors themselves.
 */
public final class Bar {

  /** How far its recall may lie below the other's. */
  public static final double RECALL = 0.005;

  /**
   * Which part of the stored vectors must find themselves. Not under the inner product, where a
   * vector is seldom nearest to itself and the links lead to long ones: there it is as with recall.
   */
  public static final double SELF = 0.995;

  /**
   * How much less a larger {@code efSearch} may find. It looks at all that a smaller one looks at,
   * but for ties and for the order in which both arrive: so now and then a hit.
   */
  public static final double LARGER = 0.002;

  /** Of how many standard errors a difference may be chance; see {@link #error}. */
  private static final double ERRORS = 2;

  private Bar() {}

  /** Whether it does not matter what a walk by the vectors themselves finds: it finds no more. */
  public static boolean isClear(Metric metric, Quality shipped) {
    return shipped.recall(Quality.DEFAULT_EF) >= 1 - RECALL
        && shipped.beside() >= SELF
        && (metric != Metric.DOT || shipped.self() >= SELF);
  }

  /** What does not hold, in a sentence each; empty if all does. */
  public static List<String> faults(Metric metric, Quality shipped, Quality floats) {
    List<String> faults = new ArrayList<>();
    int ef = Quality.DEFAULT_EF;
    double below = floats.recall(ef) - shipped.recall(ef);
    if (below > RECALL + ERRORS * error(shipped, floats)) {
      faults.add(
          "recall " + shipped.recall(ef) + ", by the vectors themselves " + floats.recall(ef));
    }
    for (int i = 1; i < Quality.EFS.size(); i++) {
      double smaller = shipped.recall(Quality.EFS.get(i - 1));
      double larger = shipped.recall(Quality.EFS.get(i));
      if (larger < smaller - LARGER) {
        faults.add(
            "efSearch " + Quality.EFS.get(i) + " finds " + larger + ", a smaller one " + smaller);
      }
    }
    double self = metric == Metric.DOT ? Math.min(SELF, floats.self() - RECALL) : SELF;
    if (shipped.self() < self) {
      faults.add("only " + shipped.self() + " of the stored vectors find themselves");
    }
    double beside = Math.min(SELF, floats.beside() - RECALL) - ERRORS * shareError(floats.beside());
    if (shipped.beside() < beside) {
      faults.add(
          "only "
              + shipped.beside()
              + " of the stored vectors are found from beside them, by the vectors themselves "
              + floats.beside());
    }
    if (shipped.fewer() > 0) {
      faults.add(shipped.fewer() + " searches found fewer than min(k, live)");
    }
    return faults;
  }

  /** The standard error of the difference between two shares of a sample. */
  private static double shareError(double share) {
    return Math.sqrt(2 * share * (1 - share) / CellData.SAMPLE);
  }

  /**
   * The standard error of the mean difference between the two. Two graphs that are equally good are
   * not the same: where both miss something, they miss it for other queries. Nothing where both
   * find everything.
   */
  public static double error(Quality shipped, Quality floats) {
    double[] a = shipped.recalls(Quality.DEFAULT_EF);
    double[] b = floats.recalls(Quality.DEFAULT_EF);
    double mean = shipped.recall(Quality.DEFAULT_EF) - floats.recall(Quality.DEFAULT_EF);
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      double deviation = a[i] - b[i] - mean;
      squares += deviation * deviation;
    }
    return Math.sqrt(squares / a.length / Math.max(1, a.length - 1));
  }
}
