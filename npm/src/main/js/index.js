/** EdgeVec's JavaScript face. index.d.ts documents every export. */
import * as local from './engine.js';
import * as input from './input.js';
import { checkBuild } from './loading.js';
import * as remote from './remote.js';

export { EdgeVecError } from './errors.js';

export const version = '@project.version@';

/** See loading.js. */
const build = '%build%';

const OPEN_OPTIONS = [
  'dimension',
  'metric',
  'durability',
  'create',
  'ifLost',
  'salvage',
  'worker',
  'lockWaitMillis',
  'hnsw',
];

/** So long one that has a database open is waited for. */
const LOCK_WAIT_MILLIS = 10_000;

const MAX_DIMENSION = 4096;
const MAX_K = 10_000;
const MAX_EF_SEARCH = 100_000;
const MAX_INT = 2 ** 31 - 1;

/** The numbers that the search graph is built with, and their ranges. */
const HNSW = { m: [2, 128], efConstruction: [2, 10_000], minEntries: [1, MAX_INT] };

/** Entries of putMany that are written as one batch, and floats that they have at most. */
const PART_ENTRIES = 1000;
const PART_FLOATS = 1 << 20;

/** Entries that an iteration fetches at a time, and how long it goes on before it pauses. */
const PAGE_ENTRIES = 100;
const SLICE_MILLIS = 8;

/** Refuses files of several builds, which caches may have mixed; the engine looks at its own. */
function checkFiles() {
  checkBuild({
    'index.js': build,
    'input.js': input.build,
    'engine.js': local.build,
    'remote.js': remote.build,
  });
}

async function engine() {
  checkFiles();
  return local.engine();
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
  const given = input.options(options, OPEN_OPTIONS, 'open');
  if (given.dimension !== undefined && !isCount(given.dimension, MAX_DIMENSION)) {
    input.refuse(
      'INVALID_DIMENSION',
      `The dimension is ${given.dimension}; it must be a whole number from 1 to ${MAX_DIMENSION}.`,
    );
  }
  return {
    dimension: given.dimension ?? 0,
    metric: input.choice(given.metric, 'metric', ['l2', 'cosine', 'dot'], ''),
    durability: input.choice(given.durability, 'durability', ['strict', 'relaxed'], 'strict'),
    create: input.option(given.create, 'create', 'boolean', true),
    ifLost: input.choice(given.ifLost, 'ifLost', ['error', 'create'], 'error'),
    salvage: input.option(given.salvage, 'salvage', 'boolean', false),
    worker: input.option(given.worker, 'worker', 'boolean', false),
    lockWaitMillis: readLockWait(given),
    hnsw: readHnsw(given.hnsw),
  };
}

function readLockWait({ lockWaitMillis = LOCK_WAIT_MILLIS }) {
  return input.count(lockWaitMillis, 'lockWaitMillis', 0, MAX_INT);
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
  const host = new remote.RemoteEngine();
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

  #requireOpen() {
    if (this.#closing) {
      input.refuse('CLOSED', 'This database is closed; open it again to use it.');
    }
  }

  async put(id, vector, metadata) {
    const checked = input.vector(vector, this.dimension, `The vector of ${JSON.stringify(id)}`);
    await this.#ask('put', input.id(id), checked, input.metadata(metadata));
  }

  async putMany(ids, vectors, metadatas, options) {
    const { onProgress, stop } = stoppable(options, 'putMany', 'what was reported as done stays');
    const parts = readParts(ids, vectors, metadatas, this.dimension);
    const total = ids.length;
    for (const part of parts) {
      await this.#ask('checkPart', ...part.args);
      stop();
      await pause();
    }
    for (const part of parts) {
      stop();
      await this.#ask('putPart', ...part.args);
      onProgress(part.end, total);
    }
  }

  async write(changes) {
    if (!Array.isArray(changes)) {
      input.refuse('INVALID_ARGUMENT', 'Changes are an array of { put, vector, metadata } and { delete }.');
    }
    await this.#ask(
      'write',
      changes.map((change) => this.#readChange(change)),
    );
  }

  #readChange(change) {
    const { put, vector, metadata, delete: removed } = change ?? {};
    if ((put === undefined) === (removed === undefined)) {
      input.refuse('INVALID_ARGUMENT', 'A change is { put: id, vector, metadata } or { delete: id }.');
    }
    if (removed !== undefined) {
      return { delete: input.id(removed) };
    }
    const checked = input.vector(vector, this.dimension, `The vector of ${JSON.stringify(put)}`);
    return { put: input.id(put), vector: checked.slice(), metadata: input.metadata(metadata) };
  }

  async delete(id) {
    return this.#ask('delete', input.id(id));
  }

  async get(id) {
    return (await this.#ask('getMany', [input.id(id)]))[0];
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
      for (const entry of await this.#ask('getMany', ids.slice(start, start + PAGE_ENTRIES))) {
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
    return this.#ask(
      'search',
      input.vector(query, this.dimension, 'The query'),
      input.count(k, 'k', 1, MAX_K),
      input.count(efSearch, 'efSearch', 1, MAX_EF_SEARCH),
      input.option(exact, 'exact', 'boolean', false),
    );
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
    this.#closing ??= this.#call('close', []).finally(this.#onClosed);
    await this.#closing;
  }
}

