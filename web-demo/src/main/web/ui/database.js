/** What the database knows about itself. */

import { reportSentences } from '../report.js';
import { counted, formatBytes } from '../text.js';
import { showError, showToast } from './alert.js';
import { $, act, byTestId, onChange, shared } from './page.js';

const STATS_MILLIS = 5_000;

/** How much of the entries the search graph links; what it does not, a search scores one by one. */
function graphText({ indexedEntries, tailEntries }) {
  const tail = tailEntries.toLocaleString('en');
  return indexedEntries === 0
    ? 'none among so few'
    : `${counted(indexedEntries, 'entry', 'entries')} linked${tailEntries > 0 ? `, ${tail} to come` : ''}`;
}

async function showStats() {
  const { notebook } = shared;
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
    $('clear-notes').hidden = notebook.size === 0;
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

export function showReport(element, report) {
  element.replaceChildren(
    ...reportSentences(report).map((sentence) => {
      const paragraph = document.createElement('p');
      paragraph.textContent = sentence;
      return paragraph;
    }),
  );
}

export function wireDatabase() {
  onChange(showStats);
  showPersisted();
  $('checkpoint').onclick = () => act(() => shared.notebook.checkpoint());
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
