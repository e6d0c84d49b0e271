package org.edgevec.quant;

import org.edgevec.Metric;
import org.edgevec.vector.Extremes;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * Vectors with a coarser copy of each for walking through a graph. A walk is bound by how fast
 * memory gives vectors out, and of the copies it gives out four times as many. What a walk found is
 * scored again by the vectors themselves.
 */
public final class CodedArena implements VectorArena {

  private final VectorArena vectors;
  private final Extremes extremes;
  private final Codes codes;
  private final CodeBounds bounds;

  /**
   * Adds codes to an arena that has no vectors yet.
   *
   * @param extremes what the arena notes of its vectors
   * @param codes of its vectors
   */
  public CodedArena(VectorArena vectors, Extremes extremes, Codes codes) {
    this.vectors = vectors;
    this.extremes = extremes;
    this.codes = codes;
    this.bounds = new CodeBounds(vectors.dimension(), vectors.metric());
  }

  /** Makes arenas on the heap that score with a kernel; with codes, if it has them. */
  public static Factory on(Kernel kernel) {
    return (dimension, metric) -> {
      HeapArena vectors = new HeapArena(dimension, metric, kernel);
      Codes codes = kernel instanceof CodingKernel coding ? coding.codes(vectors) : null;
      return codes == null ? vectors : new CodedArena(vectors, vectors.extremes(), codes);
    };
  }

  @Override
  public int dimension() {
    return vectors.dimension();
  }

  @Override
  public Metric metric() {
    return vectors.metric();
  }

  @Override
  public int capacity() {
    return Math.min(codes.capacity(), vectors.capacity());
  }

  @Override
  public void reserve(int count) {
    vectors.reserve(count);
    codes.reserve(count);
  }

  @Override
  public void read(int ordinal, int component, byte[] source, int offset, int count) {
    vectors.read(ordinal, component, source, offset, count);
  }

  @Override
  public void write(int ordinal, int component, byte[] target, int offset, int count) {
    vectors.write(ordinal, component, target, offset, count);
  }

  @Override
  public void copy(VectorArena source, int from, int to) {
    CodedArena other = (CodedArena) source;
    vectors.copy(other.vectors, from, to);
    codes.copy(other.codes, from, to);
  }

  @Override
  public void shrink(int count) {
    vectors.shrink(count);
    codes.shrink(count);
  }

  @Override
  public double settle(int ordinal) {
    double norm = vectors.settle(ordinal);
    float unit = codes.encode(ordinal) / CodeLayout.MAX_CODE;
    boolean isTelling = CodeLayout.isTelling(unit);
    double residual =
        isTelling
            ? bounds.residual(unit, CodeLayout.MAX_CODE, codes.number(ordinal, CodeLayout.ERROR))
            : norm;
    codes.setNumbers(
        ordinal,
        isTelling ? bounds.factor(unit, norm) : 0,
        bounds.addend(norm),
        bounds.error(residual, norm),
        (float) norm);
    return norm;
  }

  @Override
  public float[] get(int ordinal) {
    return vectors.get(ordinal);
  }

  @Override
  public boolean isEqual(int ordinal, float[] vector) {
    return vectors.isEqual(ordinal, vector);
  }

  @Override
  public Scorer scorer() {
    return vectors.scorer();
  }

  @Override
  public Scorer walker(Scorer scorer) {
    return new CodeScorer(scorer, codes, bounds, extremes);
  }

  @Override
  public Scorer linker() {
    return vectors.linker();
  }

  /** Of the vectors alone: who reads without a lock does not walk. */
  @Override
  public VectorArena view() {
    return vectors.view();
  }

  @Override
  public void release() {
    vectors.release();
  }
}
