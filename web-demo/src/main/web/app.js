/**
 * The page's wiring: what a visitor does goes to the notebook, what the notebook holds is shown.
 * Modules that need the database are imported late, so that a browser which cannot load them is
 * told why.
 */

import { loadCorpus } from './corpus.js';
import { explain } from './errors.js';
import { exportOf, notesOfExport } from './exchange.js';
import { reportSentences } from './report.js';
import { tarOf } from './tar.js';
import { counted, formatBytes, markMatches, splitParagraphs, topicOfFile } from './text.js';

const FIRST_RESULTS = 8;
const MORE_RESULTS = 16;
const DEBOUNCE_MILLIS = 60;
const STATS_MILLIS = 5_000;

/** Hits below the one are left out, hits below the other shown as weak; see the page's own words on chance. */
const LEAST_SCORE = 0.12;
const WEAK_SCORE = 0.2;

/** Remembers that the samples were added once, so that those deleted one by one stay away. */
const SAMPLES_KEY = 'edgevec-demo-samples';

const $ = (id) => document.getElementById(id);
const byTestId = (id) => document.querySelector(`[data-testid="${id}"]`);

/** @type {import('./notebook.js').Notebook | undefined} */
let notebook;
let shownCount = FIRST_RESULTS;
let newestSearch = 0;
let crashRuns = [];

// Opening

async function start(options = {}) {
  clearAlert();
  document.documentElement.dataset.state = 'opening';
  try {
    const { Notebook } = await import('./notebook.js');
    notebook = await Notebook.open(options);
    showReport($('recovery-report'), await notebook.recoveryReport());
    document.documentElement.dataset.state = 'ready';
    await addFirstSamples();
  } catch (error) {
    if (notebook === undefined) {
      document.documentElement.dataset.state = 'failed';
      $('result-count').textContent = 'The notebook is not open.';
    }
    showError(error);
  }
  await refresh();
}

async function reopen() {
  const old = notebook;
  notebook = undefined;
  try {
    await old?.close();
  } catch (error) {
    console.warn('The old handle could not be closed, which opening again will tell if it matters.', error);
  }
  await start();
}

async function addFirstSamples() {
  const { created } = await notebook.recoveryReport();
  const { readOnly } = await notebook.stats();
  if (!readOnly && (created || localStorage.getItem(SAMPLES_KEY) === null)) {
    await addSamples('First visit: adding the sample notes');
  }
}

async function addSamples(label) {
  const samples = await loadCorpus();
  await longWork(label, (options) => notebook.addSamples(samples, options));
  localStorage.setItem(SAMPLES_KEY, 'added');
}

// Long work, one at a time

