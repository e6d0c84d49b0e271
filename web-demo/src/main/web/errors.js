/** What to tell a visitor when something failed: in words, with what to do about it. */

const ADVICE = {
  LOCKED: {
    title: 'The notebook is open in another tab',
    advice: 'Only one tab at a time can have it. Close the other one, then try again here.',
    actions: ['retry'],
  },
  LOST: {
    title: 'The browser has lost the notebook',
    advice:
      'It was here before, and its data is gone: the browser evicted it, or lost it in a crash. EdgeVec does not pass off an empty ' +
      'notebook as yours. If you have an export, begin a new notebook and drop the file into it.',
    actions: ['retry', 'create'],
  },
  UNSUPPORTED_PLATFORM: {
    title: 'This browser lacks something that the notebook needs',
    advice: 'It needs WebAssembly GC, IndexedDB and Web Locks: Chrome or Edge 119, Firefox 120, Safari 18.2, or newer.',
    actions: [],
  },
  NOT_LOADED: {
    title: 'A part of the notebook’s program is missing or out of date',
    advice: 'The connection broke off, or a new version has just been published and the browser has pieces of both. Reload the page.',
    actions: ['retry'],
  },
  FULL: {
    title: 'There is no room left',
    advice:
      'The last change was not saved; everything confirmed before is safe. Free space on the device or in this site’s data, then ' +
      'open the notebook again.',
    actions: ['reopen'],
  },
  READ_ONLY: {
    title: 'The notebook takes no changes at the moment',
    advice: 'A write failed before, so it is read-only until it is opened again. Everything confirmed is safe.',
    actions: ['reopen'],
  },
  IO: {
    title: 'The browser’s storage failed',
    advice: 'The last change may not be saved; everything confirmed before is safe. Open the notebook again.',
    actions: ['reopen'],
  },
  CLOSED: {
    title: 'The notebook was closed',
    advice: 'The browser closed its storage. Everything confirmed is safe. Open it again.',
    actions: ['reopen'],
  },
  CORRUPT: {
    title: 'The notebook’s data is damaged',
    advice:
      'Nothing was skipped and nothing deleted. What lies before the damage can still be read and exported; the notebook then takes no ' +
      'changes.',
    actions: ['salvage'],
  },
  UNSUPPORTED_VERSION: {
    title: 'The notebook was written by a newer version',
    advice: 'Nothing was touched. Reload the page to get the newer version.',
    actions: ['retry'],
  },
};

/**
 * @param {unknown} error
 * @returns {{code: string, title: string, advice: string, detail: string, actions: ('retry' | 'reopen' | 'create' | 'salvage')[]}}
 */
export function explain(error) {
  const code = typeof error?.code === 'string' ? error.code : 'ERROR';
  const detail = error?.message ?? String(error);
  const known = ADVICE[code] ?? { title: 'Something went wrong', advice: '', actions: [] };
  return { code, detail, ...known };
}
