package org.edgevec.bench.jvm;

import org.edgevec.Platform;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.VectorArena;

/**
 * A platform that counts how many vectors are scored, in one thread: a measure of search that no
 * noise of a machine touches. It has no background, so a database opened on it only answers.
 */
final class CountingPlatform implements Platform {

  private final Platform inline = Platform.inline();
  private final CountingKernel kernel;

  CountingPlatform(Kernel kernel) {
    this.kernel = new CountingKernel(kernel);
  }

  /** How many vectors were scored so far. */
  long scored() {
    return kernel.scored;
  }

  @Override
  public long currentTimeMillis() {
    return inline.currentTimeMillis();
  }

  @Override
  public long randomLong() {
    return inline.randomLong();
  }

  @Override
  public boolean schedule(Runnable task, long delayMillis) {
    return false;
  }

  @Override
  public VectorArena.Factory vectors() {
    return HeapArena.factory(kernel);
  }

  private static final class CountingKernel implements Kernel {
    private final Kernel counted;
    private long scored;

    CountingKernel(Kernel counted) {
      this.counted = counted;
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
}
