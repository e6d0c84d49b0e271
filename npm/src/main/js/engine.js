/**
 * The database itself, in this thread: the WebAssembly module and its exported functions.
 *
 * A call that may wait for storage returns a promise of Java's; one that never waits returns
 * `{value}` or `{failure}` at once. Both become promises here, rejected with an EdgeVecError. The
 * calls, by name, are the ones that worker.js offers, too.
 */
import bodies from './bodies.js';
import { EdgeVecError, asError, isTyped } from './errors.js';
import { COMPILE_OPTIONS, load } from './loader.js';
import { checkBuild, notLoaded, soon } from './loading.js';
import { CALLS, WAITING } from './protocol.js';

export { EdgeVecError, failureOf, isTyped, textOf } from './errors.js';
export { build, checkBuild, notLoaded, soon } from './loading.js';

/** For modules that are no databases. */
export { COMPILE_OPTIONS, load };

/** A module with one struct type: what a browser without WebAssembly GC refuses. */
const GC_PROBE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 95, 1, 120, 0]);

/** The script that the package was bundled into, if that is no module. */
const SCRIPT = globalThis.document?.currentScript?.src;

let loading;

/** A promise of all closed that an engine held which crashed. */
let released;

/** The engine, loaded once, and anew after it crashed. */
export function engine() {
  loading ??= start().catch((error) => {
    loading = undefined; // The network may be back at the next call.
    throw error;
  });
  return loading;
}

async function start() {
  requirePlatform();
  await released;
  const url = wasm();
  const end = new AbortController();
  try {
    return await soon(instantiate(url, end.signal), url);
  } finally {
    end.abort(); // Whatever still comes is not waited for.
  }
}

async function instantiate(url, signal) {
  try {
    // What a cache has may be of another build, or only half there.
    const module = await compile(url, signal).catch(() => compile(url, signal, 'reload'));
    const started = new Engine();
    started.exports = await load(module, bodies, await kernels(module), started.crash);
    return started;
  } catch (error) {
    throw isTyped(error)
      ? error
      : notLoaded(
          `${url}: ${error.message}`,
          " A Content-Security-Policy must allow 'wasm-unsafe-eval'.",
        );
  }
}

async function compile(url, signal, cache) {
  const response = await fetch(url, { signal, cache });
  const type = response.headers.get('content-type');
  const refuse = (why) => {
    throw new Error(`${why}; what came has status ${response.status} and type ${type}`);
  };
  if (!response.ok) {
    refuse('it is not there');
  }
  const bytes = await response.arrayBuffer();
  const module = await WebAssembly.compile(bytes, COMPILE_OPTIONS).catch((e) => refuse(e.message));
  const [stamp] = WebAssembly.Module.customSections(module, 'edgevec.build');
  checkBuild({ 'edgevec.wasm': stamp && new TextDecoder().decode(stamp) });
  return module;
}

/** The address of the module. Bundlers look for the first as it is written. */
function wasm() {
  try {
    return new URL('./edgevec.wasm', import.meta.url);
  } catch {
    return beside('edgevec.wasm');
  }
}

/** The address of a file that lies beside the package's JavaScript. */
export function beside(file) {
  try {
    return new URL(file, import.meta.url ?? SCRIPT);
  } catch {
    throw new EdgeVecError({
      code: 'UNSUPPORTED_PLATFORM',
      message:
        `EdgeVec cannot tell where ${file} lies: its JavaScript is neither a module nor a script with an ` +
        'address. Bundle it as an ES module, or load the bundle by a script element with src.',
    });
  }
}

/** The kernels that lie in the module, compiled; null where the processor has no SIMD. */
async function kernels(module) {
  const [bytes] = WebAssembly.Module.customSections(module, 'edgevec.kernels');
  return WebAssembly.validate(bytes) ? WebAssembly.compile(bytes) : null;
}

function requirePlatform() {
  const missing = [
    [globalThis.WebAssembly?.validate(GC_PROBE), 'WebAssembly GC'],
    [globalThis.indexedDB, 'IndexedDB'],
    [globalThis.navigator?.locks, 'Web Locks (which need https or localhost)'],
  ].filter(([there]) => !there);
  if (missing.length > 0) {
    throw new EdgeVecError({
      code: 'UNSUPPORTED_PLATFORM',
      message:
        `EdgeVec needs ${missing.map(([, what]) => what).join(', ')}, which is not available here. ` +
        'Use Chrome 119, Firefox 120, Safari 18.2 or newer, and serve the page securely.',
    });
  }
}

class Engine {
  exports;
  #waiting = new Set();
  #failure;

  /**
   * Calls an exported function by name.
   *
   * @param onProgress goes to it as a further argument; what it throws ends the call and rejects
   */
  async call(name, args, onProgress) {
    const guard = onProgress && new Guard(onProgress);
    try {
      if (!CALLS.includes(name)) {
        throw new Error(`there is no call ${name}`);
      }
      if (this.#failure) {
        throw this.#failure;
      }
      const result = this.exports[name](...args, ...(guard ? [guard.tell] : []));
      return WAITING.includes(name) ? await this.#outcome(result) : unwrap(result);
    } catch (failure) {
      if (guard?.stopped) {
        throw guard.reason;
      }
      throw typeof failure?.code === 'string' ? new EdgeVecError(failure) : asError(failure);
    }
  }

  /** What a promise of Java's settles with, which it never does after a crash. */
  #outcome(promise) {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      promise.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Ends all calls, and those to come. */
  crash = (error, end) => {
    loading = undefined;
    released = end;
    this.#failure = {
      code: 'CRASHED',
      message:
        `EdgeVec crashed (${error?.message ?? error}). Open the database again: acknowledged writes ` +
        'are stored, others may be.',
    };
    this.#waiting.forEach((reject) => reject(this.#failure));
    this.exports = undefined; // Its memory may be what the next engine is short of.
  };
}

/** Keeps what a listener throws from Java, which is told to stop instead. */
class Guard {
  stopped = false;
  reason;
  tell;

  constructor(listener) {
    this.tell = (done, total) => {
      try {
        listener(done, total);
      } catch (error) {
        this.stopped = true;
        this.reason = error;
      }
      return !this.stopped;
    };
  }
}

function unwrap(outcome) {
  if (outcome.failure) {
    throw outcome.failure;
  }
  return outcome.value;
}
