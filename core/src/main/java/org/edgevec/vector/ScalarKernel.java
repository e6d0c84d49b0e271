package org.edgevec.vector;

/** Plain Java, the same on every platform to the last bit. */
public final class ScalarKernel implements Kernel {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public float dot(float[] a, int aStart, float[] b, int bStart, int count) {
    return Vectors.dot(a, aStart, b, bStart, count);
  }

  @Override
  public float squaredDistance(float[] a, int aStart, float[] b, int bStart, int count) {
    return Vectors.squaredDistance(a, aStart, b, bStart, count);
  }

  @Override
  public void dot4(
      float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at) {
    for (int i = 0; i < 4; i++) {
      out[at + i] = Vectors.dot(q, qStart, rows[i], starts[i], count);
    }
  }

  @Override
  public void squaredDistance4(
      float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at) {
    for (int i = 0; i < 4; i++) {
      out[at + i] = Vectors.squaredDistance(q, qStart, rows[i], starts[i], count);
    }
  }
}
