/** The engine in a worker of its own, seen from the page: the same `call` as in engine.js. */
import { EdgeVecError, beside, checkBuild, isTyped, notLoaded, soon } from './engine.js';

export class RemoteEngine {
  #worker;
  #waiting = new Map();
  #lastId = 0;
  #failure;
  #watch = new AbortController();
  #greeting;

  /** Resolves when the worker runs, and is of this build; nothing may be called before. */
  started;

  constructor() {
    this.#worker = start();
    this.#worker.addEventListener('message', ({ data }) => this.#settle(data));
    this.#worker.addEventListener('error', (event) => this.#fail(event));
    addEventListener('pagehide', (event) => this.#putAside(event), { signal: this.#watch.signal });
    const greeted = new Promise((resolve, reject) => {
      this.#greeting = { resolve, reject };
    });
    this.started = soon(greeted, "EdgeVec's worker");
  }

  /**
   * Calls a function in the worker. Arguments are copied when this is called.
   *
   * @param onProgress is told what the worker tells; what it throws ends the call there, and rejects
   */
  call(name, args, onProgress) {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(new EdgeVecError(this.#failure));
        return;
      }
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject, onProgress });
      try {
        this.#worker.postMessage({ id, name, args, tells: !!onProgress });
      } catch (error) {
        this.#waiting.delete(id);
        reject(
          new EdgeVecError({
            code: 'OUT_OF_MEMORY',
            message: `What was given could not be copied to EdgeVec's worker (${error.message}).`,
          }),
        );
      }
    });
  }

  #settle({ id, value, failure, progress, life, build: its }) {
    if (id === undefined) {
      this.#greet(life, its);
      return;
    }
    const waiting = this.#waiting.get(id);
    if (!waiting) {
      return; // It was rejected when the worker ended.
    }
    if (progress) {
      this.#tell(id, waiting, progress);
      return;
    }
    const { resolve, reject } = waiting;
    this.#waiting.delete(id);
    if (failure) {
      reject(new EdgeVecError(failure));
    } else {
      resolve(value);
    }
  }

  #tell(id, waiting, progress) {
    try {
      waiting.onProgress?.(...progress);
    } catch (error) {
      waiting.onProgress = undefined;
      waiting.reject(error);
      this.#worker.postMessage({ id, stop: true });
    }
  }

  #greet(life, its) {
    if (!this.#greeting) {
      return; // A worker that ends may say so once more.
    }
    try {
      checkBuild({ 'worker.js': its });
      this.#greeting.resolve();
    } catch (error) {
      this.#greeting.reject(error);
    }
    if (life) {
      this.#awaitEnd(life);
    }
    this.#greeting = undefined;
  }

  /** The worker could not start. If it did, it tells all by answers. */
  #fail(event) {
    if (this.#greeting) {
      event.preventDefault();
      this.#greeting.reject(notStarted(event.message ?? 'its script did not load'));
    }
  }

  /**
   * No event tells that a worker has ended. But it holds the Web Lock of this name as long as it lives,
   * so whoever gets that knows.
   */
  #awaitEnd(life) {
    navigator.locks
      .request(life, { signal: this.#watch.signal }, () =>
        this.#rejectAll({
          code: 'CRASHED',
          message:
            "EdgeVec's worker ended by itself. Open the database again: acknowledged writes are stored, " +
            'others may be.',
        }),
      )
      .catch(() => {}); // It was terminated here.
  }

  /** In the browser's back/forward cache the worker would do nothing, and keep the database from everybody. */
  #putAside({ persisted }) {
    if (persisted) {
      this.#end({
        code: 'LOST',
        message:
          'The database went away while it was open (the browser put its page aside). Close it and open it again.',
      });
    }
  }

  /** Ends all calls, and those to come. */
  #rejectAll(failure) {
    this.#failure = failure;
    for (const { reject } of this.#waiting.values()) {
      reject(new EdgeVecError(this.#failure));
    }
    this.#waiting.clear();
  }

  /** Ends the worker, with the database in it closed before. What still waits there never answers. */
  terminate() {
    this.#end({ code: 'CLOSED', message: 'The database was closed meanwhile.' });
  }

  #end(failure) {
    this.#watch.abort();
    this.#worker.terminate();
    this.#rejectAll(failure);
  }
}

function notStarted(why) {
  return notLoaded(
    `its worker could not run (${why})`,
    ' Serve worker.js beside the package, or open the database without { worker: true }.',
  );
}

/** The address of a script that imports the worker's. */
let imported;

/** A worker of the package's own. Bundlers look for the first as it is written. */
function begin() {
  const url = beside('worker.js');
  try {
    if (url.protocol === 'file:' || url.origin === globalThis.origin) {
      return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    }
  } catch {
    // It is in a bundle that is no module.
  }
  // A page's workers must be scripts of its own origin, but may import from everywhere.
  imported ??= URL.createObjectURL(
    new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' }),
  );
  return new Worker(imported, { type: 'module' });
}

/** The same, with one type of error. */
function start() {
  try {
    return begin();
  } catch (error) {
    throw isTyped(error) ? error : notStarted(error.message);
  }
}
