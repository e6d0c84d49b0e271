package org.edgevec.vector;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Where rows of one length lie in chunks of one length, each of which holds a power of two of them.
 * Lengths are in whatever the chunks consist of.
 */
public final class ChunkLayout {

  private final int stride;
  private final int shift;

  /**
   * As many rows a chunk as fit.
   *
   * @param stride the length of a row
   * @param chunkLength the length of a chunk, or less
   */
  public ChunkLayout(int stride, int chunkLength) {
    this.stride = stride;
    this.shift = 31 - Integer.numberOfLeadingZeros(chunkLength / stride);
  }

  /** How many rows a chunk holds, as a power of two. */
  public int shift() {
    return shift;
  }

  /** The length of a row. */
  public int stride() {
    return stride;
  }

  /** The length of a chunk. */
  public int chunkLength() {
    return stride << shift;
  }

  /** How many chunks as many ordinals need. */
  public int chunksFor(int count) {
    return (int) (((long) count + (1 << shift) - 1) >>> shift);
  }

  /**
   * A longer list of chunks, with room for as many ordinals.
   *
   * @param chunks those there are, which are kept
   * @param make makes a chunk of a length
   */
  public <A> A[] grown(A[] chunks, int count, IntFunction<A> make) {
    A[] grown = Arrays.copyOf(chunks, chunksFor(count));
    for (int i = chunks.length; i < grown.length; i++) {
      grown[i] = make.apply(chunkLength());
    }
    return grown;
  }

  /** For how many ordinals as many chunks have room. */
  public int capacity(int chunks) {
    return (int) Math.min(Integer.MAX_VALUE, (long) chunks << shift);
  }

  /** Which chunk has an ordinal's row. */
  public int chunk(int ordinal) {
    return ordinal >>> shift;
  }

  /** Where in its chunk a row begins. */
  public int start(int ordinal) {
    return (ordinal & ((1 << shift) - 1)) * stride;
  }
}
