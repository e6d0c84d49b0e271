package org.edgevec.bench.jvm;

/**
 * The straight line with the least squares of errors.
 *
 * @param intercept where x is 0
 * @param determination R²: the part of the variance of y that the line explains
 */
record LineFit(double intercept, double slope, double determination) {

  /** The line through the points, of which at least two have different x. */
  static LineFit of(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    double slope = xy / xx;
    return new LineFit(meanY - slope * meanX, slope, yy == 0 ? 1 : slope * xy / yy);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
