package org.edgevec.linear;

import org.teavm.interop.Import;

/**
 * The functions of {@code kernels.wat}, which says what they do. Vectors are given by their
 * address, an unsigned 32-bit number, and their length in components.
 */
final class Kernels {

  private Kernels() {}

  /** 0 if there are none: the processor has no SIMD. Then nothing else here may be called. */
  @Import(module = "kernels", name = "isThere")
  static native int isThere();

  @Import(module = "kernels", name = "grow")
  static native int grow(int pages);

  @Import(module = "kernels", name = "copy")
  static native void copy(int to, int from, int bytes);

  @Import(module = "kernels", name = "norm")
  static native double norm(int a, int count);

  @Import(module = "kernels", name = "hasTiny")
  static native int hasTiny(int a, int count);

  @Import(module = "kernels", name = "dot")
  static native float dot(int a, int b, int count);

  @Import(module = "kernels", name = "squaredDistance")
  static native float squaredDistance(int a, int b, int count);

  @Import(module = "kernels", name = "dot4")
  static native void dot4(int q, int r0, int r1, int r2, int r3, int count, int out);

  @Import(module = "kernels", name = "squaredDistance4")
  static native void squaredDistance4(int q, int r0, int r1, int r2, int r3, int count, int out);

  @Import(module = "kernels", name = "encode")
  static native float encode(int vector, int codes, int count, int rounding);

  @Import(module = "kernels", name = "encodeQuery")
  static native float encodeQuery(int vector, int codes, int count, float largest, int rounding);

  @Import(module = "kernels", name = "codeNearness")
  static native void codeNearness(
      int ordinals,
      int count,
      int chunks,
      int shift,
      int first,
      int stride,
      int bytes,
      int query,
      float factor,
      float addend,
      float reach,
      float lost,
      int out);
}
