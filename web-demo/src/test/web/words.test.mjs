import assert from 'node:assert/strict';
import test from 'node:test';
import { explain } from '../../main/web/errors.js';
import { exportOf, notesOfExport } from '../../main/web/exchange.js';
import { reportSentences } from '../../main/web/report.js';

const notes = [
  { id: 'note/1', topic: 'Tea', text: 'Three\nminutes “exactly”.', sample: false, created: 1_700_000_000_000 },
  { id: 'sample/kitchen/01', topic: '', text: '茶 </script>', sample: true, created: 1 },
];

test('an export gives back the notes', () => {
  assert.deepEqual(notesOfExport(exportOf(notes)), notes);
});

test('another JSON file is no export', () => {
  for (const json of ['{}', '[]', 'null', '3', '{"format":"edgevec-notebook"}', '{"format":"other","notes":[]}', 'not json']) {
    assert.throws(() => notesOfExport(json), SyntaxError, json);
  }
});

test('an export with a note that has no text is refused whole', () => {
  const document = JSON.parse(exportOf(notes));
  document.notes[1].text = ' ';
  assert.throws(() => notesOfExport(JSON.stringify(document)), /no id or no text/);
});

const ordinary = {
  created: false, vanished: false, generation: 4, usedPreviousSnapshot: false, snapshotEntries: 363, replayedBatches: 0,
  replayedRecords: 0, lastSequence: 9, tornBytes: 0, notes: [], durationMillis: 3.456,
};

test('a recovery report tells what happened', () => {
  assert.deepEqual(reportSentences(ordinary), [
    'Snapshot 4 gave back 363 entries; the log behind it held nothing to replay.',
    'No half-written batch was found.',
    'It took 3.5 ms.',
  ]);
  assert.match(reportSentences({ ...ordinary, replayedBatches: 1, replayedRecords: 20 }).join(' '), /1 batch with 20 changes was replayed/);
  assert.match(reportSentences({ ...ordinary, tornBytes: 1234 }).join(' '), /1\.2 KB of a write that was never acknowledged/);
  assert.match(reportSentences({ ...ordinary, created: true }).join(' '), /new database was made/);
  assert.match(reportSentences({ ...ordinary, created: true, vanished: true }).join(' '), /the browser lost it/);
  assert.match(reportSentences({ ...ordinary, usedPreviousSnapshot: true }).join(' '), /newest snapshot was damaged/);
  assert.equal(reportSentences({ ...ordinary, notes: ['Something odd.'] }).at(-1), 'Something odd.');
});

test('an error says what it is and what to do', () => {
  const error = Object.assign(new Error('The database “notebook” is open.'), { code: 'LOCKED' });
  const { code, detail, advice, actions } = explain(error);
  assert.deepEqual([code, detail, actions], ['LOCKED', error.message, ['retry']]);
  assert.match(advice, /Close the other one/);
  assert.deepEqual(explain(Object.assign(new Error('gone'), { code: 'LOST' })).actions, ['retry', 'create']);
});

test('an unknown failure is shown with its own words', () => {
  assert.deepEqual([explain(new Error('boom')).code, explain(new Error('boom')).detail], ['ERROR', 'boom']);
  assert.equal(explain('just a string').detail, 'just a string');
  assert.equal(explain(undefined).detail, 'undefined');
});
