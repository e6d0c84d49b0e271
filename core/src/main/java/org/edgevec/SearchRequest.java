package org.edgevec;

import org.edgevec.InvalidInputException.Code;

/**
 * What to search for. Immutable.
 *
 * @param query the query vector, of the database's dimension; not copied, so do not change it while
 *     the search runs
 * @param k how many hits at most, 1 to {@value #MAX_K}
 */
public record SearchRequest(float[] query, int k) {

  /** The largest {@code k}. */
  public static final int MAX_K = 10_000;

  public SearchRequest {
    if (k < 1 || k > MAX_K) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT, "k is " + k + "; ask for 1 to " + MAX_K + " hits.");
    }
  }

  /** The {@code k} entries nearest to {@code query}. */
  public static SearchRequest of(float[] query, int k) {
    return new SearchRequest(query, k);
  }
}
