package org.edgevec.linear;

import org.edgevec.Metric;
import org.edgevec.vector.Extremes;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.Vectors;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;

/** Scores vectors of a {@link LinearArena} under every metric. */
final class LinearScorer implements Scorer {

  /** Whose query is in the {@link Scratch}. */
  private static @Nullable Scorer scratchOwner;

  private final LinearArena arena;
  private final Extremes extremes;
  private final int dimension;
  private final boolean isDistance;
  private final boolean isCosine;

  /** The query, normalised under cosine; null if it is that of an ordinal. */
  private float @Nullable [] vector;

  /** Where the query lies. */
  private int query;

  /** The inverse of the query's norm, if its direction is not what lies there. */
  private float factor = 1;

  private boolean isQueryTiny;
  private final boolean isLinker;

  LinearScorer(LinearArena arena, boolean isLinker) {
    this.arena = arena;
    this.extremes = arena.extremes();
    this.dimension = arena.dimension();
    this.isDistance = arena.metric() == Metric.L2;
    this.isCosine = arena.metric() == Metric.COSINE;
    this.isLinker = isLinker && arena.metric() == Metric.DOT;
  }

  @Override
  public void query(float[] queried) {
    isQueryTiny = !isCosine && Extremes.hasTiny(queried, 0, dimension);
    vector = isCosine ? Vectors.normalized(queried) : queried;
    query = Scratch.query();
    factor = 1;
    scratchOwner = null;
  }

  @Override
  public void query(int ordinal) {
    vector = null;
    query = arena.address(ordinal);
    factor = isCosine ? inverseNorm(query) : 1;
    isQueryTiny = false; // It is the arena's, which knows.
    if (isCosine && !Extremes.isModerate(factor)) {
      query(arena.get(ordinal));
    }
  }

  private float inverseNorm(int address) {
    return Address.fromInt(address + 4 * dimension).getFloat();
  }

  boolean isCosine() {
    return isCosine;
  }

  /** The inverse of the norm of what lies where the query is, under cosine. */
  float factor() {
    return factor;
  }

  /**
   * Sees to it that the query lies where it should: another scorer may have used the place.
   *
   * @return its address
   */
  int prepare() {
    float[] queried = vector;
    if (queried != null && scratchOwner != this) {
      Scratch.putFloats(queried, Scratch.query());
      scratchOwner = this;
    }
    return query;
  }

  @Override
  public float nearness(int ordinal) {
    prepare();
    if (isRooted()) {
      return Extremes.root(inDoubles(arena.address(ordinal)));
    }
    return one(arena.address(ordinal));
  }

  private boolean isRooted() {
    return isLinker && extremes.areExtreme();
  }

  private float one(int row) {
    return score(
        isDistance
            ? Kernels.squaredDistance(query, row, dimension)
            : Kernels.dot(query, row, dimension),
        row);
  }

  /** What a kernel's result means. */
  private float score(float result, int row) {
    if (isCosine) {
      return Vectors.cosine(result, factor, inverseNorm(row));
    }
    boolean areTiny = isQueryTiny || extremes.areTiny();
    float sound = Extremes.isSound(result, areTiny) ? result : Extremes.rounded(inDoubles(row));
    return isDistance ? 0 - sound : sound;
  }

  private double inDoubles(int row) {
    double sum = 0;
    Address a = Address.fromInt(query);
    Address b = Address.fromInt(row);
    for (int i = 0; i < dimension; i++, a = a.add(4), b = b.add(4)) {
      double x = a.getFloat();
      double y = b.getFloat();
      sum += isDistance ? (x - y) * (x - y) : x * y;
    }
    return sum;
  }

  @Override
  public void nearness(int[] ordinals, int count, float[] nearness) {
    prepare();
    if (isRooted()) {
      for (int i = 0; i < count; i++) {
        nearness[i] = nearness(ordinals[i]);
      }
      return;
    }
    // Two or three at the end are scored as four: that takes no longer than one.
    for (int i = 0; i < count; i += 4) {
      int last = Math.min(4, count - i) - 1;
      int r0 = arena.address(ordinals[i]);
      if (last == 0) {
        nearness[i] = one(r0);
      } else {
        int r1 = arena.address(ordinals[i + 1]);
        int r2 = arena.address(ordinals[i + Math.min(2, last)]);
        int r3 = arena.address(ordinals[i + last]);
        four(r0, r1, r2, r3);
        nearness[i] = result(0, r0);
        nearness[i + 1] = result(1, r1);
        if (last > 1) {
          nearness[i + 2] = result(2, r2);
        }
        if (last > 2) {
          nearness[i + 3] = result(3, r3);
        }
      }
    }
  }

  private void four(int r0, int r1, int r2, int r3) {
    int out = Scratch.results();
    if (isDistance) {
      Kernels.squaredDistance4(query, r0, r1, r2, r3, dimension, out);
    } else {
      Kernels.dot4(query, r0, r1, r2, r3, dimension, out);
    }
  }

  private float result(int index, int row) {
    return score(Address.fromInt(Scratch.results() + 4 * index).getFloat(), row);
  }
}
