package org.edgevec;

/** How nearness is measured; fixed when a database is created. */
public enum Metric {
  /** Squared Euclidean distance, in [0, infinity]. A smaller score is nearer. */
  L2(1, false),

  /**
   * Cosine similarity, in [-1, 1]. A larger score is nearer. Vectors shorter than 1e-30 or longer
   * than 1e30 are refused, since their direction is lost in floats.
   */
  COSINE(2, true),

  /** Inner product. A larger score is nearer; there is no bound but that of floats. */
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
