/** What can go wrong with loading the package's files: they come one by one, by way of caches. */
import { EdgeVecError } from './errors.js';

/** Of which build a file is. The build puts the same text into every file, and into edgevec.wasm. */
export const build = '%build%';

const PATIENCE_MILLIS = 60_000;

/** An error that says why a file is not there, and what helps. */
export function notLoaded(why, hint = '') {
  return new EdgeVecError({
    code: 'NOT_LOADED',
    message:
      `EdgeVec could not be loaded: ${why}. Reload the page; if that does not help, clear the caches on ` +
      `the way (browser, service worker, CDN), and deploy all files of the package together.${hint}`,
  });
}

/** Insists that files, by name, are of this build. */
export function checkBuild(files) {
  for (const [name, its] of Object.entries(files)) {
    if (its !== build) {
      throw notLoaded(`${name} is of another build than engine.js (${its ?? 'an earlier one'}, ${build})`);
    }
  }
}

/** Settles as a promise does, or rejects if that takes a minute. */
export function soon(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(notLoaded(`${what} did not answer for a minute`)), PATIENCE_MILLIS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
