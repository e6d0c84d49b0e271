/** EdgeVec's JavaScript face. index.d.ts documents every export. */
import { checkBuild, engine as localEngine } from './engine.js';
import * as input from './input.js';
import * as limits from './limits.js';
import { decode, encode } from './metadata.js';
import { RemoteEngine } from './remote.js';

export { EdgeVecError } from './engine.js';

export const version = '@project.version@';

/** See loading.js. */
const build = '%build%';

/** The options of open, and how each is read. */
const OPEN_OPTIONS = {
  dimension: readDimension,
  metric: (given) => input.choice(given, 'metric', limits.METRICS, ''),
  durability: (given) => input.choice(given, 'durability', limits.DURABILITIES, 'strict'),
  create: (given) => input.option(given, 'create', 'boolean', true),
  ifLost: (given) => input.choice(given, 'ifLost', ['error', 'create'], 'error'),
  salvage: (given) => input.option(given, 'salvage', 'boolean', false),
  worker: (given) => input.option(given, 'worker', 'boolean', false),
  lockWaitMillis: readLockWait,
  hnsw: readHnsw,
};

/** So long one that has a database open is waited for. */
const LOCK_WAIT_MILLIS = 10_000;

/** The numbers that the search graph is built with, and their ranges. */
const HNSW = {
  m: [limits.MIN_M, limits.MAX_M],
  efConstruction: [limits.MIN_M, limits.MAX_EF_CONSTRUCTION],
  minEntries: [1, limits.MAX_INT],
};

/** Entries of putMany that are written as one batch, and about how many bytes they have at most. */
const PART_ENTRIES = 1000;
const PART_BYTES = 4 << 20;

/** So long closing waits for writes that were called before; the engine refuses what is left then. */
const TURNS_MILLIS = 2000;

/** So long after a search the engine may hold writes back, and a little longer. */
const SEARCHED_MILLIS = 10_000;

/** Entries that an iteration fetches at a time, and how long it goes on before it pauses. */
const PAGE_ENTRIES = 100;
const SLICE_MILLIS = 8;

/** Refuses files of several builds, which caches may have mixed. */
function checkFiles() {
  checkBuild({ 'index.js': build });
}

async function engine() {
  checkFiles();
  return localEngine();
}

export async function open(name, options) {
  checkFiles();
  const { dimension, worker, ...given } = readOpenOptions(options);
  const args = [
    input.databaseName(name),
    dimension,
    given.metric,
    given.durability,
    given.create,
    given.ifLost === 'create',
    given.salvage,
    given.lockWaitMillis,
    ...given.hnsw,
  ];
  return worker ? openInWorker(name, args) : openHere(name, args);
}

function readOpenOptions(options) {
  const given = input.options(options, Object.keys(OPEN_OPTIONS), 'open');
  return Object.fromEntries(
    Object.entries(OPEN_OPTIONS).map(([name, read]) => [name, read(given[name])]),
  );
}

/** 0 where none is given. */
function readDimension(given) {
  if (given === undefined) {
    return 0;
  }
  if (!isCount(given, limits.MAX_DIMENSION)) {
    input.refuse(
      'INVALID_DIMENSION',
      `The dimension is ${input.shown(given)}; it must be a whole number from 1 to ${limits.MAX_DIMENSION}.`,
    );
  }
  return given;
}

function readLockWait(given = LOCK_WAIT_MILLIS) {
  return input.count(given, 'lockWaitMillis', 0, limits.MAX_INT);
}

/** The numbers in the order of HNSW; 0 is what the engine chooses. */
function readHnsw(value) {
  const given = input.options(value, Object.keys(HNSW), 'hnsw');
  return Object.entries(HNSW).map(([name, [min, max]]) =>
    given[name] === undefined ? 0 : input.count(given[name], name, min, max),
  );
}

function isCount(value, max) {
  return Number.isInteger(value) && value >= 1 && value <= max;
}

async function openHere(name, args) {
  const host = await engine();
  const handle = await host.call('open', args);
  return connect(name, host, handle, () => {});
}

async function openInWorker(name, args) {
  if (typeof Worker === 'undefined') {
    input.refuse(
      'UNSUPPORTED_PLATFORM',
      'There are no workers here; open the database without { worker: true }.',
    );
  }
  const host = new RemoteEngine();
  try {
    await host.started;
    const handle = await host.call('open', args);
    return await connect(name, host, handle, () => host.terminate());
  } catch (error) {
    host.terminate();
    throw error;
  }
}

