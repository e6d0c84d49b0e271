package org.edgevec.shape;

import org.edgevec.Metric;

/**
 * Which answers are right, computed in doubles; it shares no code with what is measured.
 *
 * <p>A hit is right if it is as near as the true {@code k}-th. So of equally near ones each will
 * do, and also of those whose difference no sum of floats can show: 2^-20 of a squared distance,
 * 2^-21 of the product of the lengths, half of it for each of the two that are compared.
 */
public final class Truth {

  private static final double DISTANCE_ROUNDING = 0x1p-20;
  private static final double PRODUCT_ROUNDING = 0x1p-21;

  private final Metric metric;
  private final float[][] base;
  private final double[] norms;
  private final float[][] queries;
  private final int k;

  /** How near the true k-th is, by query. */
  private final double[] bounds;

  /** Finds what is near to the data's queries. */
  public static Truth of(CellData data) {
    return new Truth(data.metric(), data.base(), data.queries(), Quality.K);
  }

  /**
   * @param base the stored vectors
   * @param k how many to find, as many as there are at most
   */
  Truth(Metric metric, float[][] base, float[][] queries, int k) {
    this.metric = metric;
    this.base = base;
    this.queries = queries;
    this.k = Math.min(k, base.length);
    norms = new double[base.length];
    for (int i = 0; i < base.length; i++) {
      norms[i] = norm(base[i]);
    }
    bounds = new double[queries.length];
    for (int i = 0; i < queries.length; i++) {
      bounds[i] = bound(queries[i]);
    }
  }

  private double bound(float[] query) {
    double norm = norm(query);
    double[] nearest = new double[k];
    int count = 0;
    for (int ordinal = 0; ordinal < base.length; ordinal++) {
      double nearness = nearness(query, norm, ordinal);
      if (count < k || nearness > nearest[k - 1]) {
        int at = count < k ? count++ : k - 1;
        for (; at > 0 && nearest[at - 1] < nearness; at--) {
          nearest[at] = nearest[at - 1];
        }
        nearest[at] = nearness;
      }
    }
    return nearest[k - 1];
  }

  /** Which part of the true nearest of a query is among the ordinals that were found. */
  public double recall(int query, int[] found) {
    double norm = norm(queries[query]);
    int right = 0;
    for (int i = 0; i < Math.min(k, found.length); i++) {
      double nearness = nearness(queries[query], norm, found[i]);
      if (nearness >= bounds[query] - rounding(bounds[query], norm, found[i])) {
        right++;
      }
    }
    return (double) right / k;
  }

  /** Whether what was found for a stored vector is that vector, or one at least as near to it. */
  public boolean isItself(int ordinal, int found) {
    double own = nearness(base[ordinal], norms[ordinal], ordinal);
    double other = nearness(base[ordinal], norms[ordinal], found);
    return other >= own - rounding(own, norms[ordinal], found);
  }

  private double rounding(double nearness, double norm, int ordinal) {
    return switch (metric) {
      case L2 -> DISTANCE_ROUNDING * -nearness;
      case COSINE -> PRODUCT_ROUNDING;
      case DOT -> PRODUCT_ROUNDING * norm * norms[ordinal];
    };
  }

  private double nearness(float[] query, double norm, int ordinal) {
    float[] vector = base[ordinal];
    return switch (metric) {
      case L2 -> -squaredDistance(query, vector);
      case COSINE -> dot(query, vector) / (norm * norms[ordinal]);
      case DOT -> dot(query, vector);
    };
  }

  private static double norm(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  private static double dot(float[] a, float[] b) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 2 <= a.length; i += 2) {
      even += (double) a[i] * b[i];
      odd += (double) a[i + 1] * b[i + 1];
    }
    return even + odd + (i < a.length ? (double) a[i] * b[i] : 0);
  }

  private static double squaredDistance(float[] a, float[] b) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 2 <= a.length; i += 2) {
      double one = (double) a[i] - b[i];
      double other = (double) a[i + 1] - b[i + 1];
      even += one * one;
      odd += other * other;
    }
    double last = i < a.length ? (double) a[i] - b[i] : 0;
    return even + odd + last * last;
  }
}
