package org.edgevec.shape;

/** Whatever is searched. */
@FunctionalInterface
public interface Searcher {

  /**
   * Searches for each of several queries.
   *
   * @param queries those of a {@link CellData}, or its sample: that very array
   * @return by query the ordinals of what is found, nearest first
   */
  int[][] search(float[][] queries, int k, int efSearch);
}
