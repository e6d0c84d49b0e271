package org.edgevec;

import java.util.List;
import org.edgevec.recovery.SalvageFacts;
import org.jspecify.annotations.Nullable;

/** What salvage copied into the new database, and what it could not. Immutable. */
public final class SalvageReport {

  private final SalvageFacts facts;

  SalvageReport(SalvageFacts facts) {
    this.facts = facts;
  }

  /** How many entries were copied: the state after batch {@code lastSequence}. */
  public long entries() {
    return facts.entries();
  }

  /** The last batch that could be read. */
  public long lastSequence() {
    return facts.lastSequence();
  }

  /** The last batch that is known to have been durable. */
  public long attestedSequence() {
    return facts.attestedSequence();
  }

  /** The newest snapshot was damaged, and the one before it served. */
  public boolean usedPreviousSnapshot() {
    return facts.usedPreviousSnapshot();
  }

  /** The damage that was met, in sentences; {@link VectorDatabase#verify} lists all. */
  public List<String> notes() {
    return facts.notes();
  }

  /** How many batches are known to be lost; batches that nothing attests may be missing, too. */
  public long lostBatches() {
    return attestedSequence() - lastSequence();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SalvageReport report && facts.equals(report.facts);
  }

  @Override
  public int hashCode() {
    return facts.hashCode();
  }

  @Override
  public String toString() {
    return Facts.text("SalvageReport", facts);
  }
}
