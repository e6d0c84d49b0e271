package org.edgevec;

import org.edgevec.InvalidInputException.Code;

/**
 * How the search graph is built (HNSW: Malkov and Yashunin, 2016, arXiv:1603.09320). Larger numbers
 * make a graph that finds more and takes longer to build. They hold for a graph that is begun anew;
 * one that is stored keeps its own {@code m}.
 *
 * @param m neighbours of a vector on the upper levels, and half of those on the lowest, {@value
 *     #MIN_M} to {@value #MAX_M}; memory is about {@code 8 m} bytes a vector
 * @param efConstruction candidates among which linking a vector chooses neighbors, {@code m} to
 *     {@value #MAX_EF_CONSTRUCTION}; the neighbors of the nearest half of them, of 100 at least,
 *     are looked at to find them
 * @param minEntries no graph is begun while fewer vectors are stored, 1 or more: scoring all of few
 *     is as fast
 */
public record HnswOptions(int m, int efConstruction, int minEntries) {

  /** The least {@code m}. */
  public static final int MIN_M = 2;

  /** The largest {@code m}. */
  public static final int MAX_M = 128;

  /** The largest {@code efConstruction}. */
  public static final int MAX_EF_CONSTRUCTION = 10_000;

  /** {@code m} 16, {@code efConstruction} 200, from 1,000 vectors on. */
  public static final HnswOptions DEFAULT = new HnswOptions(16, 200, 1000);

  public HnswOptions {
    if (m < MIN_M || m > MAX_M) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT, "m is " + m + "; it must be " + MIN_M + " to " + MAX_M + ".");
    }
    if (efConstruction < m || efConstruction > MAX_EF_CONSTRUCTION) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          "efConstruction is "
              + efConstruction
              + "; it must be m (here "
              + m
              + ") to "
              + MAX_EF_CONSTRUCTION
              + ".");
    }
    if (minEntries < 1) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT, "minEntries is " + minEntries + "; it must be 1 or more.");
    }
  }

  /** Other {@code m} and {@code efConstruction}. */
  public static HnswOptions of(int m, int efConstruction) {
    return new HnswOptions(m, efConstruction, DEFAULT.minEntries);
  }
}
