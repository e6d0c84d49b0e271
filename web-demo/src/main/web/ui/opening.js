/** Opens the notebook, gives a new one its sample notes, and opens it again where that helps. */

import { loadCorpus } from '../corpus.js';
import { clearAlert, showError } from './alert.js';
import { $, refresh, shared } from './page.js';
import { showReport } from './database.js';
import { longWork } from './work.js';

/** Remembers that the samples were added once, so that those deleted one by one stay away. */
const SAMPLES_KEY = 'edgevec-demo-samples';

/** @type {ReturnType<typeof loadCorpus> | undefined} */
let corpus;

export async function start(options = {}) {
  clearAlert();
  document.documentElement.dataset.state = 'opening';
  loaded().catch(() => {}); // Beside the opening; whoever needs it is told.
  try {
    // Late, so that a browser which cannot load the database is told why.
    const { Notebook } = await import('../notebook.js');
    shared.notebook = await Notebook.open(options);
    showReport($('recovery-report'), await shared.notebook.recoveryReport());
    document.documentElement.dataset.state = 'ready';
    await addFirstSamples();
  } catch (error) {
    if (shared.notebook === undefined) {
      document.documentElement.dataset.state = 'failed';
      $('result-count').textContent = 'The notebook is not open.';
    }
    showError(error);
  }
  await refresh();
  await useCorpus();
}

export async function reopen() {
  const old = shared.notebook;
  shared.notebook = undefined;
  try {
    await old?.close();
  } catch (error) {
    console.warn('The old handle could not be closed, which opening again will tell if it matters.', error);
  }
  await start();
}

async function addFirstSamples() {
  const { created } = await shared.notebook.recoveryReport();
  const { readOnly } = await shared.notebook.stats();
  if (!readOnly && (created || localStorage.getItem(SAMPLES_KEY) === null)) {
    await addSamples('First visit: adding the sample notes');
  }
}

/** What came with the page beside the notes themselves; nobody has to wait for it. */
async function useCorpus() {
  const { notebook } = shared;
  try {
    const { notes, questions } = await loaded();
    shared.questions = questions;
    if (notebook?.waiting > 0 && !(await notebook.stats()).readOnly) {
      await notebook.understandSamples(notes);
    }
    await refresh();
  } catch (error) {
    console.warn('The vectors that come with the page could not be used; the model makes them.', error);
  }
}

export async function addSamples(label) {
  const { notes } = await loaded();
  await longWork(label, (options) => shared.notebook.addSamples(notes, options));
  localStorage.setItem(SAMPLES_KEY, 'added');
}

/** Read once, and anew only if that failed. */
function loaded() {
  corpus ??= loadCorpus().catch((error) => {
    corpus = undefined;
    throw error;
  });
  return corpus;
}
