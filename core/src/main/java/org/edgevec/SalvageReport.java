package org.edgevec;

import java.util.List;

/**
 * What salvage copied into the new database, and what it could not.
 *
 * @param entries how many entries were copied: the state after batch {@code lastSequence}
 * @param lastSequence the last batch that could be read
 * @param attestedSequence the last batch that is known to have been durable
 * @param usedPreviousSnapshot the newest snapshot was damaged, and the one before it served
 * @param notes the damage that was met, in sentences; {@link VectorDatabase#verify} lists all
 */
public record SalvageReport(
    long entries,
    long lastSequence,
    long attestedSequence,
    boolean usedPreviousSnapshot,
    List<String> notes) {

  public SalvageReport {
    notes = List.copyOf(notes);
  }

  /** How many batches are known to be lost; batches that nothing attests may be missing, too. */
  public long lostBatches() {
    return attestedSequence - lastSequence;
  }
}
