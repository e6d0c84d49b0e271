package org.edgevec;

import java.util.List;

/**
 * What opening a database found, and what it had to do.
 *
 * @param created nothing was there, and a new database was made
 * @param generation the number of the snapshot that served
 * @param usedPreviousSnapshot the newest snapshot was damaged, and the one before it and the log
 *     served; nothing is lost
 * @param snapshotEntries live entries that the snapshot held
 * @param replayedBatches batches replayed from the log
 * @param replayedRecords puts and deletes in those batches
 * @param lastSequence the number of the last batch that is part of the recovered state
 * @param tornBytes bytes of writes never acknowledged that were cut from the log's end and kept
 *     aside in a {@code .torn} file
 * @param notes whatever was out of the ordinary, in sentences; empty after an ordinary opening
 * @param durationMillis how long opening took
 */
public record RecoveryReport(
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

  public RecoveryReport {
    notes = List.copyOf(notes);
  }
}
