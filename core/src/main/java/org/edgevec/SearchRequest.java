package org.edgevec;

import java.util.Arrays;
import java.util.Objects;
import org.edgevec.InvalidInputException.Code;

/** What to search for. Immutable; the methods that take a value return changed copies. */
public final class SearchRequest {

  /** The largest {@code k}. */
  public static final int MAX_K = 10_000;

  /** The largest {@code efSearch}. */
  public static final int MAX_EF_SEARCH = 100_000;

  /** The {@code efSearch} of a request that does not say. */
  public static final int DEFAULT_EF_SEARCH = 100;

  private final float[] query;
  private final int k;
  private final int efSearch;
  private final boolean exact;

  private SearchRequest(float[] query, int k, int efSearch, boolean exact) {
    this.query = query;
    this.k = k;
    this.efSearch = efSearch;
    this.exact = exact;
  }

  /**
   * The {@code k} entries nearest to {@code query}.
   *
   * @param query of the database's dimension; not copied before the search begins
   * @param k how many at most, 1 to {@value #MAX_K}
   * @throws InvalidInputException if {@code k} is outside its range
   */
  public static SearchRequest of(float[] query, int k) {
    if (k < 1 || k > MAX_K) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT, "k is " + k + "; ask for 1 to " + MAX_K + " hits.");
    }
    return new SearchRequest(Arguments.required(query, "The query"), k, DEFAULT_EF_SEARCH, false);
  }

  /**
   * With another number of candidates that the walk through the graph keeps, {@value
   * #DEFAULT_EF_SEARCH} unless set: more finds more of the true nearest and takes longer.
   *
   * @param value 1 to {@value #MAX_EF_SEARCH}; below {@code k} it counts as {@code k}
   * @throws InvalidInputException if it is outside its range
   */
  public SearchRequest efSearch(int value) {
    if (value < 1 || value > MAX_EF_SEARCH) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          "efSearch is " + value + "; it must be 1 to " + MAX_EF_SEARCH + ".");
    }
    return new SearchRequest(query, k, value, exact);
  }

  /** Scoring every vector, so that the true nearest are found for certain. */
  public SearchRequest exact() {
    return new SearchRequest(query, k, efSearch, true);
  }

  /** The query vector; the array that was given. */
  public float[] query() {
    return query;
  }

  /** How many hits at most. */
  public int k() {
    return k;
  }

  /** How many candidates the walk through the graph keeps. */
  public int efSearch() {
    return efSearch;
  }

  /** Whether every vector is scored. */
  public boolean isExact() {
    return exact;
  }

  /** Compares the queries' components, too. */
  @Override
  public boolean equals(Object other) {
    return other instanceof SearchRequest request
        && k == request.k
        && efSearch == request.efSearch
        && exact == request.exact
        && Arrays.equals(query, request.query);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(query), k, efSearch, exact);
  }

  @Override
  public String toString() {
    return "SearchRequest[query="
        + Entry.text(query)
        + ", k="
        + k
        + ", efSearch="
        + efSearch
        + ", exact="
        + exact
        + "]";
  }
}
