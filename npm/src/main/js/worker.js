/** Hosts one database in a dedicated worker: answers `{id, name, args}` with `{id, value|failure}`. */
import { CALLS, engine } from './engine.js';
import { failureOf } from './errors.js';

addEventListener('message', async ({ data: { id, name, args } }) => {
  try {
    if (!CALLS.has(name)) {
      throw new Error(`there is no call ${name}`);
    }
    const value = await (await engine()).call(name, args);
    postMessage({ id, value });
  } catch (error) {
    postMessage({ id, failure: failureOf(error) });
  }
});
