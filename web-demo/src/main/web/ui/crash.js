/** The crash test on the page: one crash, twenty in a row, or the visitor closes the tab. */

import { RECORD_KEY } from '../crash-data.js';
import { counted } from '../text.js';
import { showError } from './alert.js';
import { $, byTestId } from './page.js';
import { showReport } from './database.js';

/** A test may ask for fewer: ?rounds=3. */
const ROUNDS = Number(new URLSearchParams(location.search).get('rounds')) || 20;

/** Late, so that a browser which cannot load the database is told why. */
const tests = () => import('../crash.js');

const STEPS = ['writing', 'killed', 'checking'];

/** Every crash of this visit. @type {import('../crash.js').CrashResult[]} */
const runs = [];

async function crashOnce() {
  await running(async () => {
    showResult(await oneCrash());
    $('crash-status').textContent = 'Killed mid-write, opened again, compared.';
  });
  $('crash-button').textContent = 'Kill it again';
}

async function crashMany() {
  await running(async () => {
    const first = runs.length;
    for (let round = 1; round <= ROUNDS; round++) {
      $('crash-round').textContent = `Round ${round} of ${ROUNDS}. `;
      const result = await oneCrash();
      if (round === ROUNDS || isBad(result)) {
        showResult(result);
      }
      if (isBad(result)) {
        break;
      }
    }
    const these = runs.slice(first);
    const sum = (value) => these.reduce((total, run) => total + value(run), 0);
    $('crash-status').textContent =
      `${counted(these.length, 'crash', 'crashes')} in a row: ${sum((run) => run.acknowledged).toLocaleString('en')} writes confirmed, ` +
      `${sum((run) => run.lost.length)} lost.`;
  });
  $('crash-round').textContent = '';
}

/** One crash, shown as it goes. */
async function oneCrash() {
  const texts = {
    writing: 'A worker writes as fast as it can …',
    killed: 'Killed. Opening what it left …',
    checking: 'Opened. Comparing to the last bit …',
  };
  let stage = 'writing';
  setStep(stage, texts[stage]);
  const { crashTest } = await tests();
  const result = await crashTest((now, acknowledged) => {
    showCount(acknowledged);
    if (now !== stage) {
      stage = now;
      setStep(stage, texts[stage]);
    }
  });
  setStep('done', '');
  runs.push(result);
  return result;
}

async function running(work) {
  const buttons = ['crash-button', 'crash-many', 'crash-close'].map($);
  buttons.forEach((button) => (button.disabled = true));
  $('crash-result').hidden = true;
  $('crash').dataset.bad = 'no';
  try {
    await work();
  } catch (error) {
    $('crash-status').textContent = 'The test did not get to an end.';
    showError(error);
  }
  buttons.forEach((button) => (button.disabled = false));
}

function showCount(count) {
  $('crash-count').textContent = count.toLocaleString('en');
}

function setStep(step, text) {
  $('crash').dataset.step = step;
  for (const item of $('crash-steps').children) {
    const place = STEPS.indexOf(item.dataset.step);
    const now = step === 'done' ? STEPS.length : STEPS.indexOf(step);
    item.className = place < now ? 'past' : place === now ? 'now' : '';
  }
  $('crash-status').textContent = text;
}

function isBad(result) {
  return result.lost.length + result.halfBatches.length + result.wrong.length > 0;
}

function showResult(result) {
  const set = (id, value) => (byTestId(id).textContent = value.toLocaleString('en'));
  set('crash-submitted', result.submitted);
  set('crash-acknowledged', result.acknowledged);
  set('crash-recovered', result.recovered);
  set('crash-lost', result.lost.length);
  set('crash-half-batches', result.halfBatches.length);
  showCount(result.acknowledged);
  $('crash').dataset.bad = isBad(result) ? 'yes' : 'no';
  $('crash-verdict').textContent = verdict(result);
  showReport($('crash-report'), result.report);
  $('crash-history').textContent = runs.length > 1 ? historyText() : '';
  $('crash-result').hidden = false;
}

function verdict(result) {
  if (isBad(result)) {
    return (
      `The database broke its promise. Lost: ${listed(result.lost)}. Half batches: ${listed(result.halfBatches)}. ` +
      `Not as written: ${listed(result.wrong)}.`
    );
  }
  return `0 lost. All ${result.acknowledged.toLocaleString('en')} confirmed writes are there, to the last bit.`;
}

function listed(ids) {
  return ids.length === 0 ? 'none' : `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;
}

function historyText() {
  const sum = (value) => runs.reduce((total, run) => total + value(run), 0).toLocaleString('en');
  const last = runs.at(-1);
  const inFlight = last === undefined || last.inFlight === 0 ? '' : ` ${counted(last.inFlight, 'entry', 'entries')} had been on the way and arrived whole.`;
  return (
    `${counted(runs.length, 'crash', 'crashes')} on this visit: ${sum((run) => run.acknowledged)} confirmed, ` +
    `${sum((run) => run.lost.length)} lost.${inFlight}`
  );
}

// The visitor closes the tab

let stopWriting;

async function toggleClosing() {
  if (stopWriting !== undefined) {
    endClosing('Stopped writing.');
    return;
  }
  $('crash-result').hidden = true;
  ['crash-button', 'crash-many'].forEach((id) => ($(id).disabled = true));
  $('crash-close').textContent = 'Stop writing';
  setStep('writing', 'Now close this tab, mid-write, and open this page again.');
  try {
    const { writeUntilClosed } = await tests();
    stopWriting = await writeUntilClosed(showCount, (error) => {
      endClosing('The test did not get to an end.');
      showError(error);
    });
  } catch (error) {
    endClosing('The test did not get to an end.');
    showError(error);
  }
}

function endClosing(text) {
  stopWriting?.();
  stopWriting = undefined;
  ['crash-button', 'crash-many'].forEach((id) => ($(id).disabled = false));
  $('crash-close').textContent = 'Close this tab yourself';
  setStep('', text);
}

/** Tells a visitor who has closed the tab mid-write what came of it. */
async function tellAfterClose() {
  if (localStorage.getItem(RECORD_KEY) === null) {
    return;
  }
  try {
    const { checkAfterClose } = await tests();
    const result = await checkAfterClose();
    if (result !== undefined) {
      setStep('done', 'You closed the tab while it wrote.');
      showResult(result);
      $('crash-history').textContent = '';
    }
  } catch (error) {
    if (error.code === 'LOCKED') {
      $('crash-status').textContent = 'Another tab is still writing. Close it, and load this page again.';
    } else {
      showError(error);
    }
  }
}

export function wireCrash() {
  $('crash-button').onclick = crashOnce;
  $('crash-many').onclick = crashMany;
  $('crash-many').textContent = `${ROUNDS} times`;
  $('crash-close').onclick = toggleClosing;
  tellAfterClose();
}
