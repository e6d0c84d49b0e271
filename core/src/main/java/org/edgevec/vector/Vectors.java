package org.edgevec.vector;

import org.edgevec.Metric;

/**
 * Arithmetic on ranges of float arrays, the same on every platform to the last bit. The caller has
 * checked the ranges: TeaVM does not.
 */
public final class Vectors {

  private static final double MIN_NORM = 1e-30;
  private static final double MAX_NORM = 1e30;

  /** The sum of two of them, squared, is 3.386e38; the largest float is 3.403e38. */
  private static final double MAX_L2_NORM = 9.2e18;

  /** The product of two of them is 3.24e38. */
  private static final double MAX_DOT_NORM = 1.8e19;

  private Vectors() {}

  /**
   * The Euclidean length. Summed in doubles, where squares of floats neither overflow nor vanish;
   * in four parts, whose order is fixed.
   */
  public static double norm(float[] a, int start, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = start;
    for (int end = start + (count & ~3); i < end; i += 4) {
      s0 += (double) a[i] * a[i];
      s1 += (double) a[i + 1] * a[i + 1];
      s2 += (double) a[i + 2] * a[i + 2];
      s3 += (double) a[i + 3] * a[i + 3];
    }
    for (int end = start + count; i < end; i++) {
      s0 += (double) a[i] * a[i];
    }
    return Math.sqrt((s0 + s1) + (s2 + s3));
  }

  /** A hash of the components, to the bit; of four parts, which do not wait for each other. */
  public static int hash(float[] vector) {
    int h0 = 0;
    int h1 = 0;
    int h2 = 0;
    int h3 = 0;
    int i = 0;
    for (int end = vector.length & ~3; i < end; i += 4) {
      h0 = mixed(h0, vector[i]);
      h1 = mixed(h1, vector[i + 1]);
      h2 = mixed(h2, vector[i + 2]);
      h3 = mixed(h3, vector[i + 3]);
    }
    for (; i < vector.length; i++) {
      h0 = mixed(h0, vector[i]);
    }
    return ((h0 * 31 + h1) * 31 + h2) * 31 + h3;
  }

  private static int mixed(int hash, float component) {
    int mixed = (hash ^ Float.floatToRawIntBits(component)) * 0x85EB_CA6B;
    return mixed ^ mixed >>> 15;
  }

  /** Whether a vector of that norm is long and short enough for cosine to mean something. */
  public static boolean isDirection(double norm) {
    return norm >= MIN_NORM && norm <= MAX_NORM;
  }

  /**
   * Whether a vector of that norm can be scored against every other such: whether a direction,
   * under cosine, and otherwise whether all distances or products are finite floats.
   */
  public static boolean isScorable(double norm, Metric metric) {
    return switch (metric) {
      case L2 -> norm <= MAX_L2_NORM;
      case COSINE -> isDirection(norm);
      case DOT -> norm <= MAX_DOT_NORM;
    };
  }

  /** The vector of length 1 in the same direction. */
  public static float[] normalized(float[] vector) {
    double inverse = 1 / norm(vector, 0, vector.length);
    float[] direction = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      direction[i] = (float) (vector[i] * inverse);
    }
    return direction;
  }

  /**
   * The cosine of two vectors, from their inner product and the inverses of their norms. No
   * negative zero, which would be less than zero.
   */
  public static float cosine(float dot, float inverseNorm, float otherInverseNorm) {
    return Math.max(-1, Math.min(1, dot * inverseNorm * otherInverseNorm)) + 0f;
  }

  /** The inner product, summed in doubles: no floats overflow or vanish in them. */
  public static double dotInDoubles(float[] a, int aStart, float[] b, int bStart, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (double) a[aStart + i] * b[bStart + i];
    }
    return sum;
  }

  /** The square of the Euclidean distance, summed in doubles. */
  public static double squaredDistanceInDoubles(
      float[] a, int aStart, float[] b, int bStart, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double d = (double) a[aStart + i] - b[bStart + i];
      sum += d * d;
    }
    return sum;
  }

  /** The inner product. Four partial sums keep the processor's pipeline full. */
  public static float dot(float[] a, int aStart, float[] b, int bStart, int count) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (int end = count & ~3; i < end; i += 4) {
      s0 += a[aStart + i] * b[bStart + i];
      s1 += a[aStart + i + 1] * b[bStart + i + 1];
      s2 += a[aStart + i + 2] * b[bStart + i + 2];
      s3 += a[aStart + i + 3] * b[bStart + i + 3];
    }
    for (; i < count; i++) {
      s0 += a[aStart + i] * b[bStart + i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** The square of the Euclidean distance. */
  public static float squaredDistance(float[] a, int aStart, float[] b, int bStart, int count) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (int end = count & ~3; i < end; i += 4) {
      float d0 = a[aStart + i] - b[bStart + i];
      float d1 = a[aStart + i + 1] - b[bStart + i + 1];
      float d2 = a[aStart + i + 2] - b[bStart + i + 2];
      float d3 = a[aStart + i + 3] - b[bStart + i + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    for (; i < count; i++) {
      float d = a[aStart + i] - b[bStart + i];
      s0 += d * d;
    }
    return (s0 + s1) + (s2 + s3);
  }
}
