package org.edgevec.bench.jvm;

import org.edgevec.vector.Kernel;

/**
 * Counts how many vectors are scored, in one thread: a measure of search that no noise of a machine
 * touches.
 */
final class CountingKernel implements Kernel {

  private final Kernel counted;
  private long scored;

  CountingKernel(Kernel counted) {
    this.counted = counted;
  }

  /** How many vectors were scored so far. */
  long scored() {
    return scored;
  }

  @Override
  public String name() {
    return counted.name();
  }

  @Override
  public float dot(float[] a, int aStart, float[] b, int bStart, int count) {
    scored++;
    return counted.dot(a, aStart, b, bStart, count);
  }

  @Override
  public float squaredDistance(float[] a, int aStart, float[] b, int bStart, int count) {
    scored++;
    return counted.squaredDistance(a, aStart, b, bStart, count);
  }

  @Override
  public void dot4(
      float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at) {
    scored += 4;
    counted.dot4(q, qStart, rows, starts, count, out, at);
  }

  @Override
  public void squaredDistance4(
      float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at) {
    scored += 4;
    counted.squaredDistance4(q, qStart, rows, starts, count, out, at);
  }
}
