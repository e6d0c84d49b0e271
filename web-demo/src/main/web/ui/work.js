/** Long work that a visitor asked for, one at a time, with its progress and a button that stops it. */

import { $, byTestId } from './page.js';

/**
 * @template T
 * @param {string} label what is done
 * @param {(options: {onProgress: (done: number, total: number) => void, signal: AbortSignal}) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function longWork(label, work) {
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
  for (const id of ['remove-samples', 'restore-samples', 'clear-notes', 'file-input']) {
    $(id).disabled = busy;
  }
  byTestId('add-button').disabled = busy;
}
