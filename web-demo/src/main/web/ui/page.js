/** What all parts of the page share: the notebook and the model, and how elements are found. */

import { showError, showToast } from './alert.js';

export const $ = (id) => document.getElementById(id);
export const byTestId = (id) => document.querySelector(`[data-testid="${id}"]`);

export const shared = {
  /** @type {import('../notebook.js').Notebook | undefined} */
  notebook: undefined,
  /** @type {import('../meaning.js').Model | undefined} */
  model: undefined,
  /** Vectors of the questions that came with the page. @type {Map<string, Float32Array>} */
  questions: new Map(),
};

const listeners = [];

/** Has something called whenever what the notebook holds may have changed. */
export function onChange(listener) {
  listeners.push(listener);
}

export async function refresh() {
  await Promise.all(listeners.map((listener) => listener()));
}

/** Runs what a visitor asked for; an error is shown, and what changed is shown in any case. */
export async function act(action) {
  if (shared.notebook === undefined) {
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
