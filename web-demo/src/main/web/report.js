/** What the database says about itself, in plain sentences. */

import { counted, formatBytes } from './text.js';

/**
 * A recovery report in sentences.
 *
 * @param {import('./node_modules/edgevec-java/index.js').RecoveryReport} report
 * @returns {string[]}
 */
export function reportSentences(report) {
  const sentences = [];
  if (report.vanished) {
    sentences.push('A notebook had been here before and the browser lost it; this is a new, empty one.');
  } else if (report.created) {
    sentences.push('Nothing was here yet, so a new database was made.');
  } else {
    sentences.push(
      `Snapshot ${report.generation} gave back ${counted(report.snapshotEntries, 'entry', 'entries')}` +
        (report.replayedBatches === 0
          ? '; the log behind it held nothing to replay.'
          : `; ${counted(report.replayedBatches, 'batch', 'batches')} with ${counted(report.replayedRecords, 'change')} ${report.replayedBatches === 1 ? 'was' : 'were'} replayed from the log.`),
    );
  }
  if (report.usedPreviousSnapshot) {
    sentences.push('The newest snapshot was damaged; the one before it and the log held everything.');
  }
  sentences.push(
    report.tornBytes === 0
      ? 'No half-written batch was found.'
      : `${formatBytes(report.tornBytes)} of a write that was never acknowledged were cut off and kept aside.`,
  );
  sentences.push(`It took ${formatMillis(report.durationMillis)}.`);
  return [...sentences, ...report.notes];
}

function formatMillis(millis) {
  return millis < 10 ? `${millis.toFixed(1)} ms` : `${Math.round(millis)} ms`;
}
