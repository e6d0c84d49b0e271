package org.edgevec.quant;

/**
 * The row of a vector: its codes, a byte a component in units of its largest one over {@link
 * #MAX_CODE}, and behind them four floats, which make a bound of its nearness of an inner product
 * of codes, as {@link CodeBounds} says. Bytes between the two, which a platform may want for its
 * kernels, are 0.
 *
 * <pre>
 * codes | ... | factor | addend | error | norm
 * </pre>
 */
public final class CodeLayout {

  /** The largest code; the least is its negative. */
  public static final int MAX_CODE = 127;

  /** Where the first float is, in bytes behind the codes: what the inner product is a part of. */
  public static final int FACTOR = 0;

  /** Where what is added is. */
  public static final int ADDEND = Float.BYTES;

  /** Where that is of which the query meets as much as its {@linkplain CodeBounds#reach reach}. */
  public static final int ERROR = 2 * Float.BYTES;

  /** Where the norm is: for when the vector is the query, or the query has codes, too. */
  public static final int NORM = 3 * Float.BYTES;

  /** How long the four are together. */
  public static final int NUMBER_BYTES = 4 * Float.BYTES;

  private CodeLayout() {}

  /**
   * Whether codes say anything. Those of what is not finite, or nearly nothing, do not: all of the
   * vector is residual.
   *
   * @param unit what a code of one stands for
   */
  public static boolean isTelling(float unit) {
    return unit >= Float.MIN_NORMAL && unit < Float.POSITIVE_INFINITY;
  }
}
