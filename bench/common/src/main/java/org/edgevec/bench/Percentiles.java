package org.edgevec.bench;

import java.util.Arrays;

/** Percentiles of measured values, by nearest rank: always a value that was measured. */
public final class Percentiles {

  private final double[] sorted;

  /**
   * @param values at least one; copied
   */
  public Percentiles(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("There are no values to take a percentile of.");
    }
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  /**
   * The smallest value that at least so many percent of all values do not exceed.
   *
   * @param percent above 0, at most 100
   */
  public double at(double percent) {
    if (!(percent > 0 && percent <= 100)) {
      throw new IllegalArgumentException(percent + " is no percentage above 0, up to 100.");
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
  }

  /** Half of the values are no larger. */
  public double median() {
    return at(50);
  }

  public double min() {
    return sorted[0];
  }

  public double max() {
    return sorted[sorted.length - 1];
  }
}
