/** Notes as a JSON document, to be kept elsewhere and added again. */

const FORMAT = 'edgevec-notebook';

/**
 * @param {import('./notebook.js').Note[]} notes
 * @returns {string} JSON that {@link notesOfExport} reads
 */
export function exportOf(notes) {
  const document = {
    format: FORMAT,
    version: 1,
    exported: new Date().toISOString(),
    notes: notes.map(({ id, topic, text, sample, created }) => ({ id, topic, text, sample, created: new Date(created).toISOString() })),
  };
  return JSON.stringify(document, null, 1);
}

/**
 * The notes of an exported document, to be added again.
 *
 * @throws {SyntaxError} if it is not one
 */
export function notesOfExport(json) {
  const document = JSON.parse(json);
  if (document?.format !== FORMAT || !Array.isArray(document.notes)) {
    throw new SyntaxError('This JSON file is no export of a notebook.');
  }
  return document.notes.map(({ id, topic, text, sample, created }) => {
    if (typeof id !== 'string' || typeof text !== 'string' || text.trim() === '') {
      throw new SyntaxError('A note in this export has no id or no text.');
    }
    return { id, topic: String(topic ?? ''), text, sample: sample === true, created: Date.parse(created) || Date.now() };
  });
}
