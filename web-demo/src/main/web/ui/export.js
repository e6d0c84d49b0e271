/** The notes as a file, the database as its own files, and the sample notes that come and go. */

import { exportOf } from '../exchange.js';
import { tarOf } from '../tar.js';
import { counted } from '../text.js';
import { showToast } from './alert.js';
import { addSamples, start } from './opening.js';
import { $, act, shared } from './page.js';
import { longWork } from './work.js';

async function exportNotes() {
  const notes = await shared.notebook.all();
  download(new Blob([exportOf(notes)], { type: 'application/json' }), 'json');
  showToast(`${counted(notes.length, 'note')} exported.`);
}

/** The files can be read while the database is closed, so it is, for a moment. */
async function exportDatabase() {
  const { notebookFiles } = await import('../notebook.js');
  await shared.notebook.close();
  shared.notebook = undefined;
  try {
    const files = await notebookFiles();
    download(tarOf(files, Date.now()), 'tar');
    showToast(`${counted(Object.keys(files).length, 'file')} exported.`);
  } finally {
    await start();
  }
}

function download(blob, ending) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `notebook-${new Date().toISOString().slice(0, 10)}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function removeSamples() {
  const removed = await shared.notebook.removeSamples();
  showToast(`${counted(removed, 'sample note')} removed.`, () => act(() => addSamples('Bringing back the sample notes')));
}

async function clearNotes() {
  const notes = await shared.notebook.clear();
  const bringBack = () => longWork('Bringing back the notes', (options) => shared.notebook.add(notes, options));
  showToast(`${counted(notes.length, 'note')} removed.`, () => act(bringBack));
}

export function wireExport() {
  $('export').onclick = () => act(exportNotes);
  $('export-files').onclick = () => act(exportDatabase);
  $('remove-samples').onclick = () => act(removeSamples);
  $('restore-samples').onclick = () => act(() => addSamples('Bringing back the sample notes'));
  $('clear-notes').onclick = () => act(clearNotes);
}
