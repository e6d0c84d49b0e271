package org.edgevec.bench;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Finds the true nearest vectors by comparing every query with every vector, in all processors. It
 * shares no code with what is measured.
 */
public final class ExactNeighbors {

  /** After so many components a sum may be found too large already. */
  private static final int LOOK_EVERY = 64;

  private ExactNeighbors() {}

  /**
   * The ordinals of the {@code k} nearest vectors to each query, nearest first; of equally near
   * ones those with the lower ordinals.
   */
  public static int[][] find(float[][] base, float[][] queries, int k) {
    int[][] result = new int[queries.length][];
    IntStream.range(0, queries.length)
        .parallel()
        .forEach(i -> result[i] = nearest(base, queries[i], Math.min(k, base.length)));
    return result;
  }

  private static int[] nearest(float[][] base, float[] query, int k) {
    int[] ordinals = new int[k];
    float[] distances = new float[k];
    Arrays.fill(distances, Float.POSITIVE_INFINITY);
    int count = 0;
    for (int ordinal = 0; ordinal < base.length; ordinal++) {
      float distance = squaredDistance(query, base[ordinal], distances[k - 1]);
      if (count < k || distance < distances[k - 1]) {
        insert(ordinals, distances, count, ordinal, distance);
        count = Math.min(k, count + 1);
      }
    }
    return ordinals;
  }

  private static void insert(
      int[] ordinals, float[] distances, int count, int ordinal, float distance) {
    int at = Math.min(count, ordinals.length - 1);
    while (at > 0 && distances[at - 1] > distance) {
      ordinals[at] = ordinals[at - 1];
      distances[at] = distances[at - 1];
      at--;
    }
    ordinals[at] = ordinal;
    distances[at] = distance;
  }

  /** The squared distance, or something above the bound. */
  private static float squaredDistance(float[] a, float[] b, float bound) {
    float sum = 0;
    for (int from = 0; from < a.length && sum <= bound; from += LOOK_EVERY) {
      sum += squaredDistance(a, b, from, Math.min(a.length, from + LOOK_EVERY));
    }
    return sum;
  }

  /** Four sums at a time, since one addition need not wait for the other. */
  private static float squaredDistance(float[] a, float[] b, int from, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      float d0 = a[i] - b[i];
      float d1 = a[i + 1] - b[i + 1];
      float d2 = a[i + 2] - b[i + 2];
      float d3 = a[i + 3] - b[i + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    for (; i < to; i++) {
      float d = a[i] - b[i];
      s0 += d * d;
    }
    return (s0 + s1) + (s2 + s3);
  }
}
