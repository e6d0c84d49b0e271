package org.edgevec.linear;

import org.edgevec.vector.ChunkLayout;
import org.teavm.interop.Address;

/**
 * Linear memory in chunks of about 1 MiB that are never moved. A chunk has rows of vectors, a power
 * of two of them, and behind these as many rows of codes: they come and go together.
 *
 * <p>Addresses are {@code int}s that stand for unsigned numbers; adding to them wraps as it should.
 */
final class LinearChunks {

  /** What rows begin at multiples of. */
  private static final int ALIGNMENT_BYTES = 16;

  private static final int CHUNK_BYTES = 1 << 20;

  private final ChunkLayout vectors;
  private final ChunkLayout codes;
  private final int pages;

  /** Where the addresses of the chunks are: a page, which has room for more than 4 GiB of them. */
  private int table;

  private int count;

  /**
   * None yet.
   *
   * @param vectorBytes how long a row of a vector is at least
   * @param codeBytes how long a row of codes is at least
   */
  LinearChunks(int vectorBytes, int codeBytes) {
    vectors = new ChunkLayout(aligned(vectorBytes), CHUNK_BYTES);
    int stride = aligned(codeBytes);
    codes = new ChunkLayout(stride, stride << vectors.shift());
    int bytes = vectors.chunkLength() + codes.chunkLength();
    pages = (bytes + LinearMemory.PAGE_BYTES - 1) / LinearMemory.PAGE_BYTES;
  }

  private static int aligned(int bytes) {
    return (bytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }

  /** The address of adjacent pages that are given out, with whatever they contain. */
  static int allocate(int pages) {
    int first = LinearMemory.allocate(pages);
    if (first < 0) {
      throw new OutOfMemoryError(
          "The browser has no more memory for vectors: a page can have 4 GiB for all databases in"
              + " it, or what the device has. Close other databases or tabs, or keep fewer vectors.");
    }
    return LinearMemory.PAGE_BYTES * first;
  }

  int capacity() {
    return vectors.capacity(count);
  }

  /** Makes room for ordinals below {@code ordinals}, or leaves all as it was. */
  void reserve(int ordinals) {
    int needed = vectors.chunksFor(ordinals);
    if (needed <= count) {
      return;
    }
    int done = count;
    try {
      if (done == 0) {
        table = allocate(1);
      }
      for (; done < needed; done++) {
        Address.fromInt(table + 4 * done).putInt(allocate(pages));
      }
    } catch (OutOfMemoryError e) {
      release(count, done);
      throw e;
    }
    count = needed;
  }

  /** Gives back what no ordinal below {@code ordinals} needs. */
  void shrink(int ordinals) {
    int needed = vectors.chunksFor(ordinals);
    if (needed < count) {
      release(needed, count);
      count = needed;
    }
  }

  /** Gives back the chunks from one to another, exclusive, and the list of them if none is left. */
  private void release(int from, int to) {
    for (int i = from; i < to; i++) {
      LinearMemory.release(Address.fromInt(table + 4 * i).getInt() >>> 16, pages);
    }
    if (from == 0 && table != 0) {
      LinearMemory.release(table >>> 16, 1);
      table = 0;
    }
  }

  private int chunk(int ordinal) {
    return Address.fromInt(table + 4 * vectors.chunk(ordinal)).getInt();
  }

  /** The address of a vector. */
  int vector(int ordinal) {
    return chunk(ordinal) + vectors.start(ordinal);
  }

  /** The address of a row of codes. */
  int codes(int ordinal) {
    return chunk(ordinal) + vectors.chunkLength() + codes.start(ordinal);
  }

  void copyVector(LinearChunks source, int from, int to) {
    Kernels.copy(vector(to), source.vector(from), vectors.stride());
  }

  void copyCodes(LinearChunks source, int from, int to) {
    Kernels.copy(codes(to), source.codes(from), codes.stride());
  }

  /**
   * Calls {@link Kernels#codeNearness} for rows of these chunks.
   *
   * @param ordinals the address of as many, a multiple of 4
   * @param bytes how long codes are
   * @param query the address of the query
   * @param out where the results go
   */
  void codeNearness(
      int ordinals,
      int number,
      int bytes,
      int query,
      float factor,
      float addend,
      float reach,
      float lost,
      int out) {
    Kernels.codeNearness(
        ordinals,
        number,
        table,
        vectors.shift(),
        vectors.chunkLength(),
        codes.stride(),
        bytes,
        query,
        factor,
        addend,
        reach,
        lost,
        out);
  }
}
