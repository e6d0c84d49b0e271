package org.edgevec;

import org.edgevec.InvalidInputException.Code;
import org.edgevec.storage.Durability;
import org.jspecify.annotations.Nullable;

/**
 * How to open a database. Immutable; the {@code with}-style methods return changed copies.
 *
 * <p>Dimension and metric are stored with a new database and checked against an existing one. The
 * rest is chosen at every opening and not stored.
 */
public final class Options {

  /** The largest dimension. */
  public static final int MAX_DIMENSION = 4096;

  /** The largest number of threads that link. */
  public static final int MAX_INDEXING_THREADS = 256;

  private static final Options EXISTING =
      new Options(
          0,
          null,
          Durability.STRICT,
          true,
          false,
          CheckpointPolicy.DEFAULT,
          HnswOptions.DEFAULT,
          0);

  private final int dimension;
  private final @Nullable Metric metric;
  private final Durability durability;
  private final boolean createIfMissing;
  private final boolean salvage;
  private final CheckpointPolicy checkpointPolicy;
  private final HnswOptions hnsw;
  private final int indexingThreads;

  private Options(
      int dimension,
      @Nullable Metric metric,
      Durability durability,
      boolean createIfMissing,
      boolean salvage,
      CheckpointPolicy checkpointPolicy,
      HnswOptions hnsw,
      int indexingThreads) {
    this.dimension = dimension;
    this.metric = metric;
    this.durability = durability;
    this.createIfMissing = createIfMissing;
    this.salvage = salvage;
    this.checkpointPolicy = checkpointPolicy;
    this.hnsw = hnsw;
    this.indexingThreads = indexingThreads;
  }

  /**
   * Creates the database if there is none, and otherwise opens one that must have this dimension
   * and metric.
   *
   * @param dimension components of every vector, 1 to {@value #MAX_DIMENSION}
   * @throws InvalidInputException if the dimension is outside its range
   */
  public static Options of(int dimension, Metric metric) {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new InvalidInputException(
          Code.INVALID_DIMENSION,
          "The dimension is " + dimension + "; it must be 1 to " + MAX_DIMENSION + ".");
    }
    return new Options(
        dimension,
        Arguments.required(metric, "The metric"),
        Durability.STRICT,
        true,
        false,
        CheckpointPolicy.DEFAULT,
        HnswOptions.DEFAULT,
        0);
  }

  /** Opens a database that is there, whatever its dimension and metric. */
  public static Options existing() {
    return EXISTING;
  }

  /** What an acknowledged write survives; {@link Durability#STRICT} unless set. */
  public Options durability(Durability value) {
    return new Options(
        dimension,
        metric,
        Arguments.required(value, "The durability"),
        createIfMissing,
        salvage,
        checkpointPolicy,
        hnsw,
        indexingThreads);
  }

  /** Whether to create a database where there is none; true unless set. */
  public Options createIfMissing(boolean value) {
    return new Options(
        dimension, metric, durability, value, salvage, checkpointPolicy, hnsw, indexingThreads);
  }

  /**
   * Whether to read what can still be read of a damaged database: it opens read-only, in the last
   * state before the damage, and changes nothing. False unless set.
   */
  public Options salvage(boolean value) {
    return new Options(
        dimension,
        metric,
        durability,
        createIfMissing,
        value,
        checkpointPolicy,
        hnsw,
        indexingThreads);
  }

  /** When checkpoints happen by themselves; {@link CheckpointPolicy#DEFAULT} unless set. */
  public Options checkpointPolicy(CheckpointPolicy value) {
    return new Options(
        dimension,
        metric,
        durability,
        createIfMissing,
        salvage,
        Arguments.required(value, "The checkpoint policy"),
        hnsw,
        indexingThreads);
  }

  /** How the search graph is built; {@link HnswOptions#DEFAULT} unless set. */
  public Options hnsw(HnswOptions value) {
    return new Options(
        dimension,
        metric,
        durability,
        createIfMissing,
        salvage,
        checkpointPolicy,
        Arguments.required(value, "The object of HnswOptions"),
        indexingThreads);
  }

  /**
   * With how many threads the search graph is linked, where the platform has threads: on the JVM
   * half as many as there are processors unless set, and at least one. More make a bulk load
   * searchable sooner and leave less to whatever else runs meanwhile; recall does not depend on it,
   * and the same writes give the same graph only with one. In the browser it is always one.
   *
   * @param value 1 to {@value #MAX_INDEXING_THREADS}
   * @throws InvalidInputException if it is outside that range
   */
  public Options indexingThreads(int value) {
    if (value < 1 || value > MAX_INDEXING_THREADS) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          "indexingThreads is " + value + "; it must be 1 to " + MAX_INDEXING_THREADS + ".");
    }
    return new Options(
        dimension, metric, durability, createIfMissing, salvage, checkpointPolicy, hnsw, value);
  }

  /** The dimension asked for, or 0 if it is to be read from the database. */
  public int dimension() {
    return dimension;
  }

  /** The metric asked for, or null if it is to be read from the database. */
  public @Nullable Metric metric() {
    return metric;
  }

  /** What an acknowledged write survives. */
  public Durability durability() {
    return durability;
  }

  /** Whether to create a database where there is none. */
  public boolean createIfMissing() {
    return createIfMissing;
  }

  /** Whether to open what is left of a damaged database, read-only. */
  public boolean salvage() {
    return salvage;
  }

  /** When checkpoints happen by themselves. */
  public CheckpointPolicy checkpointPolicy() {
    return checkpointPolicy;
  }

  /** How the search graph is built. */
  public HnswOptions hnsw() {
    return hnsw;
  }

  /** With how many threads the search graph is linked, or 0 if the platform decides. */
  public int indexingThreads() {
    return indexingThreads;
  }
}