/** What putMany was given, copied into parts, so that the caller may reuse its arrays at once. */
function readParts(ids, vectors, metadatas, dimension) {
  if (!Array.isArray(ids)) {
    input.refuse('INVALID_ARGUMENT', 'The ids are an array of strings.');
  }
  const checkedIds = ids.map(input.id);
  if (metadatas && metadatas.length !== ids.length) {
    input.refuse(
      'INVALID_ARGUMENT',
      `There are ${ids.length} ids and ${metadatas.length} metadatas; give as many, or none.`,
    );
  }
  const copies = metadatas
    ? Array.from(metadatas, (m, i) => input.metadata(m, `The metadata of ${JSON.stringify(ids[i])}`))
    : null;
  return cut(checkedIds, readVectors(ids, vectors, dimension), copies, dimension);
}

/** All vectors in one array, which may be the caller's. */
function readVectors(ids, vectors, dimension) {
  if (vectors instanceof Float32Array) {
    if (vectors.length !== ids.length * dimension) {
      input.refuse(
        'INVALID_DIMENSION',
        `${ids.length} vectors of ${dimension} components are ${ids.length * dimension} numbers; ${vectors.length} were given.`,
      );
    }
    return vectors;
  }
  if (!Array.isArray(vectors) || vectors.length !== ids.length) {
    input.refuse(
      'INVALID_ARGUMENT',
      `There are ${ids.length} ids; give as many vectors, or one Float32Array with all of them.`,
    );
  }
  const all = new Float32Array(ids.length * dimension);
  vectors.forEach((v, i) =>
    all.set(input.vector(v, dimension, `The vector of ${JSON.stringify(ids[i])}`), i * dimension),
  );
  return all;
}

function cut(ids, vectors, metadatas, dimension) {
  const step = Math.max(1, Math.min(PART_ENTRIES, Math.floor(PART_FLOATS / dimension)));
  const parts = [];
  for (let start = 0; start < ids.length; start += step) {
    const end = Math.min(ids.length, start + step);
    parts.push({
      end,
      args: [
        ids.slice(start, end),
        vectors.slice(start * dimension, end * dimension),
        metadatas?.slice(start, end) ?? null,
      ],
    });
  }
  return parts;
}

/** Lets the page do something between two pieces of work. */
async function pause() {
  await new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(0);
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
  const signal = input.signal(given.signal);
  const stop = () => {
    if (signal?.aborted) {
      input.refuse('ABORTED', `${what} was stopped by its signal; ${after}.`);
    }
  };
  return { onProgress, stop };
}

/** The options of something that is done with a database that is not open. */
function readClosed(options, what, ...known) {
  const given = input.options(options, [...known, 'lockWaitMillis'], what);
  return { lockWaitMillis: readLockWait(given), onProgress: readListener(given) };
}

export async function verify(name, options) {
  const { lockWaitMillis, onProgress } = readClosed(options, 'verify', 'onProgress');
  return (await engine()).call('verify', [0, input.databaseName(name), lockWaitMillis], onProgress);
}

export async function salvage(name, newName, options) {
  const { lockWaitMillis, onProgress } = readClosed(options, 'salvage', 'onProgress');
  const args = [input.databaseName(name), input.databaseName(newName), lockWaitMillis];
  return (await engine()).call('salvage', args, onProgress);
}

export async function destroy(name, options) {
  const { lockWaitMillis } = readClosed(options, 'destroy');
  return (await engine()).call('destroy', [input.databaseName(name), lockWaitMillis]);
}

export async function exportFiles(name, options) {
  const { lockWaitMillis } = readClosed(options, 'exportFiles');
  return (await engine()).call('exportFiles', [input.databaseName(name), lockWaitMillis]);
}

export async function importFiles(name, files, options) {
  const { lockWaitMillis } = readClosed(options, 'importFiles');
  if (typeof files !== 'object' || files === null) {
    input.refuse('INVALID_ARGUMENT', 'Files are an object: names, and their bytes as Uint8Array.');
  }
  for (const [file, bytes] of Object.entries(files)) {
    if (!(bytes instanceof Uint8Array)) {
      input.refuse('INVALID_ARGUMENT', `The bytes of "${file}" are no Uint8Array.`);
    }
  }
  const args = [input.databaseName(name), Object.keys(files), Object.values(files), lockWaitMillis];
  await (await engine()).call('importFiles', args);
}
