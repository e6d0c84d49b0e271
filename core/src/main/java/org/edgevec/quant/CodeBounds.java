package org.edgevec.quant;

import org.edgevec.Metric;
import org.edgevec.vector.Extremes;

/**
 * How far a nearness made of byte codes may lie from the exact one.
 *
 * <p>A vector {@code x} of norm {@code n} has codes that stand for {@code x'}, and {@code r} is the
 * norm of the residual {@code x - x'}. For a query {@code q} the inner products differ by at most
 * {@code |q| r} (Cauchy and Schwarz), whatever the data; where the query has codes, too, by what
 * those lost times the norm of {@code x'} more, which is at most {@code n + r}. To that comes what
 * sums of floats, here and in the exact score, may be off by: at most {@code gamma |q| n} each,
 * where {@code gamma} is half a unit in the last place for every component and a few operations
 * more (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1). So a <em>bound</em>,
 * the nearness of the codes plus that error, is never below the exact nearness, and what bounds
 * exclude is excluded.
 *
 * <p>Everything is rounded up. It holds while no sum of squares overflows or vanishes; {@link
 * #hold} tells.
 */
public final class CodeBounds {

  private static final double HALF_UNIT = 0x1p-24;
  private static final double ROUND_UP = 1 + 0x1p-20;

  /** Operations on a sum beyond one for each component, and then some. */
  private static final int MORE_OPERATIONS = 16;

  /**
   * What a number in units may be off by, for each of its units: it was multiplied by an inverse.
   */
  private static final double UNIT_ROUNDING = 0x1p-22;

  private final Metric metric;
  private final int dimension;
  private final double gamma;

  /** Bounds for vectors of that many components. */
  public CodeBounds(int dimension, Metric metric) {
    this.metric = metric;
    this.dimension = dimension;
    this.gamma = (dimension + MORE_OPERATIONS) * HALF_UNIT;
  }

  /**
   * Whether bounds hold of all vectors for a query.
   *
   * @param queryNorm the query's norm
   * @param extremes what was seen among the vectors
   */
  public boolean hold(double queryNorm, Extremes extremes) {
    return metric == Metric.COSINE || !(extremes.areExtreme() || Extremes.isExtreme(queryNorm));
  }

  /**
   * The norm of a residual, or more.
   *
   * @param unit what a code of one stands for
   * @param largest the largest code
   * @param squaredRounding the sum of the squares of what components in units lost by rounding
   */
  public double residual(float unit, int largest, float squaredRounding) {
    double lost =
        Math.sqrt(squaredRounding * (1 + gamma)) + UNIT_ROUNDING * largest * Math.sqrt(dimension);
    return unit * lost * ROUND_UP;
  }

  /** What an inner product with a stored vector's codes is to be multiplied by. */
  public float factor(float unit, double norm) {
    return switch (metric) {
      case L2 -> 2 * unit;
      case DOT -> unit;
      case COSINE -> (float) (unit / norm);
    };
  }

  /** What it is to be multiplied by for the query, in units of its own. */
  public float queryFactor(float unit, double norm) {
    return metric == Metric.COSINE ? (float) (unit / norm) : unit;
  }

  /** What is to be added for either vector: of a squared distance, the square of its norm. */
  public float addend(double norm) {
    return metric == Metric.L2 ? (float) (-norm * norm * (1 - gamma - 0x1p-20)) : 0;
  }

  /** What {@link #reach} is to be multiplied by and added for a stored vector. */
  public float error(double residual, double norm) {
    double error = (residual + 2 * gamma * (norm + residual)) * ROUND_UP;
    return (float) (metric == Metric.COSINE ? error / norm : error);
  }

  /**
   * How much of a stored vector's {@link #error} a query of that norm meets. Under cosine queries
   * are normalized.
   */
  public float reach(double queryNorm) {
    return metric == Metric.COSINE ? (float) ROUND_UP : times(queryNorm);
  }

  /**
   * What counts for each unit of length of what a stored vector's codes stand for, because the
   * query has codes, too. That length is at most the vector's norm and its {@link #error}.
   *
   * @param residual of the query; 0 if it has no codes
   */
  public float lost(double residual, double queryNorm) {
    return times(metric == Metric.COSINE ? residual / queryNorm : residual);
  }

  /** What of {@link #lost} a stored vector's norm is to be multiplied by. */
  public float lostByNorm(float lost) {
    return metric == Metric.COSINE ? 0 : lost;
  }

  /** What of {@link #lost} counts whatever the vector's norm is: all, where it is normalized. */
  public float lostAnyway(float lost) {
    return metric == Metric.COSINE ? lost : 0;
  }

  private float times(double length) {
    return (float) ((metric == Metric.L2 ? 2 : 1) * length * ROUND_UP);
  }

  /**
   * How far below a bound the exact nearness may lie. Twice the error covers what rounding adds to
   * it, too, for {@link #gamma} counts more operations than there are; but under L2 the squares of
   * norms count, of which {@link #addend} leaves some out.
   *
   * @param error that the query meets: what was added to the nearness of the codes
   * @param addends the query's and the vector's
   */
  public float slack(float error, float addends) {
    double leftOut = metric == Metric.L2 ? -4.0 * (gamma + 0x1p-20) * addends : 0;
    return (float) ((2.0 * error + leftOut) * ROUND_UP);
  }
}
