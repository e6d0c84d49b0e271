package org.edgevec.linear;

import org.teavm.interop.Address;

/**
 * A page of linear memory for what is not in any arena: queries, and what kernels are told and
 * tell. One scorer at a time uses a place, since nothing here waits; who comes next writes it anew.
 * Never given back.
 */
final class Scratch {

  private static final int MAX_DIMENSION = 4096;

  /** Codes that one call of the kernel scores at most, a multiple of 4. */
  static final int BATCH = 512;

  /** Not by an initializer, after which every call would look. */
  private static int start;

  private Scratch() {}

  /** Sees to it that there is one. */
  static void allocate() {
    if (start == 0) {
      start = LinearChunks.allocate(1);
    }
  }

  /** A query of a scorer. */
  static int query() {
    return start;
  }

  /** Four results. */
  static int results() {
    return start + 4 * MAX_DIMENSION;
  }

  /** What making codes of it lost. */
  static int lost() {
    return results() + 16;
  }

  /** Those codes, two bytes each. */
  static int coded() {
    return lost() + 16;
  }

  /** The ordinals of a batch. */
  static int ordinals() {
    return coded() + 2 * MAX_DIMENSION;
  }

  /** How near they are. */
  static int nearness() {
    return ordinals() + 4 * BATCH;
  }

  static void putFloats(float[] vector, int address) {
    Address to = Address.fromInt(address);
    for (int i = 0; i < vector.length; i++, to = to.add(4)) {
      to.putFloat(vector[i]);
    }
  }
}
