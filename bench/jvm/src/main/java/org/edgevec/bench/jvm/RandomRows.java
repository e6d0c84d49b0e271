package org.edgevec.bench.jvm;

import java.util.SplittableRandom;
import org.edgevec.Metric;
import org.edgevec.bench.Percentiles;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.quant.CodedArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;

/**
 * Scores vectors at random places, as a walk through a graph does, but without a graph: what that
 * costs is what the kernel takes and the memory lets through, and no search is quicker.
 */
final class RandomRows {

  /** About as many as a node of the graph brings that were not met before. */
  private static final int BATCH = 16;

  private static final int PASS = 100_000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final float[][] queries;
  private final Scorer walker;
  private final int count;
  private final int[] ordinals = new int[BATCH];
  private final float[] nearness = new float[BATCH];
  private final SplittableRandom random = new SplittableRandom(1);
  private volatile float sink;

  /**
   * @param base all that is scored; held once more, as a database holds it
   */
  RandomRows(float[][] base, float[][] queries) {
    VectorArena arena = CodedArena.on(EdgeVecPeer.kernel()).create(base[0].length, Metric.L2);
    arena.reserve(base.length);
    for (int i = 0; i < base.length; i++) {
      put(arena, i, base[i]);
    }
    this.queries = queries;
    this.walker = arena.walker(arena.scorer());
    this.count = base.length;
  }

  private static void put(VectorArena arena, int ordinal, float[] vector) {
    byte[] bytes = new byte[vector.length * Float.BYTES];
    LittleEndian.putFloats(vector, 0, bytes, 0, vector.length);
    arena.read(ordinal, 0, bytes, 0, vector.length);
    arena.settle(ordinal);
  }

  /** Nanoseconds for each vector, the median of the rounds after one that warms up. */
  double nanos(int rounds, int millis) {
    round(millis);
    double[] nanos = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      nanos[round] = round(millis);
    }
    return new Percentiles(nanos).median();
  }

  private double round(int millis) {
    long begin = System.nanoTime();
    long end = begin + (long) millis * NANOS_PER_MILLI;
    long scored = 0;
    long now = begin;
    while (now < end) {
      pass();
      scored += PASS;
      now = System.nanoTime();
    }
    return (now - begin) / (double) scored;
  }

  private void pass() {
    walker.query(queries[random.nextInt(queries.length)]);
    float sum = 0;
    for (int i = 0; i < PASS; i += BATCH) {
      for (int j = 0; j < BATCH; j++) {
        ordinals[j] = random.nextInt(count);
      }
      walker.nearness(ordinals, BATCH, nearness);
      sum += nearness[0];
    }
    sink = sum;
  }

  /** What the last pass came to, so that none can be left out as useless. */
  float lastSum() {
    return sink;
  }
}