async function longWork(label, work) {
  const controller = new AbortController();
  const progress = $('work-progress');
  $('work-label').textContent = `${label} …`;
  progress.removeAttribute('value');
  $('work').hidden = false;
  $('work-cancel').onclick = () => controller.abort();
  const onProgress = (done, total) => {
    progress.max = Math.max(total, 1);
    progress.value = done;
    $('work-label').textContent = `${label}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  };
  setBusy(true);
  try {
    return await work({ onProgress, signal: controller.signal });
  } finally {
    setBusy(false);
    $('work').hidden = true;
  }
}

function setBusy(busy) {
  for (const id of ['remove-samples', 'restore-samples', 'file-input']) {
    $(id).disabled = busy;
  }
  byTestId('add-button').disabled = busy;
}

/** Runs what a visitor asked for; an error is shown, and what changed is shown in any case. */
async function act(action) {
  if (notebook === undefined) {
    showToast('The notebook is not open.');
    return;
  }
  try {
    await action();
  } catch (error) {
    showError(error);
  }
  await refresh();
}

async function refresh() {
  await Promise.all([showResults(), showStats()]);
}

// Search

async function showResults() {
  if (notebook === undefined) {
    return;
  }
  const search = ++newestSearch;
  const query = $('search-box').value.trim();
  try {
    const begin = performance.now();
    const found = query === '' ? await notebook.latest(shownCount + 1) : await notebook.search(query, shownCount + 1);
    const millis = performance.now() - begin;
    if (search === newestSearch) {
      renderResults(query, found.filter((note) => note.score === undefined || note.score >= LEAST_SCORE), millis);
    }
  } catch (error) {
    showError(error);
  }
}

function renderResults(query, notes, millis) {
  const shown = notes.slice(0, shownCount);
  $('results').replaceChildren(...shown.map((note) => resultElement(note, query)));
  $('show-more').hidden = notes.length <= shownCount;
  $('result-count').textContent = countText(query, shown, millis);
}

function countText(query, shown, millis) {
  if (query === '') {
    return notebook.size === 0
      ? 'The notebook is empty. Add something, or bring back the sample notes.'
      : `${counted(notebook.size, 'note')}; the first ${shown.length} are shown.`;
  }
  const scored = `${notebook.size.toLocaleString('en')} compared in ${millis < 10 ? millis.toFixed(1) : Math.round(millis)} ms`;
  if (shown.length === 0) {
    return `No note resembles “${query}” (${scored}).`;
  }
  const nearest = counted(shown.length, 'nearest note');
  return shown[0].score < WEAK_SCORE ? `Only weak matches: the ${nearest}, ${scored}.` : `The ${nearest}, ${scored}.`;
}

function resultElement(note, query) {
  const item = $('result-template').content.firstElementChild.cloneNode(true);
  const article = item.querySelector('article');
  const part = (id) => item.querySelector(`[data-testid="${id}"]`);
  const title = note.topic || note.text.slice(0, 40);
  article.dataset.id = note.id;
  article.setAttribute('aria-label', title);
  appendMarked(part('result-topic'), note.topic || 'Note', query);
  appendMarked(part('result-text'), note.text, query);
  const weak = note.score !== undefined && note.score < WEAK_SCORE;
  const origin = note.sample ? 'Sample note' : `Yours, ${formatDate(note.created)}`;
  item.querySelector('.origin').textContent = weak ? `Weak match. ${origin}` : origin;
  article.classList.toggle('weak', weak);
  if (note.score === undefined) {
    item.querySelector('.score').remove();
  } else {
    part('result-score').textContent = note.score.toFixed(2);
    item.querySelector('.bar').style.setProperty('--share', Math.max(0, Math.min(1, note.score)));
  }
  part('result-edit').setAttribute('aria-label', `Edit “${title}”`);
  part('result-edit').onclick = () => openEditor(note);
  part('result-delete').setAttribute('aria-label', `Delete “${title}”`);
  part('result-delete').onclick = () => act(() => deleteNote(note));
  return item;
}

function appendMarked(element, text, query) {
  for (const piece of markMatches(text, query)) {
    if (piece.match) {
      const mark = document.createElement('mark');
      mark.textContent = piece.text;
      element.append(mark);
    } else {
      element.append(piece.text);
    }
  }
}

function formatDate(millis) {
  return new Date(millis).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}

function wireSearch() {
  let timer;
  $('search-box').oninput = () => {
    clearTimeout(timer);
    shownCount = FIRST_RESULTS;
    timer = setTimeout(showResults, DEBOUNCE_MILLIS);
  };
  $('search-form').onsubmit = (event) => {
    event.preventDefault();
    showResults();
  };
  for (const button of $('examples').querySelectorAll('button')) {
    button.onclick = () => {
      $('search-box').value = button.textContent;
      shownCount = FIRST_RESULTS;
      showResults();
    };
  }
  $('show-more').onclick = async () => {
    const firstNew = shownCount;
    shownCount += MORE_RESULTS;
    await showResults();
    $('results').children[firstNew]?.querySelector('article').focus();
  };
}

// Adding

async function addParagraphs(paragraphs, source) {
  if (paragraphs.length === 0) {
    $('add-status').textContent = `There is no paragraph in ${source}.`;
    return false;
  }
  const added = await longWork('Adding notes', (options) => notebook.add(paragraphs, options));
  $('add-status').textContent = `${counted(added, 'note')} added and saved.`;
  return true;
}

async function addPasted() {
  const added = await addParagraphs(splitParagraphs($('paste-box').value, $('paste-topic').value.trim()), 'the text');
  if (added) {
    $('add-form').reset();
  }
}

async function addFiles(files) {
  const paragraphs = [];
  for (const file of files) {
    paragraphs.push(...(await paragraphsOf(file)));
  }
  await addParagraphs(paragraphs, counted(files.length, 'file'));
}

async function paragraphsOf(file) {
  const text = await file.text();
  if (text.includes('\0')) {
    throw new Error(`${file.name} is not a text file. The notebook takes .txt and .md files, and its own exports.`);
  }
  if (/\.json$/i.test(file.name)) {
    return notesOfExport(text);
  }
  return splitParagraphs(text, topicOfFile(file.name));
}

function wireAdding() {
  $('add-form').onsubmit = (event) => {
    event.preventDefault();
    act(addPasted);
  };
  $('file-input').onchange = async () => {
    const files = [...$('file-input').files];
    $('file-input').value = '';
    await act(() => addFiles(files));
  };
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  const setDropping = (dropping) => document.body.classList.toggle('dropping', dropping);
  document.addEventListener('dragover', (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      setDropping(true);
    }
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) {
      setDropping(false);
    }
  });
  document.addEventListener('drop', (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      setDropping(false);
      const files = [...event.dataTransfer.files];
      act(() => addFiles(files));
    }
  });
}

// Editing and deleting

function openEditor(note) {
  $('edit-topic').value = note.topic;
  $('edit-text').value = note.text;
  $('edit-form').onsubmit = async (event) => {
    event.preventDefault();
    const text = $('edit-text').value.trim();
    if (text === '') {
      $('edit-text').setCustomValidity('A note needs some text. To remove it, use Delete.');
      $('edit-text').reportValidity();
      return;
    }
    $('edit').close();
    await act(() => saveEdit(note.id, $('edit-topic').value.trim(), text));
    focusNote(note.id);
  };
  $('edit').showModal();
}

async function saveEdit(id, topic, text) {
  await notebook.edit(id, { topic, text });
  showToast('Saved.');
}

/** The edited note may no longer be among the results; then the search box is the place to go on from. */
function focusNote(id) {
  const article = $('results').querySelector(`[data-id="${CSS.escape(id)}"]`);
  (article?.querySelector('[data-action="edit"]') ?? $('search-box')).focus();
}

async function deleteNote(note) {
  const deleted = await notebook.delete(note.id);
  if (deleted !== undefined) {
    showToast(`Deleted “${note.topic || note.text.slice(0, 40)}”.`, () => act(() => notebook.restore(deleted)));
    $('toast-undo').focus();
  }
}

function showToast(text, undo) {
  $('toast').hidden = false;
  $('toast-text').textContent = text;
  $('toast-undo').hidden = undo === undefined;
  $('toast-undo').onclick = async () => {
    hideToast();
    await undo();
    $('search-box').focus();
  };
}

function hideToast() {
  $('toast').hidden = true;
}

function wireEditing() {
  $('edit-cancel').onclick = () => $('edit').close();
  $('edit-text').oninput = () => $('edit-text').setCustomValidity('');
  $('toast-close').onclick = () => {
    hideToast();
    $('search-box').focus();
  };
}

// What the database knows

/** How much of the entries the search graph links; what it does not, a search scores one by one. */
function graphText({ indexedEntries, tailEntries }) {
  const tail = tailEntries.toLocaleString('en');
  return indexedEntries === 0
    ? 'none among so few'
    : `${counted(indexedEntries, 'entry', 'entries')} linked${tailEntries > 0 ? `, ${tail} to come` : ''}`;
}

async function showStats() {
  if (notebook === undefined) {
    return;
  }
  try {
    const stats = await notebook.stats();
    const samples = notebook.sampleCount;
    const set = (id, text) => (byTestId(id).textContent = text);
    set('stat-entries', stats.size.toLocaleString('en'));
    set('stat-graph', graphText(stats));
    set('stat-log-bytes', formatBytes(stats.logBytes));
    set('stat-retained-log-bytes', formatBytes(stats.retainedLogBytes));
    set('stat-durability', stats.readOnly ? `${stats.durability}, read-only` : stats.durability);
    set('stat-generation', `number ${stats.generation}`);
    set('stat-segments', `${stats.segmentCount}, ${formatBytes(stats.segmentBytes)}`);
    set('stat-sequence', `number ${stats.lastSequence.toLocaleString('en')}`);
    set('stat-batches', `${counted(stats.batches, 'batch', 'batches')}, ${counted(stats.syncs, 'sync')}`);
    byTestId('stat-checkpoint').replaceChildren(timeElement(stats.lastCheckpointMillis));
    $('remove-samples').hidden = samples === 0;
    $('restore-samples').hidden = samples > 0;
  } catch (error) {
    showError(error);
  }
}

async function showPersisted() {
  const persisted = await navigator.storage?.persisted?.();
  byTestId('stat-persisted').textContent = persisted === undefined ? 'unknown' : persisted ? 'persistent' : 'evictable';
  $('persist').hidden = persisted !== false;
}

function timeElement(millis) {
  const element = document.createElement('time');
  const date = new Date(millis);
  element.dateTime = date.toISOString();
  element.title = date.toLocaleString('en-GB');
  element.textContent = ago(Date.now() - millis);
  return element;
}

function ago(millis) {
  const seconds = Math.round(millis / 1000);
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (seconds < 5) {
    return 'just now';
  }
  if (seconds < 60) {
    return format.format(-seconds, 'second');
  }
  if (seconds < 3600) {
    return format.format(-Math.round(seconds / 60), 'minute');
  }
  return seconds < 86_400 ? format.format(-Math.round(seconds / 3600), 'hour') : format.format(-Math.round(seconds / 86_400), 'day');
}

function showReport(element, report) {
  element.replaceChildren(
    ...reportSentences(report).map((sentence) => {
      const paragraph = document.createElement('p');
      paragraph.textContent = sentence;
      return paragraph;
    }),
  );
}

function wireDatabase() {
  $('checkpoint').onclick = () => act(() => notebook.checkpoint());
  $('persist').onclick = async () => {
    const granted = await navigator.storage.persist();
    await showPersisted();
    showToast(granted ? 'The browser will keep the notebook.' : 'The browser did not agree. An export is the safe way.');
  };
  setInterval(() => {
    if (!document.hidden) {
      showStats();
    }
  }, STATS_MILLIS);
}

// The crash test

async function runCrashTest() {
  const button = $('crash-button');
  const progress = $('crash-progress');
  button.disabled = true;
  $('crash-result').hidden = true;
  progress.hidden = false;
  progress.value = 0;
  $('crash-status').textContent = 'The worker is writing …';
  try {
    const { crashTest } = await import('./crash.js');
    const result = await crashTest((stage, acknowledged, goal) => {
      progress.max = goal;
      progress.value = acknowledged;
      if (stage !== 'writing') {
        $('crash-status').textContent = stage === 'killed' ? 'Killed. Opening what it left …' : 'Comparing …';
      }
    });
    showCrashResult(result);
  } catch (error) {
    $('crash-status').textContent = `The test did not get to an end: ${error.message}`;
    showError(error);
  } finally {
    progress.hidden = true;
    button.disabled = false;
    button.textContent = 'Crash it again';
  }
}

function showCrashResult(result) {
  const set = (id, value) => (byTestId(id).textContent = value.toLocaleString('en'));
  set('crash-submitted', result.submitted);
  set('crash-acknowledged', result.acknowledged);
  set('crash-recovered', result.recovered);
  set('crash-lost', result.lost.length);
  set('crash-half-batches', result.halfBatches.length);
  const bad = result.lost.length + result.halfBatches.length + result.wrong.length > 0;
  $('crash-result').classList.toggle('bad', bad);
  $('crash-verdict').textContent = verdict(result, bad);
  showReport($('crash-report'), result.report);
  crashRuns.push(result);
  $('crash-history').textContent = historyText();
  $('crash-result').hidden = false;
  $('crash-status').textContent = bad ? 'The promise was broken.' : 'Killed, reopened and compared.';
}

function verdict(result, bad) {
  if (bad) {
    return (
      `The database broke its promise. Lost: ${listed(result.lost)}. Half batches: ${listed(result.halfBatches)}. ` +
      `Not as written: ${listed(result.wrong)}.`
    );
  }
  const inFlight =
    result.inFlight === 0
      ? ''
      : ` ${counted(result.inFlight, 'more entry', 'more entries')} had been on the way, and arrived whole.`;
  const checkpoints =
    result.checkpoints === 0 ? '' : ` ${counted(result.checkpoints, 'checkpoint')} had been finished while it wrote.`;
  return `All ${result.acknowledged.toLocaleString('en')} acknowledged entries are there, to the last bit, and every batch is whole.${inFlight}${checkpoints}`;
}

function listed(ids) {
  return ids.length === 0 ? 'none' : `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;
}

function historyText() {
  const sum = (value) => crashRuns.reduce((total, run) => total + value(run), 0).toLocaleString('en');
  return (
    `${counted(crashRuns.length, 'crash', 'crashes')} on this visit: ${sum((run) => run.acknowledged)} acknowledged, ` +
    `${sum((run) => run.lost.length)} lost.`
  );
}

// Export and samples

async function exportNotes() {
  const notes = await notebook.all();
  download(new Blob([exportOf(notes)], { type: 'application/json' }), 'json');
  showToast(`${counted(notes.length, 'note')} exported.`);
}

/** The files can be read while the database is closed, so it is, for a moment. */
async function exportDatabase() {
  const { notebookFiles } = await import('./notebook.js');
  await notebook.close();
  notebook = undefined;
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
  const removed = await notebook.removeSamples();
  showToast(`${counted(removed, 'sample note')} removed.`, () => act(() => addSamples('Bringing back the sample notes')));
}

function wireData() {
  $('export').onclick = () => act(exportNotes);
  $('export-files').onclick = () => act(exportDatabase);
  $('remove-samples').onclick = () => act(removeSamples);
  $('restore-samples').onclick = () => act(() => addSamples('Bringing back the sample notes'));
  $('crash-button').onclick = runCrashTest;
}

// Errors

function showError(error) {
  if (error?.code === 'ABORTED') {
    showToast('Stopped. What was saved until then stays.');
    return;
  }
  console.error(error);
  const { code, title, advice, detail, actions } = explain(error);
  const alert = $('alert');
  const heading = Object.assign(document.createElement('h2'), { textContent: title });
  const text = Object.assign(document.createElement('p'), { textContent: advice });
  const more = Object.assign(document.createElement('p'), { className: 'detail', textContent: code === 'ERROR' ? detail : `${code}: ${detail}` });
  const buttons = Object.assign(document.createElement('p'), { className: 'buttons' });
  const addButton = (label, testId, action) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label, onclick: action });
    button.dataset.testid = testId;
    buttons.append(button);
  };
  if (actions.includes('retry')) {
    addButton('Try again', 'alert-retry', () => start());
  }
  if (actions.includes('reopen')) {
    addButton('Open it again', 'alert-retry', () => reopen());
  }
  if (actions.includes('create')) {
    addButton('Begin a new notebook', 'alert-create', () => start({ ifLost: 'create' }));
  }
  if (actions.includes('salvage')) {
    addButton('Open what can be read', 'alert-salvage', () => start({ salvage: true }));
  }
  addButton('Dismiss', 'alert-dismiss', clearAlert);
  alert.replaceChildren(heading, ...(advice === '' ? [] : [text]), more, buttons);
  alert.dataset.code = code;
  alert.hidden = false;
  alert.scrollIntoView({ block: 'nearest' });
}

function clearAlert() {
  $('alert').hidden = true;
  $('alert').replaceChildren();
  delete $('alert').dataset.code;
}

wireSearch();
wireAdding();
wireEditing();
wireDatabase();
wireData();
showPersisted();
start();
