package org.edgevec.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.edgevec.quant.Codes;
import org.edgevec.quant.CodingKernel;
import org.edgevec.vector.Extremes;
import org.edgevec.vector.HeapArena;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic with the widest vectors that the processor has. Each pair is summed in one of them, be
 * it alone or one of four.
 *
 * <p>The order of every sum is written out, so that a pair has the same bits whichever way it is
 * scored. {@code reduceLanes} adds in an order that the interpreter and the compiler choose for
 * themselves: equal vectors would differ by when they were scored.
 */
public final class VectorApiKernel implements CodingKernel {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
  private static final int LANES = SPECIES.length();

  // Constants, for the compiler knows only of those what they do.
  private static final VectorShuffle<Float> BY_8 = shiftedBy(8);
  private static final VectorShuffle<Float> BY_4 = shiftedBy(4);
  private static final VectorShuffle<Float> BY_2 = shiftedBy(2);
  private static final VectorShuffle<Float> BY_1 = shiftedBy(1);

  /** Found by {@code ServiceLoader}. */
  public VectorApiKernel() {}

  private static VectorShuffle<Float> shiftedBy(int lanes) {
    return VectorShuffle.iota(SPECIES, lanes, 1, true);
  }

  @Override
  public String name() {
    return "Vector API, " + SPECIES.vectorBitSize() + " bits";
  }

  @Override
  public @Nullable Codes codes(HeapArena vectors) {
    return CodeKernel.IS_AVAILABLE ? new ArrayCodes(vectors) : null;
  }

  @Override
  public float dot(float[] a, int aStart, float[] b, int bStart, int count) {
    FloatVector s = FloatVector.zero(SPECIES);
    int i = 0;
    for (int end = count - LANES; i <= end; i += LANES) {
      s = at(a, aStart + i).fma(at(b, bStart + i), s);
    }
    float sum = sum(s);
    for (; i < count; i++) {
      sum += a[aStart + i] * b[bStart + i];
    }
    return sum;
  }

  @Override
  public float squaredDistance(float[] a, int aStart, float[] b, int bStart, int count) {
    FloatVector s = FloatVector.zero(SPECIES);
    int i = 0;
    for (int end = count - LANES; i <= end; i += LANES) {
      FloatVector d = at(a, aStart + i).sub(at(b, bStart + i));
      s = d.fma(d, s);
    }
    float sum = sum(s);
    for (; i < count; i++) {
      float d = a[aStart + i] - b[bStart + i];
      sum += d * d;
    }
    return sum;
  }

  @Override
  public boolean hasTiny(float[] a, int start, int count) {
    IntVector found = IntVector.zero(INTS);
    int i = 0;
    for (int end = count - LANES; i <= end; i += LANES) {
      IntVector size = at(a, start + i).reinterpretAsInts().and(Integer.MAX_VALUE);
      found = found.or(size.sub(Extremes.TINY_BITS).and(size.neg()));
    }
    boolean isFound = found.reduceLanes(VectorOperators.OR) < 0;
    return isFound || Extremes.hasTiny(a, start + i, count - i);
  }

  @Override
  public void dot4(
      float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at) {
    float[] r0 = rows[0];
    float[] r1 = rows[1];
    float[] r2 = rows[2];
    float[] r3 = rows[3];
    int p0 = starts[0];
    int p1 = starts[1];
    int p2 = starts[2];
    int p3 = starts[3];
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (int end = count - LANES; i <= end; i += LANES) {
      FloatVector v = at(q, qStart + i);
      s0 = v.fma(at(r0, p0 + i), s0);
      s1 = v.fma(at(r1, p1 + i), s1);
      s2 = v.fma(at(r2, p2 + i), s2);
      s3 = v.fma(at(r3, p3 + i), s3);
    }
    float t0 = sum(s0);
    float t1 = sum(s1);
    float t2 = sum(s2);
    float t3 = sum(s3);
    for (; i < count; i++) {
      float v = q[qStart + i];
      t0 += v * r0[p0 + i];
      t1 += v * r1[p1 + i];
      t2 += v * r2[p2 + i];
      t3 += v * r3[p3 + i];
    }
    out[at] = t0;
    out[at + 1] = t1;
    out[at + 2] = t2;
    out[at + 3] = t3;
  }

  @Override
  public void squaredDistance4(
      float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at) {
    float[] r0 = rows[0];
    float[] r1 = rows[1];
    float[] r2 = rows[2];
    float[] r3 = rows[3];
    int p0 = starts[0];
    int p1 = starts[1];
    int p2 = starts[2];
    int p3 = starts[3];
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (int end = count - LANES; i <= end; i += LANES) {
      FloatVector v = at(q, qStart + i);
      FloatVector d0 = v.sub(at(r0, p0 + i));
      FloatVector d1 = v.sub(at(r1, p1 + i));
      FloatVector d2 = v.sub(at(r2, p2 + i));
      FloatVector d3 = v.sub(at(r3, p3 + i));
      s0 = d0.fma(d0, s0);
      s1 = d1.fma(d1, s1);
      s2 = d2.fma(d2, s2);
      s3 = d3.fma(d3, s3);
    }
    float t0 = sum(s0);
    float t1 = sum(s1);
    float t2 = sum(s2);
    float t3 = sum(s3);
    for (; i < count; i++) {
      float v = q[qStart + i];
      t0 += (v - r0[p0 + i]) * (v - r0[p0 + i]);
      t1 += (v - r1[p1 + i]) * (v - r1[p1 + i]);
      t2 += (v - r2[p2 + i]) * (v - r2[p2 + i]);
      t3 += (v - r3[p3 + i]) * (v - r3[p3 + i]);
    }
    out[at] = t0;
    out[at + 1] = t1;
    out[at + 2] = t2;
    out[at + 3] = t3;
  }

  /** Half of the lanes added to the other half, until one is left. */
  private static float sum(FloatVector vector) {
    FloatVector sum = vector;
    for (int lanes = LANES / 2; lanes > 8; lanes /= 2) {
      sum = sum.add(sum.rearrange(shiftedBy(lanes)));
    }
    if (LANES > 8) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (LANES > 4) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    if (LANES > 2) {
      sum = sum.add(sum.rearrange(BY_2));
    }
    return sum.add(sum.rearrange(BY_1)).lane(0);
  }

  private static FloatVector at(float[] array, int index) {
    return FloatVector.fromArray(SPECIES, array, index);
  }
}
