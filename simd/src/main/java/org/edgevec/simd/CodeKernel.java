package org.edgevec.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Inner products of floats with bytes, with the widest vectors that the processor has. */
final class CodeKernel {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();

  /** Whether there are vectors of as many bytes as the widest have floats. */
  static final boolean IS_AVAILABLE = LANES >= 8;

  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Byte.SIZE * Math.max(8, LANES)));

  private CodeKernel() {}

  /**
   * Added to a small number, leaves it rounded in the lowest bits; a cast takes five times longer.
   */
  static final float ROUNDING = 3 << 22;

  /** The largest absolute value; not finite if one is not. */
  static float maxAbs(float[] vector, int start, int count) {
    FloatVector max = FloatVector.zero(FLOATS);
    int i = 0;
    for (int end = count - LANES; i <= end; i += LANES) {
      max = max.max(FloatVector.fromArray(FLOATS, vector, start + i).abs());
    }
    float result = max.reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      result = Math.max(result, Math.abs(vector[start + i]));
    }
    return result;
  }

  /** The sum of the squares of what components lose when they are multiplied and rounded. */
  static float squaredRounding(float[] vector, int start, int count, float inverse) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int i = 0;
    for (int end = count - LANES; i <= end; i += LANES) {
      FloatVector units = FloatVector.fromArray(FLOATS, vector, start + i).mul(inverse);
      FloatVector lost = units.sub(units.add(ROUNDING).sub(ROUNDING));
      sum = lost.fma(lost, sum);
    }
    float result = sum.reduceLanes(VectorOperators.ADD);
    for (; i < count; i++) {
      float units = vector[start + i] * inverse;
      float lost = units - ((units + ROUNDING) - ROUNDING);
      result += lost * lost;
    }
    return result;
  }

  /**
   * The inner products of one vector with four of bytes.
   *
   * @param q the one
   * @param rows the four arrays
   * @param starts where in each its vector begins
   * @param out receives the four results
   */
  static void dot4(float[] q, int qStart, byte[][] rows, int[] starts, int count, float[] out) {
    byte[] r0 = rows[0];
    byte[] r1 = rows[1];
    byte[] r2 = rows[2];
    byte[] r3 = rows[3];
    int p0 = starts[0];
    int p1 = starts[1];
    int p2 = starts[2];
    int p3 = starts[3];
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (int end = count - LANES; i <= end; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, q, qStart + i);
      s0 = at(r0, p0 + i).fma(v, s0);
      s1 = at(r1, p1 + i).fma(v, s1);
      s2 = at(r2, p2 + i).fma(v, s2);
      s3 = at(r3, p3 + i).fma(v, s3);
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
    out[0] = t0;
    out[1] = t1;
    out[2] = t2;
    out[3] = t3;
  }

  /** One conversion of as many lanes as the target has: others the compiler does not know. */
  private static FloatVector at(byte[] codes, int index) {
    return (FloatVector)
        ByteVector.fromArray(BYTES, codes, index).convertShape(VectorOperators.B2F, FLOATS, 0);
  }
}
