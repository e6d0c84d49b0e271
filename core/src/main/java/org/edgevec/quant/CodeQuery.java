package org.edgevec.quant;

/**
 * A query of a platform's {@link Codes}: as floats, or as codes of its own. Not thread-safe.
 *
 * <p>Whole batches are scored by one call: in the browser it is one into a kernel, and on no
 * platform does it call anything for each vector that is not known beforehand.
 */
public interface CodeQuery {

  /**
   * This vector from now on; it is not changed meanwhile. The scorer has it already.
   *
   * @return the norm of what is scored against: the vector, or under cosine perhaps its direction
   */
  double set(float[] vector);

  /**
   * The arena's vector of that ordinal from now on. The scorer has it already.
   *
   * @return the norm, as above
   */
  double set(int ordinal);

  /**
   * Sees to it that the query is where it can be scored against: another one may have used the
   * place.
   *
   * @return whether {@link #unit} and {@link #residual} are to be looked at again
   */
  boolean prepare();

  /** What one of the query's components, as they are multiplied, stands for. */
  float unit();

  /** The norm of what the query's codes lost, or more; 0 if it has none. */
  double residual(CodeBounds bounds);

  /**
   * How near vectors are at most: for each the inner product with its codes times its factor and
   * {@code factor}, its addend and {@code addend}, and so much of its error and of its norm. The
   * query is prepared.
   *
   * @param ordinals whose
   * @param count how many of them, from the first
   * @param reach what errors are multiplied by
   * @param lost what norms are multiplied by: 0 if the query has no codes
   * @param bounds receives the result for {@code ordinals[i]} at {@code i}
   */
  void bounds(
      int[] ordinals,
      int count,
      float factor,
      float addend,
      float reach,
      float lost,
      float[] bounds);
}
