/**
 * The crash test: a worker writes as fast as it can, is killed at a random moment, and the database
 * it left is opened and compared with what it had acknowledged.
 *
 * It uses a database of its own; the notes are not touched.
 */

import { destroy, open } from './node_modules/edgevec-java/index.js';
import { acknowledgedUpTo, compare, RECORD_KEY } from './crash-data.js';

const CRASH_NAME = 'notebook-crash';

/** The kill comes after between this many acknowledged entries … */
const FEWEST = 400;
/** … and this many, plus a moment of up to so many milliseconds. */
const MOST = 4_000;
const LONGEST_MOMENT_MILLIS = 30;
/** A slow device is not kept waiting for the last of them. */
const LONGEST_BURST_MILLIS = 20_000;

/**
 * @typedef {object} CrashResult
 * @property {number} submitted entries that the page knows to have been on their way
 * @property {number} acknowledged entries whose write was acknowledged
 * @property {number} recovered entries found after reopening, in the state they were written in
 * @property {string[]} lost acknowledged and not found, or not as they were written
 * @property {string[]} halfBatches batches of which only a part was found
 * @property {string[]} wrong found, but not what was written under that id
 * @property {number} inFlight found although not acknowledged yet: allowed, a batch in flight is whole or absent
 * @property {number} checkpoints that the worker had finished
 * @property {import('edgevec-java').RecoveryReport} report
 */

/**
 * @param {(stage: 'writing' | 'killed' | 'checking', acknowledged: number, goal: number) => void} onProgress
 * @returns {Promise<CrashResult>}
 */
export async function crashTest(onProgress) {
  await destroy(CRASH_NAME);
  const burst = await writeUntilKilled(onProgress);
  onProgress('killed', burst.acknowledged.size, burst.goal);
  // A killed worker's lock is released a little later, which opening waits for.
  return compared(CRASH_NAME, burst, () => onProgress('checking', burst.acknowledged.size, burst.goal));
}

/** What a database holds beside what it had acknowledged. */
async function compared(name, burst, onOpen = () => {}) {
  const db = await open(name, { create: false });
  try {
    onOpen();
    return { ...compare(burst, await entriesById(db)), checkpoints: burst.checkpoints, report: await db.recoveryReport() };
  } finally {
    await db.close();
  }
}

function writeUntilKilled(onProgress) {
  const goal = FEWEST + Math.floor(Math.random() * (MOST - FEWEST));
  const burst = { submitted: new Set(), acknowledged: new Set(), checkpoints: 0, goal };
  const worker = writer(CRASH_NAME);
  return new Promise((resolve, reject) => {
    let killing = false;
    const fail = (error) => {
      clearTimeout(patience);
      worker.terminate();
      reject(error);
    };
    const kill = () => {
      if (burst.acknowledged.size === 0) {
        fail(new Error(`The crash test’s worker had no write acknowledged within ${LONGEST_BURST_MILLIS / 1000} seconds.`));
        return;
      }
      clearTimeout(patience);
      worker.terminate();
      resolve(burst);
    };
    const patience = setTimeout(kill, LONGEST_BURST_MILLIS);
    worker.onmessage = ({ data }) => {
      data.submitted?.forEach((id) => burst.submitted.add(id));
      data.acknowledged?.forEach((id) => burst.acknowledged.add(id));
      burst.checkpoints += data.checkpoint ? 1 : 0;
      if (data.failed !== undefined) {
        fail(Object.assign(new Error(`The crash test’s worker failed before it was killed: ${data.failed.message}`), { code: data.failed.code }));
      } else if (!killing) {
        onProgress('writing', burst.acknowledged.size, goal);
        if (burst.acknowledged.size >= goal) {
          killing = true;
          setTimeout(kill, Math.random() * LONGEST_MOMENT_MILLIS);
        }
      }
    };
    worker.onerror = (event) => {
      fail(new Error(`The crash test’s worker could not run: ${event.message ?? 'it did not load'}.`));
    };
  });
}

function writer(name) {
  return new Worker(new URL('crash-worker.js', import.meta.url), { type: 'module', name });
}

/*
 * The same with the visitor as the one who kills: the page writes down what was acknowledged, in the browser's
 * localStorage, which a closing tab leaves behind, and compares at the next visit.
 */

const CLOSE_NAME = 'notebook-close';
const RECORD_MILLIS = 50;

/**
 * Writes until the tab is closed, or the returned function is called.
 *
 * @param {(acknowledged: number) => void} onProgress
 * @param {(error: Error) => void} onFailure
 * @returns {Promise<() => void>}
 */
export async function writeUntilClosed(onProgress, onFailure) {
  localStorage.removeItem(RECORD_KEY);
  await destroy(CLOSE_NAME);
  const last = { singles: {}, batches: {} };
  let count = 0;
  const worker = writer(CLOSE_NAME);
  const record = setInterval(() => {
    if (count > 0) {
      localStorage.setItem(RECORD_KEY, JSON.stringify(last));
    }
    onProgress(count);
  }, RECORD_MILLIS);
  const stop = () => {
    clearInterval(record);
    worker.terminate();
    localStorage.removeItem(RECORD_KEY);
  };
  worker.onmessage = ({ data }) => {
    if (data.failed !== undefined) {
      stop();
      onFailure(Object.assign(new Error(data.failed.message), { code: data.failed.code }));
    }
    Object.assign(last.singles, data.singles);
    Object.assign(last.batches, data.batches);
    count += data.acknowledged?.length ?? 0;
  };
  worker.onerror = (event) => {
    stop();
    onFailure(new Error(`The writing worker could not run: ${event.message ?? 'it did not load'}.`));
  };
  return stop;
}

/**
 * After a tab was closed while it wrote: compares what it had acknowledged with what is there.
 *
 * @returns {Promise<CrashResult | undefined>} undefined if no tab was closed so
 * @throws {import('edgevec-java').EdgeVecError} `LOCKED` if that tab still writes
 */
export async function checkAfterClose() {
  const record = localStorage.getItem(RECORD_KEY);
  if (record === null) {
    return undefined;
  }
  try {
    const acknowledged = acknowledgedUpTo(JSON.parse(record));
    const result = await compared(CLOSE_NAME, { submitted: acknowledged, acknowledged, checkpoints: 0 });
    localStorage.removeItem(RECORD_KEY);
    await destroy(CLOSE_NAME);
    return result;
  } catch (error) {
    if (error.code !== 'LOCKED') {
      localStorage.removeItem(RECORD_KEY); // Told once is enough.
    }
    throw error;
  }
}

async function entriesById(db) {
  const entries = new Map();
  for await (const entry of db.entries()) {
    entries.set(entry.id, entry);
  }
  return entries;
}
