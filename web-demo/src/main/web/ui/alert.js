/** Messages: what failed, in words and with what to do about it, and what was done, with a way back. */

import { explain } from '../errors.js';
import { reopen, start } from './opening.js';
import { $ } from './page.js';

export function showError(error) {
  if (error?.code === 'ABORTED') {
    showToast('Stopped. What was saved until then stays.');
    return;
  }
  console.error(error);
  const { code, title, advice, detail, actions } = explain(error);
  const alert = $('alert');
  const heading = Object.assign(document.createElement('h2'), { textContent: title });
  const text = Object.assign(document.createElement('p'), { textContent: advice });
  const more = document.createElement('details');
  more.append(
    Object.assign(document.createElement('summary'), { textContent: 'What exactly happened' }),
    Object.assign(document.createElement('p'), { className: 'detail', textContent: detail }),
  );
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

export function clearAlert() {
  $('alert').hidden = true;
  $('alert').replaceChildren();
  delete $('alert').dataset.code;
}

/** @param {() => Promise<void>} [undo] what the button beside the text does */
export function showToast(text, undo) {
  $('toast').hidden = false;
  $('toast-text').textContent = text;
  $('toast-undo').hidden = undo === undefined;
  $('toast-undo').onclick = async () => {
    $('toast').hidden = true;
    await undo();
    $('search-box').focus();
  };
}

export function wireToast() {
  $('toast-close').onclick = () => {
    $('toast').hidden = true;
    $('search-box').focus();
  };
}
