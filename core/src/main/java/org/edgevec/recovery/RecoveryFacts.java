package org.edgevec.recovery;

import java.util.List;

/** What {@link org.edgevec.RecoveryReport} tells. */
public record RecoveryFacts(
    boolean created,
    long generation,
    boolean usedPreviousSnapshot,
    int snapshotEntries,
    long replayedBatches,
    long replayedRecords,
    long lastSequence,
    long tornBytes,
    List<String> notes,
    long durationMillis) {

  public RecoveryFacts {
    notes = List.copyOf(notes);
  }
}
