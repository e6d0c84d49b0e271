package org.edgevec;

import org.edgevec.engine.EngineFacts;
import org.edgevec.storage.Durability;
import org.jspecify.annotations.Nullable;

/** What a database knows about itself at one moment. Immutable. */
public final class Stats {

  private final EngineFacts values;

  Stats(EngineFacts values) {
    this.values = values;
  }

  /** Live entries. */
  public int size() {
    return values.size();
  }

  /** Components of every vector. */
  public int dimension() {
    return values.dimension();
  }

  /** How nearness is measured. */
  public Metric metric() {
    return values.metric();
  }

  /** What an acknowledged write survives. */
  public Durability durability() {
    return values.durability();
  }

  /** Bytes of log that the next opening would replay. */
  public long logBytes() {
    return values.logBytes();
  }

  /**
   * Bytes of log kept only so that the previous snapshot can serve, should the newest be damaged.
   */
  public long retainedLogBytes() {
    return values.retainedLogBytes();
  }

  /** Bytes of the newest snapshot's segment files. */
  public long segmentBytes() {
    return values.segmentBytes();
  }

  /** How many segment files the newest snapshot has. */
  public int segmentCount() {
    return values.segmentCount();
  }

  /** Deleted or replaced entries whose space is not reclaimed yet. */
  public int deadEntries() {
    return values.deadEntries();
  }

  /** Entries, live and dead, that the search graph links, those with equal vectors each. */
  public int indexedEntries() {
    return values.indexedEntries();
  }

  /** Entries that are not linked yet; a search scores them one by one. */
  public int tailEntries() {
    return values.tailEntries();
  }

  /** About how many searches since opening walked the graph; others scored every entry. */
  public long graphSearches() {
    return values.graphSearches();
  }

  /** How many of them byte codes could not decide: the vectors themselves did. */
  public long undecidedSearches() {
    return values.undecidedSearches();
  }

  /** The number of the last batch that is durable. */
  public long lastSequence() {
    return values.lastSequence();
  }

  /** The number of the newest snapshot; it grows by one with each checkpoint. */
  public long generation() {
    return values.generation();
  }

  /** When that snapshot was made, in milliseconds since 1970. */
  public long lastCheckpointMillis() {
    return values.lastCheckpointMillis();
  }

  /** Batches acknowledged since opening. */
  public long batches() {
    return values.batches();
  }

  /** The syncs of the log that those batches shared. */
  public long syncs() {
    return values.syncs();
  }

  /** Whether writes are refused until the database is opened again. */
  public boolean readOnly() {
    return values.readOnly();
  }

  /**
   * What the last background checkpoint or seal failed with, or else the last slice of linking the
   * tail; null if they went well. Nothing is lost, and it is tried again.
   */
  public @Nullable String maintenanceError() {
    return values.maintenanceError();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Stats stats && values.equals(stats.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return Facts.text("Stats", values);
  }
}
