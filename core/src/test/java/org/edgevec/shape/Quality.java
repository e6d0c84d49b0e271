package org.edgevec.shape;

import java.util.List;

/**
 * What was measured of one index.
 *
 * @param recalls by position in {@link #EFS} and query
 * @param self the part of the sampled stored vectors that find themselves, or what is as near
 * @param beside the same of queries that are a bit off: what walks find, where a stored vector is
 *     looked up
 * @param fewer how many searches came back with fewer hits than they should
 */
public record Quality(double[][] recalls, double self, double beside, int fewer) {

  /** The values of {@code efSearch}. */
  public static final List<Integer> EFS = List.of(10, 30, 100, 400);

  /** That of a search that does not say. */
  public static final int DEFAULT_EF = 100;

  /** How many hits a search is asked for. */
  public static final int K = 10;

  /** A k as large as the default {@code efSearch}: all that is kept is asked for. */
  private static final int MANY = 100;

  /** Measures an index over all of the data's vectors. */
  public static Quality of(Searcher searcher, CellData data, Truth truth) {
    int size = data.base().length;
    int fewer = 0;
    double[][] recalls = new double[EFS.size()][];
    for (int i = 0; i < recalls.length; i++) {
      int[][] found = searcher.search(data.queries(), K, EFS.get(i));
      recalls[i] = recalls(truth, found);
      fewer += fewer(found, Math.min(K, size));
    }
    int[][] found = searcher.search(data.sample(), K, DEFAULT_EF);
    fewer += fewer(found, Math.min(K, size));
    double self = self(data, truth, found);
    double beside = self(data, truth, searcher.search(data.besideSample(), K, DEFAULT_EF));
    fewer += fewer(searcher.search(data.queries(), MANY, DEFAULT_EF), Math.min(MANY, size));
    return new Quality(recalls, self, beside, fewer);
  }

  private static double[] recalls(Truth truth, int[][] found) {
    double[] recalls = new double[found.length];
    for (int i = 0; i < recalls.length; i++) {
      recalls[i] = truth.recall(i, found[i]);
    }
    return recalls;
  }

  private static double self(CellData data, Truth truth, int[][] found) {
    int self = 0;
    for (int i = 0; i < found.length; i++) {
      boolean isAny = found[i].length > 0;
      self += isAny && truth.isItself(data.sampled(i), found[i][0]) ? 1 : 0;
    }
    return (double) self / found.length;
  }

  private static int fewer(int[][] found, int wanted) {
    int fewer = 0;
    for (int[] hits : found) {
      fewer += hits.length == wanted ? 0 : 1;
    }
    return fewer;
  }

  /** The mean recall with an {@code efSearch} of {@link #EFS}. */
  public double recall(int ef) {
    double sum = 0;
    for (double recall : recalls(ef)) {
      sum += recall;
    }
    return sum / recalls(ef).length;
  }

  double[] recalls(int ef) {
    return recalls[EFS.indexOf(ef)];
  }
}
