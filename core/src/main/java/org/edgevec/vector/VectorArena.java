package org.edgevec.vector;

import org.edgevec.Metric;

/**
 * The vectors of a database by ordinal, and how near they are to a query.
 *
 * <p>Where the floats lie is the platform's affair: {@link HeapArena} keeps them in arrays; the
 * browser keeps them in linear memory, where its SIMD kernels reach them. A vector does not change
 * once it is {@linkplain #settle settled}.
 *
 * <p>Not thread-safe, but what was settled may be read by any number of threads while nobody calls
 * {@link #reserve}, and through a {@link #view} without any lock.
 */
public interface VectorArena {

  /** Components of every vector. */
  int dimension();

  /** How nearness is measured. */
  Metric metric();

  /** For how many ordinals there is room. */
  int capacity();

  /** Makes room for ordinals below {@code count}; what is there keeps its place. */
  void reserve(int count);

  /**
   * Takes some components of a vector.
   *
   * @param component which is the first, from 0
   * @param source little-endian floats; the caller has checked the range
   * @param offset where they begin
   * @param count how many
   */
  void read(int ordinal, int component, byte[] source, int offset, int count);

  /** Gives out some components of a vector, as {@link #read} takes them. */
  void write(int ordinal, int component, byte[] target, int offset, int count);

  /** Takes a vector from an arena of the same platform, dimension and metric, settled. */
  void copy(VectorArena source, int from, int to);

  /** Takes one of its own vectors to a lower ordinal. Nobody may read meanwhile. */
  default void move(int from, int to) {
    copy(this, from, to);
  }

  /**
   * Gives back room for ordinals from {@code count} on, as far as that is possible. No view may be
   * used afterwards.
   */
  default void shrink(int count) {}

  /**
   * Takes notice that all components of a vector are there, and notes of it what scoring needs.
   *
   * @return its norm as {@link Vectors#norm} computes it, to the last bit; not finite if a
   *     component is not
   */
  double settle(int ordinal);

  /** A copy of one vector. */
  float[] get(int ordinal);

  /** Whether a vector has these components, all of them, to the bit. */
  boolean isEqual(int ordinal, float[] vector);

  /** A way to score this arena's vectors; one for each thread. It follows the arena as it grows. */
  Scorer scorer();

  /**
   * A way to score for walking through a graph, one for each thread: perhaps quicker than a {@link
   * #scorer}, and then what it tells are <em>bounds</em>, never below the exact nearness. {@link
   * Scorer#isExact} tells, query by query.
   *
   * @param scorer or linker of this arena; it gets every query that the walker gets
   */
  default Scorer walker(Scorer scorer) {
    return scorer;
  }

  /**
   * A way to score for building a graph, which then depends on it; one for each thread. Its numbers
   * order vectors as scores do and may be compared with each other, but not with those of others.
   */
  default Scorer linker() {
    return scorer();
  }

  /** The vectors of this moment, for reading them without a lock. */
  VectorArena view();

  /** Gives the memory back. Nothing may use the arena, its views or its scorers afterwards. */
  void release();

  /** Makes arenas. */
  interface Factory {

    /**
     * @param dimension 1 to 4096
     * @param metric how nearness is measured
     */
    VectorArena create(int dimension, Metric metric);
  }
}
