package org.edgevec;

import java.util.Objects;
import org.edgevec.InvalidInputException.Code;

/**
 * How the search graph is built (HNSW: Malkov and Yashunin, 2016, arXiv:1603.09320). Larger numbers
 * make a graph that finds more and takes longer to build. They hold for a graph that is begun anew;
 * one that is stored keeps its own {@code m}. Immutable.
 */
public final class HnswOptions {

  /** The least {@code m}. */
  public static final int MIN_M = 2;

  /** The largest {@code m}. */
  public static final int MAX_M = 128;

  /** The largest {@code efConstruction}. */
  public static final int MAX_EF_CONSTRUCTION = 10_000;

  /** {@code m} 16, {@code efConstruction} 200, from 1,000 vectors on. */
  public static final HnswOptions DEFAULT = new HnswOptions(16, 200, 1000);

  private final int m;
  private final int efConstruction;
  private final int minEntries;

  private HnswOptions(int m, int efConstruction, int minEntries) {
    this.m = m;
    this.efConstruction = efConstruction;
    this.minEntries = minEntries;
  }

  /**
   * Another {@code m} and {@code efConstruction}.
   *
   * @param m neighbours of a vector on the upper levels, and half of those on the lowest, {@value
   *     #MIN_M} to {@value #MAX_M}; memory is about {@code 8 m} bytes a vector
   * @param efConstruction candidates among which linking a vector chooses neighbors, {@code m} to
   *     {@value #MAX_EF_CONSTRUCTION}; the neighbors of the nearest half of them, of 80 at least,
   *     are looked at to find them
   * @throws InvalidInputException if one is outside its range
   */
  public static HnswOptions of(int m, int efConstruction) {
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
    return new HnswOptions(m, efConstruction, DEFAULT.minEntries);
  }

  /**
   * With another number of vectors below which no graph is begun, 1,000 unless set: scoring all of
   * few is as fast.
   *
   * @param value 1 or more
   * @throws InvalidInputException if it is less
   */
  public HnswOptions minEntries(int value) {
    if (value < 1) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT, "minEntries is " + value + "; it must be 1 or more.");
    }
    return new HnswOptions(m, efConstruction, value);
  }

  /** Neighbours of a vector on the upper levels, and half of those on the lowest. */
  public int m() {
    return m;
  }

  /** Candidates among which linking a vector chooses neighbors. */
  public int efConstruction() {
    return efConstruction;
  }

  /** No graph is begun while fewer vectors are stored. */
  public int minEntries() {
    return minEntries;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HnswOptions options
        && m == options.m
        && efConstruction == options.efConstruction
        && minEntries == options.minEntries;
  }

  @Override
  public int hashCode() {
    return Objects.hash(m, efConstruction, minEntries);
  }

  @Override
  public String toString() {
    return "HnswOptions[m="
        + m
        + ", efConstruction="
        + efConstruction
        + ", minEntries="
        + minEntries
        + "]";
  }
}