async function connect(name, host, handle, onClosed) {
  const shape = await host.call('shape', [handle]);
  return new Database(
    name,
    shape,
    (call, args, onProgress) => host.call(call, [handle, ...args], onProgress),
    onClosed,
  );
}

class Database {
  #call;
  #onClosed;
  #closing;
  #isClosed = false;
  #turns = new Turns();
  #searched = -Infinity;

  constructor(name, shape, call, onClosed) {
    this.#call = call;
    this.#onClosed = onClosed;
    Object.defineProperties(this, {
      name: { value: name, enumerable: true },
      dimension: { value: shape.dimension, enumerable: true },
      metric: { value: shape.metric, enumerable: true },
    });
  }

  #ask(name, ...args) {
    this.#requireOpen();
    return this.#call(name, args);
  }

  #requireOpen(isClosed = this.#closing) {
    if (isClosed) {
      input.refuse('CLOSED', 'This database is closed; open it again to use it.');
    }
  }

  /** Asks for a write when it is its turn, which may be after `close` was called. */
  #write(ids, name, ...args) {
    this.#requireOpen();
    const isHeldBack = performance.now() - this.#searched < SEARCHED_MILLIS;
    return this.#turns.take(ids, isHeldBack, false, async () => {
      this.#requireOpen(this.#isClosed);
      return this.#call(name, args);
    });
  }

  async put(id, vector, metadata) {
    const read = this.#readPut({ put: id, vector, metadata });
    await this.#write([read.put], 'put', read.put, read.vector, read.metadata);
  }

  async putMany(ids, vectors, metadatas, options) {
    const { onProgress, stop } = stoppable(options, 'putMany', 'what was reported as done stays');
    const load = readLoad(ids, vectors, metadatas, this.dimension);
    this.#requireOpen();
    stop();
    if (load.ends.length === 1) {
      // Written whole or not at all, so it needs no checking before.
      await this.#write(load.ids, 'putPart', ...part(load, 0));
      onProgress(load.ids.length, load.ids.length);
    } else {
      await this.#turns.take(load.ids, true, true, () => this.#putParts(load, onProgress, stop));
    }
  }

  async #putParts(load, onProgress, stop) {
    for (const i of load.ends.keys()) {
      await this.#ask('checkPart', ...part(load, i));
      stop();
      await pause();
    }
    for (const [i, end] of load.ends.entries()) {
      stop();
      await this.#ask('putPart', ...part(load, i));
      onProgress(end, load.ids.length);
    }
  }

  async write(changes) {
    const read = input.items(changes, 'The changes', (change, i) => this.#readChange(change, i));
    this.#requireOpen();
    const ids = read.map((change) => change.put ?? change.delete);
    await this.#write(ids, 'write', read);
  }

  #readChange(change, index) {
    const what = `change ${index}`;
    const read = input.options(change, ['put', 'vector', 'metadata', 'delete'], what);
    if ((read.put === undefined) === (read.delete === undefined)) {
      input.refuse(
        'INVALID_ARGUMENT',
        `A change is { put: id, vector, metadata } or { delete: id }; ${what} is neither.`,
      );
    }
    if (read.put === undefined) {
      return { delete: input.id(read.delete, named('id', what)) };
    }
    return this.#readPut(read, what);
  }

  #readPut({ put, vector, metadata }, where) {
    return {
      put: input.id(put, named('id', where)),
      vector: input.vector(vector, this.dimension, named('vector', where, put)),
      metadata: encode(metadata, named('metadata', where, put)),
    };
  }

  async delete(id) {
    const read = input.id(id);
    return this.#write([read], 'delete', read);
  }

  async get(id) {
    return decoded(await this.#ask('getMany', [input.id(id)]))[0];
  }

  async has(id) {
    return this.#ask('has', input.id(id));
  }

  async size() {
    return this.#ask('size');
  }

  async *entries() {
    const ids = await this.#ask('ids');
    let since = performance.now();
    for (let start = 0; start < ids.length; start += PAGE_ENTRIES) {
      for (const entry of decoded(await this.#ask('getMany', ids.slice(start, start + PAGE_ENTRIES)))) {
        yield entry;
        if (performance.now() - since > SLICE_MILLIS) {
          await pause();
          since = performance.now();
        }
      }
    }
  }

  async search(query, options) {
    const { k = 10, efSearch = 100, exact } = input.options(options, ['k', 'efSearch', 'exact'], 'search');
    this.#searched = performance.now();
    const hits = await this.#ask(
      'search',
      input.vector(query, this.dimension, () => 'The query'),
      input.count(k, 'k', 1, limits.MAX_K),
      input.count(efSearch, 'efSearch', 1, limits.MAX_EF_SEARCH),
      input.option(exact, 'exact', 'boolean', false),
    );
    return decoded(hits);
  }

  async awaitIndexed(options) {
    const { onProgress, stop } = stoppable(options, 'awaitIndexed', 'indexing goes on in the background');
    const tell = (done, total) => {
      stop();
      onProgress(done, total);
    };
    this.#requireOpen();
    stop();
    await this.#call('awaitIndexed', [], tell);
  }

  async checkpoint() {
    await this.#ask('checkpoint');
  }

  async stats() {
    return this.#ask('stats');
  }

  async verify(options) {
    const onProgress = listener(options, 'verify');
    this.#requireOpen();
    return this.#call('verify', ['', 0], onProgress);
  }

  async recoveryReport() {
    return this.#ask('recoveryReport');
  }

  async close() {
    this.#closing ??= this.#end();
    await this.#closing;
  }

  async #end() {
    await this.#turns.ended();
    this.#isClosed = true;
    try {
      await this.#call('close', []);
    } finally {
      this.#onClosed();
    }
  }
}

