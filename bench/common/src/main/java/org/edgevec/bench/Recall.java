package org.edgevec.bench;

/** How many of the true nearest vectors a search finds. */
public final class Recall {

  private Recall() {}

  /**
   * The part of the {@code k} nearest that was found among the first {@code k} hits, over all
   * queries.
   *
   * @param truth for each query the ordinals of the nearest, at least {@code k}
   * @param found for each query the ordinals that were found, in any order
   * @return 0 to 1
   */
  public static double at(int k, int[][] truth, int[][] found) {
    if (truth.length != found.length) {
      throw new IllegalArgumentException(
          found.length + " answers cannot be compared with " + truth.length + " true ones.");
    }
    long hits = 0;
    for (int i = 0; i < truth.length; i++) {
      hits += common(truth[i], found[i], k);
    }
    return (double) hits / ((long) truth.length * k);
  }

  private static int common(int[] truth, int[] found, int k) {
    int hits = 0;
    for (int i = 0; i < k; i++) {
      hits += contains(found, Math.min(k, found.length), truth[i]) ? 1 : 0;
    }
    return hits;
  }

  private static boolean contains(int[] array, int count, int value) {
    for (int i = 0; i < count; i++) {
      if (array[i] == value) {
        return true;
      }
    }
    return false;
  }
}
