package org.edgevec.vector;

import java.util.Arrays;

/**
 * Vectors of one dimension, addressed by ordinal, in chunks of fixed size that are never moved.
 *
 * <p>A chunk is about 1 MiB; growing adds chunks and copies nothing but the list of them. A vector
 * does not change once its ordinal is used, so whoever holds the chunk list of some moment may read
 * the vectors of that moment without a lock. Not thread-safe otherwise.
 */
public final class VectorArena {

  private static final int CHUNK_FLOATS = 1 << 18;

  private final int dimension;
  private final int shift;
  private float[][] chunks = new float[0][];

  public VectorArena(int dimension) {
    this.dimension = dimension;
    this.shift = 31 - Integer.numberOfLeadingZeros(CHUNK_FLOATS / dimension);
  }

  /** Components of every vector. */
  public int dimension() {
    return dimension;
  }

  /** Makes room for ordinals below {@code count}. */
  public void reserve(int count) {
    int needed = (int) (((long) count + (1 << shift) - 1) >>> shift);
    if (needed > chunks.length) {
      float[][] grown = Arrays.copyOf(chunks, needed);
      for (int i = chunks.length; i < needed; i++) {
        grown[i] = new float[dimension << shift];
      }
      chunks = grown;
    }
  }

  /** The array that holds a vector, from {@link #start} on. */
  public float[] chunk(int ordinal) {
    return chunks[ordinal >>> shift];
  }

  /** Where in its {@link #chunk} a vector begins. */
  public int start(int ordinal) {
    return (ordinal & ((1 << shift) - 1)) * dimension;
  }

  /** An arena that shares the chunks of this moment, for reading them without a lock. */
  public VectorArena view() {
    VectorArena view = new VectorArena(dimension);
    view.chunks = chunks;
    return view;
  }

  /** A copy of one vector. */
  public float[] copy(int ordinal) {
    int start = start(ordinal);
    return Arrays.copyOfRange(chunk(ordinal), start, start + dimension);
  }
}
