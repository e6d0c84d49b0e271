package org.edgevec.bench;

import java.util.Arrays;

/**
 * Vectors to search among, and queries of the same kind that are not among them. Nearness is the
 * Euclidean distance.
 *
 * @param name for people, as "MNIST 60,000 × 784"
 * @param key for file names: letters, digits and hyphens
 * @param base the vectors, all of one dimension; a vector's number is its ordinal
 * @param queries the queries, of the same dimension
 */
public record DataSet(String name, String key, float[][] base, float[][] queries) {

  public DataSet {
    if (base.length == 0 || queries.length == 0) {
      throw new IllegalArgumentException("The data set " + name + " has no vectors or no queries.");
    }
    requireDimension(name, base, base[0].length);
    requireDimension(name, queries, base[0].length);
  }

  private static void requireDimension(String name, float[][] vectors, int dimension) {
    for (int i = 0; i < vectors.length; i++) {
      if (vectors[i].length != dimension) {
        throw new IllegalArgumentException(
            String.format(
                "In the data set %s, vector %d has %d components, and the first has %d.",
                name, i, vectors[i].length, dimension));
      }
    }
  }

  /** Components of every vector. */
  public int dimension() {
    return base[0].length;
  }

  /** How many vectors there are to search among. */
  public int size() {
    return base.length;
  }

  /** With the first so many queries, if there are more. */
  public DataSet withQueries(int count) {
    return count >= queries.length
        ? this
        : new DataSet(name, key, base, Arrays.copyOf(queries, count));
  }

  /** With every vector scaled to length 1, so that the order is that of cosines. */
  public DataSet normalized() {
    return new DataSet(
        name + ", normalised", key + "-normalized", normalized(base), normalized(queries));
  }

  private static float[][] normalized(float[][] vectors) {
    return Arrays.stream(vectors).map(DataSet::normalized).toArray(float[][]::new);
  }

  private static float[] normalized(float[] vector) {
    double sum = 0;
    for (float component : vector) {
      sum += (double) component * component;
    }
    double factor = sum == 0 ? 1 : 1 / Math.sqrt(sum);
    float[] result = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      result[i] = (float) (vector[i] * factor);
    }
    return result;
  }
}
