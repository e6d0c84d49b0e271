package org.edgevec.shape;

import org.edgevec.bytes.SplitMix64;

/**
 * Generates vectors as embeddings are: in clusters that overlap, and of low intrinsic dimension.
 *
 * <p>There are {@value #CLUSTERS} clusters, unless another number is asked for. The centre of a
 * cluster is a linear map of a point in {@value #INTRINSIC} dimensions, one map for all. A vector
 * is the centre of a cluster drawn at random, plus that cluster's own linear map of a normally
 * distributed point in {@value #INTRINSIC} dimensions, plus a little normal noise in every
 * component ({@value #NOISE}, where centres and points within a cluster have a deviation of about
 * 1). So two vectors of a cluster are nearer than two of different ones, by a factor of about 1.4,
 * and near neighbours differ in about {@value #INTRINSIC} directions, whatever the dimension.
 * Uniform noise would have no near neighbours at all, and says nothing about search.
 *
 * <p>Each vector depends on seed, dimension and its own number alone, so a larger set begins with
 * the smaller one, and queries, which are drawn in the same way from numbers of their own, are
 * never among the vectors. The same on every platform: there is nothing but additions and
 * multiplications of IEEE numbers, in a fixed order.
 */
public final class ClusteredVectors {

  public static final int CLUSTERS = 100;
  static final int INTRINSIC = 12;
  static final float NOISE = 0.05f;

  /** The numbers of queries begin here, so that no vector has one. */
  private static final long FIRST_QUERY = 1L << 40;

  private final int dimension;
  private final long seed;
  private final float[][] centers;

  /** By cluster; row by row of {@link #INTRINSIC}, one row for each component. */
  private final float[][] maps;

  /**
   * Vectors in {@value #CLUSTERS} clusters.
   *
   * @param dimension components of every vector, at least 1
   * @param seed another one gives other clusters and other vectors
   */
  public ClusteredVectors(int dimension, long seed) {
    this(dimension, CLUSTERS, seed);
  }

  /**
   * Vectors in so many clusters.
   *
   * @param dimension components of every vector, at least 1
   * @param clusters at least 1
   * @param seed another one gives other clusters and other vectors
   */
  public ClusteredVectors(int dimension, int clusters, long seed) {
    this.dimension = dimension;
    this.seed = seed;
    this.centers = new float[clusters][];
    this.maps = new float[clusters][];
    SplitMix64 random = new SplitMix64(seed);
    float[] common = map(random);
    for (int c = 0; c < clusters; c++) {
      centers[c] = new float[dimension];
      addMapped(centers[c], common, point(random));
      maps[c] = map(random);
    }
  }

  /** The vectors with the numbers from {@code first} on. */
  public float[][] base(int first, int count) {
    return range(first, count);
  }

  /** The first so many queries. */
  public float[][] queries(int count) {
    return range(FIRST_QUERY, count);
  }

  private float[][] range(long first, int count) {
    float[][] result = new float[count][];
    for (int i = 0; i < count; i++) {
      result[i] = vector(first + i);
    }
    return result;
  }

  private float[] vector(long number) {
    // Neighbouring seeds would give sequences that overlap.
    SplitMix64 random = new SplitMix64(seed ^ new SplitMix64(~number).nextLong());
    int cluster = random.nextInt(centers.length);
    float[] vector = centers[cluster].clone();
    addMapped(vector, maps[cluster], point(random));
    for (int i = 0; i < dimension; i++) {
      vector[i] += NOISE * Chance.normal(random);
    }
    return vector;
  }

  /** A random linear map that keeps the deviation of a component at about 1. */
  private float[] map(SplitMix64 random) {
    float scale = (float) (1 / Math.sqrt(INTRINSIC));
    float[] map = new float[dimension * INTRINSIC];
    for (int i = 0; i < map.length; i++) {
      map[i] = scale * Chance.normal(random);
    }
    return map;
  }

  private static float[] point(SplitMix64 random) {
    float[] point = new float[INTRINSIC];
    for (int i = 0; i < INTRINSIC; i++) {
      point[i] = Chance.normal(random);
    }
    return point;
  }

  private static void addMapped(float[] vector, float[] map, float[] point) {
    for (int i = 0; i < vector.length; i++) {
      float sum = 0;
      for (int j = 0; j < INTRINSIC; j++) {
        sum += map[i * INTRINSIC + j] * point[j];
      }
      vector[i] += sum;
    }
  }
}
