package org.edgevec;

/** How nearness is measured; fixed when a database is created. */
public enum Metric {
  /**
   * Squared Euclidean distance, 0 or more and finite. A smaller score is nearer. Vectors longer
   * than 9.2e18 are refused, since distances between such could not be told in floats. Distances
   * below 1e-19, whose squares floats hold ever more coarsely, are in order as far as they differ
   * in it; those below 2.6e-23 are 0.
   */
  L2(1, false),

  /**
   * Cosine similarity, in [-1, 1]. A larger score is nearer. Vectors shorter than 1e-30 or longer
   * than 1e30 are refused, since their direction is lost in floats.
   */
  COSINE(2, true),

  /**
   * Inner product, finite. A larger score is nearer. Vectors longer than 1.8e19 are refused, since
   * products of such could not be told in floats. Products below 1e-38 are told ever more coarsely,
   * and below 7e-46 they are 0.
   */
  DOT(3, true);

  private final int formatCode;
  private final boolean higherIsNearer;

  Metric(int formatCode, boolean higherIsNearer) {
    this.formatCode = formatCode;
    this.higherIsNearer = higherIsNearer;
  }

  /** Whether a larger {@link Hit#score} means nearer. */
  public boolean higherIsNearer() {
    return higherIsNearer;
  }

  /** The number that stands for this metric in files; see docs/format.md. */
  public int formatCode() {
    return formatCode;
  }
}
