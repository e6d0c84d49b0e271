package org.edgevec.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.edgevec.Metric;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.VectorArena;

/**
 * Arithmetic with the widest vectors that the processor has. One pair is summed in four vectors, so
 * that one addition need not wait for the one before; of one against four, each has a vector.
 */
public final class VectorApiKernel implements Kernel {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Found by {@code ServiceLoader}. */
  public VectorApiKernel() {}

  @Override
  public String name() {
    return "Vector API, " + SPECIES.vectorBitSize() + " bits";
  }

  @Override
  public VectorArena arena(int dimension, Metric metric) {
    HeapArena vectors = new HeapArena(dimension, metric, this);
    return CodeKernel.IS_AVAILABLE ? new CodedArena(vectors) : vectors;
  }

  @Override
  public float dot(float[] a, int aStart, float[] b, int bStart, int count) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (int end = count - 4 * LANES; i <= end; i += 4 * LANES) {
      s0 = at(a, aStart + i).fma(at(b, bStart + i), s0);
      s1 = at(a, aStart + i + LANES).fma(at(b, bStart + i + LANES), s1);
      s2 = at(a, aStart + i + 2 * LANES).fma(at(b, bStart + i + 2 * LANES), s2);
      s3 = at(a, aStart + i + 3 * LANES).fma(at(b, bStart + i + 3 * LANES), s3);
    }
    for (int end = count - LANES; i <= end; i += LANES) {
      s0 = at(a, aStart + i).fma(at(b, bStart + i), s0);
    }
    float sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    for (; i < count; i++) {
      sum += a[aStart + i] * b[bStart + i];
    }
    return sum;
  }

  @Override
  public float squaredDistance(float[] a, int aStart, float[] b, int bStart, int count) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (int end = count - 4 * LANES; i <= end; i += 4 * LANES) {
      FloatVector d0 = at(a, aStart + i).sub(at(b, bStart + i));
      FloatVector d1 = at(a, aStart + i + LANES).sub(at(b, bStart + i + LANES));
      FloatVector d2 = at(a, aStart + i + 2 * LANES).sub(at(b, bStart + i + 2 * LANES));
      FloatVector d3 = at(a, aStart + i + 3 * LANES).sub(at(b, bStart + i + 3 * LANES));
      s0 = d0.fma(d0, s0);
      s1 = d1.fma(d1, s1);
      s2 = d2.fma(d2, s2);
      s3 = d3.fma(d3, s3);
    }
    for (int end = count - LANES; i <= end; i += LANES) {
      FloatVector d = at(a, aStart + i).sub(at(b, bStart + i));
      s0 = d.fma(d, s0);
    }
    float sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    for (; i < count; i++) {
      float d = a[aStart + i] - b[bStart + i];
      sum += d * d;
    }
    return sum;
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
    float t0 = s0.reduceLanes(VectorOperators.ADD);
    float t1 = s1.reduceLanes(VectorOperators.ADD);
    float t2 = s2.reduceLanes(VectorOperators.ADD);
    float t3 = s3.reduceLanes(VectorOperators.ADD);
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
    float t0 = s0.reduceLanes(VectorOperators.ADD);
    float t1 = s1.reduceLanes(VectorOperators.ADD);
    float t2 = s2.reduceLanes(VectorOperators.ADD);
    float t3 = s3.reduceLanes(VectorOperators.ADD);
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

  private static FloatVector at(float[] array, int index) {
    return FloatVector.fromArray(SPECIES, array, index);
  }
}
