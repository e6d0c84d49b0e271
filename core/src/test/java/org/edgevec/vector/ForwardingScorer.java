package org.edgevec.vector;

/** Passes everything on; a test overrides what it wants to see, break or hold up. */
public abstract class ForwardingScorer implements Scorer {

  /** Where everything goes. */
  protected final Scorer inner;

  protected ForwardingScorer(Scorer inner) {
    this.inner = inner;
  }

  @Override
  public void query(float[] vector) {
    inner.query(vector);
  }

  @Override
  public void query(int ordinal) {
    inner.query(ordinal);
  }

  @Override
  public float nearness(int ordinal) {
    return inner.nearness(ordinal);
  }

  @Override
  public void nearness(int[] ordinals, int count, float[] nearness) {
    inner.nearness(ordinals, count, nearness);
  }

  @Override
  public boolean isExact() {
    return inner.isExact();
  }

  @Override
  public float slack(int ordinal) {
    return inner.slack(ordinal);
  }
}
