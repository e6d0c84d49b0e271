package org.edgevec;

import org.edgevec.InvalidInputException.Code;

/**
 * What to search for. Immutable; the {@code with}-style methods return changed copies.
 *
 * @param query the query vector, of the database's dimension; not copied before the search begins
 * @param k how many hits at most, 1 to {@value #MAX_K}
 * @param efSearch how many candidates the walk through the graph keeps, 1 to {@value
 *     #MAX_EF_SEARCH}: more finds more of the true nearest and takes longer. Below {@code k} it
 *     counts as {@code k}
 * @param isExact whether every vector is scored, so that the true nearest are found for certain
 */
public record SearchRequest(float[] query, int k, int efSearch, boolean isExact) {

  /** The largest {@code k}. */
  public static final int MAX_K = 10_000;

  /** The largest {@code efSearch}. */
  public static final int MAX_EF_SEARCH = 100_000;

  /** The {@code efSearch} of a request that does not say. */
  public static final int DEFAULT_EF_SEARCH = 100;

  public SearchRequest {
    Arguments.required(query, "The query");
    if (k < 1 || k > MAX_K) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT, "k is " + k + "; ask for 1 to " + MAX_K + " hits.");
    }
    if (efSearch < 1 || efSearch > MAX_EF_SEARCH) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          "efSearch is " + efSearch + "; it must be 1 to " + MAX_EF_SEARCH + ".");
    }
  }

  /** The {@code k} entries nearest to {@code query}. */
  public static SearchRequest of(float[] query, int k) {
    return new SearchRequest(query, k, DEFAULT_EF_SEARCH, false);
  }

  /** With another number of candidates. */
  public SearchRequest efSearch(int value) {
    return new SearchRequest(query, k, value, isExact);
  }

  /** Scoring every vector. */
  public SearchRequest exact() {
    return new SearchRequest(query, k, efSearch, true);
  }
}
