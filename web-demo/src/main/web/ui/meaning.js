/**
 * The model on the page: it is loaded beside everything else, reads the notes that wait for it, and says at
 * each moment how a search is done. Without it the notebook is searched by words.
 *
 * <html data-meaning> is "loading", "reading", "ready" or "absent".
 */

import { loadMeaning } from '../meaning.js';
import { counted, formatBytes } from '../text.js';
import { showError } from './alert.js';
import { $, onChange, refresh, shared } from './page.js';

const SIZE = '38 MB, once';

/** A visitor on a slow line, or a test, may ask for a page without it: ?model=no. */
const ASKED_FOR_NONE = new URLSearchParams(location.search).get('model') === 'no';

/** What a page that is never idle waits at most before it loads the model. */
const IDLE_MILLIS = 500;

/** Whether the notes that wait are being read. */
let reading = false;

/** The notebook for which that was stopped, or failed: to go on is up to the visitor, or to opening it anew. */
let stopped;

export async function loadModel() {
  const controller = new AbortController();
  say('loading', `Finds by words so far. The language model is loading (${SIZE}) …`, 'Stop', () => controller.abort());
  try {
    const onProgress = (done, total) => {
      $('meaning-progress').max = total;
      $('meaning-progress').value = done;
      $('meaning-text').textContent =
        done < total
          ? `Finds by words so far. The language model is loading: ${formatBytes(done)} of ${formatBytes(total)}, once.`
          : 'Finds by words so far. The language model is starting …';
    };
    shared.model = await loadMeaning({ onProgress, signal: controller.signal });
  } catch (error) {
    sayAbsent(error, 'the language model could not be loaded');
    return;
  }
  shared.model.ended.then((error) => {
    shared.model = undefined;
    sayAbsent(error, 'the language model has ended');
    refresh();
  });
  sayReady();
  await refresh();
}

/** Lets the model read the notes that wait for it, unless it is at that already. */
async function readWaiting() {
  const { model, notebook } = shared;
  if ((await notebook.stats()).readOnly || reading) {
    return;
  }
  reading = true;
  stopped = undefined;
  const controller = new AbortController();
  const onProgress = (done, total) => {
    $('meaning-progress').max = total;
    $('meaning-progress').value = done;
    $('meaning-text').textContent = `Finds by meaning. The model reads ${counted(total, 'note')}, ${done.toLocaleString('en')} done; the rest is found by words.`;
  };
  say('reading', `Finds by meaning. The model reads ${counted(notebook.waiting, 'note')} …`, 'Stop', () => controller.abort());
  try {
    await notebook.understand(model, { onProgress, signal: controller.signal });
    stopped = controller.signal.aborted ? notebook : undefined;
  } catch (error) {
    stopped = notebook; // Without the model there is nothing to go on with; else the storage failed.
    if (shared.model === model && shared.notebook === notebook) {
      showError(error);
    }
  }
  reading = false;
  await refresh();
}

function sayReady() {
  const waiting = shared.notebook?.waiting ?? 0;
  if (waiting === 0) {
    say('ready', 'Finds by meaning, in English, on this device.');
  } else {
    say('ready', `Finds by meaning; ${counted(waiting, 'note')} not read yet, found by words.`, 'Read them', readWaiting);
  }
}

function sayAbsent(error, what) {
  const stopped = error.name === 'AbortError';
  const why = stopped ? 'you stopped the language model' : `${what}: ${error.message}`;
  say('absent', `Finds by words: ${why.replace(/\.$/, '')}.`, stopped ? `Load it (${SIZE})` : 'Try again', loadModel);
}

/** Progress changes the text that is seen only; who hears the page is told of the states. */
function say(state, text, button, action) {
  document.documentElement.dataset.meaning = state;
  $('meaning-text').textContent = text;
  $('meaning-told').textContent = text;
  $('meaning-progress').hidden = state !== 'loading' && state !== 'reading';
  $('meaning-progress').removeAttribute('value');
  $('meaning-button').hidden = button === undefined;
  $('meaning-button').textContent = button ?? '';
  $('meaning-button').onclick = action ?? null;
}

/**
 * The model is loaded once there are notes and the page has nothing to do: what a visitor has asked for by
 * then is found by words first, and does not wait for a processor that makes machine code.
 */
export function wireMeaning() {
  let begun = false;
  onChange(() => {
    if (shared.notebook === undefined) {
      return;
    }
    if (!begun) {
      begun = true;
      whenIdle(begin);
    } else if (shared.model !== undefined && !reading) {
      sayReady();
      if (shared.notebook.waiting > 0 && stopped !== shared.notebook) {
        readWaiting();
      }
    }
  });
}

function whenIdle(action) {
  if (window.requestIdleCallback === undefined) {
    setTimeout(action, IDLE_MILLIS); // Safari
  } else {
    requestIdleCallback(action, { timeout: IDLE_MILLIS });
  }
}

function begin() {
  if (ASKED_FOR_NONE || navigator.connection?.saveData) {
    say('absent', 'Finds by words: the language model was not asked for.', `Load it (${SIZE})`, loadModel);
  } else {
    loadModel();
  }
}
