package org.edgevec.quant;

import org.edgevec.vector.Extremes;
import org.edgevec.vector.Scorer;

/** Bounds by codes, but for queries of which none are known. */
final class CodeScorer implements Scorer {

  private final Scorer exact;
  private final Codes codes;
  private final CodeQuery query;
  private final CodeBounds bounds;
  private final Extremes extremes;
  private final int[] single = new int[1];
  private final float[] singleNearness = new float[1];
  private boolean isExact;
  private double norm;
  private float factor;
  private float addend;

  /** What of a stored vector's error, of its norm, and in any case the query meets. */
  private float reach;

  private float lost;
  private float lostAnyway;

  /**
   * @param exact gets every query, too, and scores those of which no bounds are known
   * @param extremes what was seen among the vectors
   */
  CodeScorer(Scorer exact, Codes codes, CodeBounds bounds, Extremes extremes) {
    this.exact = exact;
    this.codes = codes;
    this.query = codes.query(exact);
    this.bounds = bounds;
    this.extremes = extremes;
  }

  @Override
  public boolean isExact() {
    return isExact;
  }

  @Override
  public void query(float[] vector) {
    exact.query(vector);
    begin(query.set(vector));
  }

  @Override
  public void query(int ordinal) {
    exact.query(ordinal);
    begin(query.set(ordinal));
  }

  private void begin(double queryNorm) {
    norm = queryNorm;
    isExact = !bounds.hold(queryNorm, extremes);
  }

  private void prepare() {
    if (query.prepare()) {
      float all = bounds.lost(query.residual(bounds), norm);
      lost = bounds.lostByNorm(all);
      lostAnyway = bounds.lostAnyway(all);
      factor = bounds.queryFactor(query.unit(), norm);
      addend = bounds.addend(norm);
      reach = bounds.reach(norm) + all;
    }
  }

  @Override
  public float nearness(int ordinal) {
    single[0] = ordinal;
    nearness(single, 1, singleNearness);
    return singleNearness[0];
  }

  @Override
  public void nearness(int[] ordinals, int count, float[] nearness) {
    if (isExact) {
      exact.nearness(ordinals, count, nearness);
      return;
    }
    prepare();
    query.bounds(ordinals, count, factor, addend + lostAnyway, reach, lost, nearness);
  }

  @Override
  public float slack(int ordinal) {
    if (isExact) {
      return 0;
    }
    prepare();
    float error =
        reach * codes.number(ordinal, CodeLayout.ERROR)
            + lost * codes.number(ordinal, CodeLayout.NORM)
            + lostAnyway;
    return bounds.slack(error, addend + codes.number(ordinal, CodeLayout.ADDEND));
  }
}
