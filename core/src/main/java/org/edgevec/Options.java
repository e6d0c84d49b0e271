package org.edgevec;

import java.util.Objects;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.storage.Durability;
import org.jspecify.annotations.Nullable;

/**
 * How to open a database. Immutable; the methods that take a value return changed copies.
 *
 * <p>Dimension and metric are stored with a new database and checked against an existing one. The
 * rest is chosen at every opening and not stored.
 */
public final class Options {

  /** The largest dimension. */
  public static final int MAX_DIMENSION = 4096;

  /** The largest number of threads that link. */
  public static final int MAX_INDEXING_THREADS = 256;

  private static final Options EXISTING = new Options(new Draft(0, null));

  private final int dimension;
  private final @Nullable Metric metric;
  private final Durability durability;
  private final boolean createIfMissing;
  private final boolean salvage;
  private final CheckpointPolicy checkpointPolicy;
  private final HnswOptions hnsw;
  private final int indexingThreads;

  private Options(Draft draft) {
    dimension = draft.dimension;
    metric = draft.metric;
    durability = draft.durability;
    createIfMissing = draft.createIfMissing;
    salvage = draft.salvage;
    checkpointPolicy = draft.checkpointPolicy;
    hnsw = draft.hnsw;
    indexingThreads = draft.indexingThreads;
  }

  /** Options that are being made. */
  private static final class Draft {
    final int dimension;
    final @Nullable Metric metric;
    Durability durability = Durability.STRICT;
    boolean createIfMissing = true;
    boolean salvage;
    CheckpointPolicy checkpointPolicy = CheckpointPolicy.DEFAULT;
    HnswOptions hnsw = HnswOptions.DEFAULT;
    int indexingThreads;

    Draft(int dimension, @Nullable Metric metric) {
      this.dimension = dimension;
      this.metric = metric;
    }
  }

  private Draft draft() {
    Draft draft = new Draft(dimension, metric);
    draft.durability = durability;
    draft.createIfMissing = createIfMissing;
    draft.salvage = salvage;
    draft.checkpointPolicy = checkpointPolicy;
    draft.hnsw = hnsw;
    draft.indexingThreads = indexingThreads;
    return draft;
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
    return new Options(new Draft(dimension, Arguments.required(metric, "The metric")));
  }

  /** Opens a database that is there, whatever its dimension and metric. */
  public static Options existing() {
    return EXISTING;
  }

  /** What an acknowledged write survives; {@link Durability#STRICT} unless set. */
  public Options durability(Durability value) {
    Draft draft = draft();
    draft.durability = Arguments.required(value, "The durability");
    return new Options(draft);
  }

  /** Whether to create a database where there is none; true unless set. */
  public Options createIfMissing(boolean value) {
    Draft draft = draft();
    draft.createIfMissing = value;
    return new Options(draft);
  }

  /**
   * Whether to read what can still be read of a damaged database: it opens read-only, in the last
   * state before the damage, and changes nothing. False unless set.
   */
  public Options salvage(boolean value) {
    Draft draft = draft();
    draft.salvage = value;
    return new Options(draft);
  }

  /** When checkpoints happen by themselves; {@link CheckpointPolicy#DEFAULT} unless set. */
  public Options checkpointPolicy(CheckpointPolicy value) {
    Draft draft = draft();
    draft.checkpointPolicy = Arguments.required(value, "The checkpoint policy");
    return new Options(draft);
  }

  /** How the search graph is built; {@link HnswOptions#DEFAULT} unless set. */
  public Options hnsw(HnswOptions value) {
    Draft draft = draft();
    draft.hnsw = Arguments.required(value, "The object of HnswOptions");
    return new Options(draft);
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
    Draft draft = draft();
    draft.indexingThreads = value;
    return new Options(draft);
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

  @Override
  public boolean equals(Object other) {
    return other instanceof Options options
        && dimension == options.dimension
        && metric == options.metric
        && durability == options.durability
        && createIfMissing == options.createIfMissing
        && salvage == options.salvage
        && checkpointPolicy.equals(options.checkpointPolicy)
        && hnsw.equals(options.hnsw)
        && indexingThreads == options.indexingThreads;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        dimension,
        metric,
        durability,
        createIfMissing,
        salvage,
        checkpointPolicy,
        hnsw,
        indexingThreads);
  }

  @Override
  public String toString() {
    return "Options[dimension="
        + dimension
        + ", metric="
        + metric
        + ", durability="
        + durability
        + ", createIfMissing="
        + createIfMissing
        + ", salvage="
        + salvage
        + ", checkpointPolicy="
        + checkpointPolicy
        + ", hnsw="
        + hnsw
        + ", indexingThreads="
        + indexingThreads
        + "]";
  }
}
