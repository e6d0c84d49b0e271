package org.edgevec.shape;

import org.edgevec.Metric;

/**
 * Vectors to search among, with queries: those held out and behind them half as many stored
 * vectors; and a sample of the stored ones, which shall find themselves.
 */
public final class CellData {

  static final int SAMPLE = 400;

  private final Metric metric;
  private final float[][] base;
  private final float[][] queries;
  private final int[] sampled;
  private final float[][] sample;
  private final float[][] besideSample;

  /**
   * @param base the stored vectors by ordinal
   * @param heldOut queries of the same kind that are not of them
   */
  public CellData(Metric metric, float[][] base, float[][] heldOut) {
    this.metric = metric;
    this.base = base;
    float[][] stored = vectors(ordinals(heldOut.length / 2));
    queries = new float[heldOut.length + stored.length][];
    System.arraycopy(heldOut, 0, queries, 0, heldOut.length);
    System.arraycopy(stored, 0, queries, heldOut.length, stored.length);
    sampled = ordinals(SAMPLE);
    sample = vectors(sampled);
    besideSample = beside(sample);
  }

  /** So many ordinals from all over, or all; the last is among them. */
  private int[] ordinals(int count) {
    int[] ordinals = new int[Math.min(count, base.length)];
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = (int) ((i + 1L) * base.length / ordinals.length) - 1;
    }
    return ordinals;
  }

  private float[][] vectors(int[] ordinals) {
    float[][] vectors = new float[ordinals.length][];
    for (int i = 0; i < ordinals.length; i++) {
      vectors[i] = base[ordinals[i]];
    }
    return vectors;
  }

  public Metric metric() {
    return metric;
  }

  public int dimension() {
    return base[0].length;
  }

  /** The stored vectors by ordinal; the same array every time. */
  public float[][] base() {
    return base;
  }

  /** All queries; the same array every time. */
  public float[][] queries() {
    return queries;
  }

  /** The stored vectors of the sample; the same array every time. */
  public float[][] sample() {
    return sample;
  }

  /**
   * The same, each with its largest component a bit off, as little as can be; the same array every
   * time.
   */
  public float[][] besideSample() {
    return besideSample;
  }

  private static float[][] beside(float[][] vectors) {
    float[][] beside = new float[vectors.length][];
    for (int i = 0; i < beside.length; i++) {
      beside[i] = vectors[i].clone();
      int largest = 0;
      for (int j = 1; j < beside[i].length; j++) {
        largest = Math.abs(beside[i][j]) > Math.abs(beside[i][largest]) ? j : largest;
      }
      beside[i][largest] = Float.intBitsToFloat(Float.floatToRawIntBits(beside[i][largest]) ^ 1);
    }
    return beside;
  }

  /** The ordinal of a vector of the sample. */
  int sampled(int index) {
    return sampled[index];
  }
}
