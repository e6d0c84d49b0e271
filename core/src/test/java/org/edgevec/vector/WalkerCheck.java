package org.edgevec.vector;

import java.util.Arrays;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;

/**
 * Holds a {@linkplain VectorArena#walker walker} to its word on data of many shapes: what it tells
 * is at least the exact nearness, at most its slack more, and for ordinary data not much more.
 * Plain Java, for the browser, too.
 */
final class WalkerCheck {

  private static final int COUNT = 61;

  /** What the vectors are like. */
  private enum Shape {
    PLAIN,
    OFFSET,
    OUTLIER,
    NEAR_EACH_OTHER,
    LONG_AND_SHORT,
    ONE_HOT,
    HUGE,
    TINY,
    SUBNORMAL,
    ZEROS;

    void change(float[] vector, float[] first, SplitMix64 random) {
      double size = Math.exp(6 * uniform(random));
      for (int i = 0; i < vector.length; i++) {
        float value = vector[i];
        vector[i] =
            switch (this) {
              case PLAIN -> value;
              case OFFSET -> value + 1000;
              case OUTLIER -> i == 0 ? 1e6f * value : value;
              case NEAR_EACH_OTHER -> first[i] + 1e-4f * value;
              case LONG_AND_SHORT -> (float) (value * size);
              case ONE_HOT -> 0;
              case HUGE -> value * 1e20f;
              case TINY -> value * 1e-25f;
              case SUBNORMAL -> value * 1e-40f;
              case ZEROS -> 0;
            };
      }
      if (this == ONE_HOT) {
        vector[(int) ((random.nextLong() >>> 1) % vector.length)] = 3;
      }
    }

    /** Whether there are vectors without a direction. */
    boolean isNothing() {
      return this == SUBNORMAL || this == ZEROS;
    }
  }

  private final VectorArena.Factory arenas;

  WalkerCheck(VectorArena.Factory arenas) {
    this.arenas = arenas;
  }

  /**
   * Checks every shape under every metric, at lengths that fill the last step of a kernel in part.
   */
  void run() {
    for (Metric metric : Metric.values()) {
      for (Shape shape : Shape.values()) {
        for (int dimension = 1; dimension <= 67; dimension++) {
          check(metric, shape, dimension);
        }
        check(metric, shape, 384);
        check(metric, shape, 4096);
      }
    }
  }

  private void check(Metric metric, Shape shape, int dimension) {
    if (metric == Metric.COSINE && shape.isNothing()) {
      return;
    }
    VectorArena arena = arenas.create(dimension, metric);
    SplitMix64 random = new SplitMix64(dimension);
    arena.reserve(COUNT);
    float[] first = vector(random, dimension);
    for (int ordinal = 0; ordinal < COUNT; ordinal++) {
      float[] vector = vector(random, dimension);
      shape.change(vector, first, random);
      put(arena, ordinal, vector);
    }
    String what = metric + " " + shape + " " + dimension;
    Scorer scorer = arena.scorer();
    Scorer walker = arena.walker(arena.scorer());
    for (int query = 0; query < COUNT; query += 7) {
      scorer.query(query);
      walker.query(query);
      compare(walker, scorer, arena, query, shape, what + ", ordinal " + query);
      scorer.query(arena.get(query));
      walker.query(arena.get(query));
      compare(walker, scorer, arena, query, shape, what + ", query " + query);
    }
    arena.release();
  }

  private static void compare(
      Scorer walker, Scorer scorer, VectorArena arena, int query, Shape shape, String what) {
    int[] ordinals = new int[COUNT];
    Arrays.setAll(ordinals, i -> i);
    float[] exact = new float[COUNT];
    float[] bounds = new float[COUNT];
    scorer.nearness(ordinals, COUNT, exact);
    walker.nearness(ordinals, COUNT, bounds);
    double slack = 0;
    for (int i = 0; i < COUNT; i++) {
      check(bounds[i] >= exact[i], what + ", " + i + ": " + bounds[i] + " under " + exact[i]);
      check(
          bounds[i] - walker.slack(i) <= exact[i],
          what + ", " + i + ": " + exact[i] + " under " + bounds[i] + " by more than it says");
      check(!walker.isExact() || walker.slack(i) == 0, what + ", " + i + " is exact");
      check(walker.nearness(i) == bounds[i], what + ", " + i + " alone");
      slack += bounds[i] - exact[i];
    }
    if (shape == Shape.PLAIN && arena.dimension() > 8) {
      double norm = Vectors.norm(arena.get(query), 0, arena.dimension());
      double scale = arena.metric() == Metric.COSINE ? 1 : norm * norm;
      check(slack / COUNT < 0.03 * scale, what + ": " + slack / COUNT + " too much");
    }
  }

  private static double uniform(SplitMix64 random) {
    return (random.nextLong() >>> 11) * 0x1p-53;
  }

  private static float[] vector(SplitMix64 random, int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (2 * uniform(random) - 1);
    }
    return vector;
  }

  private static void put(VectorArena arena, int ordinal, float[] vector) {
    byte[] bytes = new byte[4 * vector.length];
    LittleEndian.putFloats(vector, 0, bytes, 0, vector.length);
    arena.read(ordinal, 0, bytes, 0, vector.length);
    arena.settle(ordinal);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
