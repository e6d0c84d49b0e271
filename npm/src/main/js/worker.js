/**
 * Hosts one database in a dedicated worker: answers `{id, name, args}` with `{id, value|failure}`,
 * and before that, if it `tells`, with any number of `{id, progress}`, until told `{id, stop}`. First
 * of all it tells `{life, build}`.
 */
import { EdgeVecError, engine, failureOf } from './engine.js';

/** See loading.js. */
const build = '%build%';

const stopped = new Set();

/** The engine that has the database, also after it crashed. */
let host;

/** The name of a lock that is held as long as this worker lives. */
const life = `edgevec-worker/${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;

if (navigator.locks) {
  navigator.locks
    .request(life, () => {
      postMessage({ life, build });
      return new Promise(() => {});
    })
    .catch(() => postMessage({ build })); // The engine tells what that comes of.
} else {
  postMessage({ build });
}

addEventListener('message', async ({ data: { id, name, args, tells, stop } }) => {
  if (stop) {
    stopped.add(id);
    return;
  }
  try {
    host ??= engine();
    const value = await (await host).call(name, args, tells && tell(id));
    postMessage({ id, value });
  } catch (error) {
    postMessage({ id, failure: failureOf(error) });
  }
  stopped.delete(id);
});

function tell(id) {
  return (...progress) => {
    if (stopped.has(id)) {
      throw new EdgeVecError({ code: 'ABORTED', message: 'The work was stopped by its listener.' });
    }
    postMessage({ id, progress });
  };
}