/**
 * Keeps writes of the same id in the order of calls. The engine takes calls in their order, but one of
 * many entries has several parts, and while searches come it may hold puts back. So what comes after
 * such a one waits for it; all else is asked for at once, and is stored in the order of calls.
 */
class Turns {
  #last = new Map(); // id to the last write of it: { ended, isLate }
  #pending = new Set(); // promises, each resolved when a write has ended

  /**
   * @param isHeldBack whether earlier writes may be held back by the engine
   * @param isLong whether this one may be overtaken by later ones
   */
  async take(ids, isHeldBack, isLong, write) {
    const earlier = ids.map((id) => this.#last.get(id)).filter((last) => last && (isHeldBack || last.isLate));
    const before = new Set(earlier.map(({ ended }) => ended));
    const written = before.size > 0 ? Promise.all(before).then(write) : write();
    const ended = written.catch(() => {}).then(() => this.#end(ids, ended));
    const isLate = isLong || before.size > 0;
    ids.forEach((id) => this.#last.set(id, { ended, isLate }));
    this.#pending.add(ended);
    return written;
  }

  #end(ids, ended) {
    this.#pending.delete(ended);
    for (const id of ids) {
      if (this.#last.get(id)?.ended === ended) {
        this.#last.delete(id);
      }
    }
  }

  /** Resolves when all have ended, or the browser takes too long to answer. */
  async ended() {
    if (this.#pending.size > 0) {
      const late = new Promise((resolve) => setTimeout(resolve, TURNS_MILLIS));
      await Promise.race([Promise.all(this.#pending), late]);
    }
  }
}

/** How messages name an argument, made when it is needed: what it is, where, and of which id. */
const named =
  (what, where, ...id) =>
  () =>
    `The ${what}${id.map((it) => ` of ${input.shown(it)}`)}${where ? ` (${where})` : ''}`;

/** What putMany was given, copied, so that the caller may reuse it at once, and where each part ends. */
function readLoad(ids, vectors, metadatas, dimension) {
  const copies = input.items(ids, 'The ids', (id, i) => input.id(id, named('id', `entry ${i}`)));
  const all = readVectors(copies, vectors, dimension);
  const read = readMetadatas(copies, metadatas);
  return {
    ids: copies,
    vectors: all,
    metadatas: read,
    dimension,
    ends: cut(copies, read, dimension),
  };
}

/** All vectors in one array. */
function readVectors(ids, vectors, dimension) {
  const length = ids.length * dimension;
  if (input.isFloats(vectors)) {
    const why = `${ids.length} vectors of ${dimension} components are ${length}`;
    return input.vector(vectors, length, () => 'The array of all vectors', why);
  }
  const all = new Float32Array(length);
  manyAsIds(ids, vectors, 'vector', (vector, name, i) =>
    all.set(input.vector(vector, dimension, name), i * dimension),
  );
  return all;
}

/** Null if there are none. */
function readMetadatas(ids, metadatas) {
  return metadatas === undefined || metadatas === null
    ? null
    : manyAsIds(ids, metadatas, 'metadata', encode);
}

/** Reads an array with an item for each id. */
function manyAsIds(ids, given, what, read) {
  const refuse = (count) =>
    input.refuse('INVALID_ARGUMENT', `There are ${ids.length} ids and ${count} ${what}s; give as many.`);
  const copies = input.items(given, `The ${what}s`, (item, i, length) =>
    i < ids.length ? read(item, named(what, `entry ${i}`, ids[i]), i) : refuse(length),
  );
  return copies.length < ids.length ? refuse(copies.length) : copies;
}

/** Where parts end: few entries, and few bytes, so that the engine takes each as one batch. */
function cut(ids, metadatas, dimension) {
  const ends = [];
  let entries = 0;
  let bytes = 0;
  ids.forEach((id, i) => {
    const more = 4 * (dimension + id.length) + (metadatas?.[i]?.length ?? 0);
    if (entries === PART_ENTRIES || (entries > 0 && bytes + more > PART_BYTES)) {
      ends.push(i);
      entries = 0;
      bytes = 0;
    }
    entries++;
    bytes += more;
  });
  return entries > 0 ? [...ends, ids.length] : ends;
}

/** The arguments of the engine's call for a part. */
function part({ ids, vectors, metadatas, dimension, ends }, index) {
  const start = index > 0 ? ends[index - 1] : 0;
  const end = ends[index];
  return [
    ids.slice(start, end),
    vectors.slice(start * dimension, end * dimension),
    metadatas?.slice(start, end) ?? null,
  ];
}

/** Hits or entries of the engine, with their metadata decoded. */
function decoded(found) {
  for (const it of found) {
    it.metadata = decode(it.metadata);
  }
  return found;
}

/** Lets the page do something between two pieces of work. */
async function pause() {
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const goOn = () => {
      port1.close();
      removeEventListener('pageshow', goOn);
      resolve();
    };
    port1.onmessage = goOn;
    addEventListener('pageshow', goOn); // The message may be lost while the page is put aside: see loader.js.
    port2.postMessage(0);
  });
}

/** The listener in options that have nothing else. */
function listener(options, what) {
  return readListener(input.options(options, ['onProgress'], what));
}

function readListener({ onProgress = () => {} }) {
  return input.option(onProgress, 'onProgress', 'function');
}

/** The listener in the options of something that can be stopped, and what throws if it was. */
function stoppable(options, what, after) {
  const given = input.options(options, ['onProgress', 'signal'], what);
  const onProgress = readListener(given);
  const isAborted = input.signal(given.signal);
  const stop = () => {
    if (isAborted()) {
      input.refuse('ABORTED', `${what} was stopped by its signal; ${after}.`);
    }
  };
  return { onProgress, stop };
}

/** The options of something that is done with a database that is not open. */
function readClosed(options, what, ...known) {
  const given = input.options(options, [...known, 'lockWaitMillis'], what);
  return { lockWaitMillis: readLockWait(given.lockWaitMillis), onProgress: readListener(given) };
}

export async function verify(name, options) {
  const { lockWaitMillis, onProgress } = readClosed(options, 'verify', 'onProgress');
  const args = [0, input.databaseName(name), lockWaitMillis];
  return (await engine()).call('verify', args, onProgress);
}

export async function salvage(name, newName, options) {
  const { lockWaitMillis, onProgress } = readClosed(options, 'salvage', 'onProgress');
  const args = [input.databaseName(name), input.databaseName(newName), lockWaitMillis];
  return (await engine()).call('salvage', args, onProgress);
}

export async function destroy(name, options) {
  const { lockWaitMillis } = readClosed(options, 'destroy');
  const args = [input.databaseName(name), lockWaitMillis];
  return (await engine()).call('destroy', args);
}

export async function exportFiles(name, options) {
  const { lockWaitMillis } = readClosed(options, 'exportFiles');
  const args = [input.databaseName(name), lockWaitMillis];
  return (await engine()).call('exportFiles', args);
}

export async function importFiles(name, files, options) {
  const { lockWaitMillis } = readClosed(options, 'importFiles');
  const read = input.files(files);
  const args = [
    input.databaseName(name),
    read.map(([file]) => file),
    read.map(([, bytes]) => bytes),
    lockWaitMillis,
  ];
  await (await engine()).call('importFiles', args);
}
