package org.edgevec;

import java.util.List;
import org.edgevec.recovery.RecoveryFacts;
import org.jspecify.annotations.Nullable;

/** What opening a database found, and what it had to do. Immutable. */
public final class RecoveryReport {

  private final RecoveryFacts facts;

  RecoveryReport(RecoveryFacts facts) {
    this.facts = facts;
  }

  /** Nothing was there, and a new database was made. */
  public boolean created() {
    return facts.created();
  }

  /** The number of the snapshot that served. */
  public long generation() {
    return facts.generation();
  }

  /** The newest snapshot was damaged, and the one before it and the log served; nothing is lost. */
  public boolean usedPreviousSnapshot() {
    return facts.usedPreviousSnapshot();
  }

  /** Live entries that the snapshot held. */
  public int snapshotEntries() {
    return facts.snapshotEntries();
  }

  /** Batches replayed from the log. */
  public long replayedBatches() {
    return facts.replayedBatches();
  }

  /** Puts and deletes in those batches. */
  public long replayedRecords() {
    return facts.replayedRecords();
  }

  /** The number of the last batch that is part of the recovered state. */
  public long lastSequence() {
    return facts.lastSequence();
  }

  /**
   * Bytes of writes never acknowledged that were cut from the log's end and kept aside in a {@code
   * .torn} file.
   */
  public long tornBytes() {
    return facts.tornBytes();
  }

  /** Whatever was out of the ordinary, in sentences; empty after an ordinary opening. */
  public List<String> notes() {
    return facts.notes();
  }

  /** How long opening took. */
  public long durationMillis() {
    return facts.durationMillis();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecoveryReport report && facts.equals(report.facts);
  }

  @Override
  public int hashCode() {
    return facts.hashCode();
  }

  @Override
  public String toString() {
    return Facts.text("RecoveryReport", facts);
  }
}
