// What operations leave behind in linear memory, which WebAssembly never gives back to the browser:
// each is repeated, in all ways in which it can end, and only the first rounds may let memory grow.
// To be imported before the package is called.
const { edgevec, vector, named, clustered } = window;

const memories = [];
const { Memory } = WebAssembly;
WebAssembly.Memory = class extends Memory {
  constructor(descriptor) {
    super(descriptor);
    memories.push(this);
  }
};

/** Bytes of linear memory of all engines that the page has had. */
const linearBytes = () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

const SHAPE = { dimension: 64, metric: 'l2', durability: 'relaxed' };
const ENTRIES = 3000;
const stop = () => {
  throw new Error('stopped');
};
const codeOf = (promise) => promise.then(() => 'none', (e) => e.code ?? e.message);

/** Insists on how a promise ends. */
const ends = async (promise, expected) => {
  const code = await codeOf(promise);
  if (code !== expected) throw new Error(`ended with ${code} in place of ${expected}`);
};

let source;
let damaged;

/** A database with a graph, a log, and dead entries; and one whose log is damaged. */
export const make = async () => {
  const db = await edgevec.open('source', SHAPE);
  await db.putMany(named(ENTRIES), clustered(ENTRIES, 64));
  await db.awaitIndexed();
  await db.checkpoint();
  await db.put('between', vector(1, 64));
  await db.checkpoint(); // Both snapshots have the first segment.
  await db.putMany(named(100, 'later-'), clustered(100, 64));
  await db.write(named(300).map((id) => ({ delete: id })));
  await db.close();
  source = await edgevec.exportFiles('source');
  damaged = Object.fromEntries(
    Object.entries(source).map(([name, bytes]) => {
      const copy = bytes.slice();
      if (name.startsWith('wal')) copy[copy.length - 5000] ^= 1;
      return [name, copy];
    }),
  );
  await edgevec.importFiles('damaged', damaged);
  const spoilt = Object.entries(source).map(([name, bytes]) => [
    name,
    name.startsWith('segment') ? bytes.map((byte, i) => (i === 9000 ? byte ^ 1 : byte)) : bytes,
  ]);
  await edgevec.importFiles('spoilt', Object.fromEntries(spoilt));
};

const opened = async (work, options) => {
  const db = await edgevec.open('source', { ...options, durability: 'relaxed' });
  try {
    await work(db);
  } finally {
    await db.close();
  }
};

/** Lets the calls of `owner[method]` from the one after `spare` on throw while something runs. */
const failing = async (owner, method, spare, body) => {
  const original = owner[method];
  let calls = 0;
  owner[method] = function (...args) {
    if (calls++ >= spare) throw new DOMException('injected', 'UnknownError');
    return original.apply(this, args);
  };
  try {
    return await body();
  } finally {
    owner[method] = original;
  }
};

/** Opening that fails at the n-th transaction; the last of them does not. */
const failingOpen = async (n) => {
  const db = await failing(IDBDatabase.prototype, 'transaction', n % 9, () =>
    edgevec.open('source').catch(() => null),
  );
  await db?.close().catch(() => {});
};

/** What is repeated; it gets the number of the round. */
const WORK = {
  'open and close': () => opened(() => {}),
  'open with other options': () => ends(edgevec.open('source', { dimension: 3, metric: 'dot' }), 'OPTIONS_MISMATCH'),
  'open with another metric': () => ends(edgevec.open('source', { metric: 'dot' }), 'OPTIONS_MISMATCH'),
  'open what is damaged': () => ends(edgevec.open('damaged'), 'CORRUPT'),
  'open what is spoilt': () => ends(edgevec.open('spoilt'), 'CORRUPT'),
  'open for salvage': async () => (await edgevec.open('damaged', { salvage: true })).close(),
  'open at a transaction that fails': failingOpen,
  'open twice': () => opened(() => ends(edgevec.open('source', { lockWaitMillis: 0 }), 'LOCKED')),
  'close with a storage that fails': (n) =>
    opened((db) =>
      failing(IDBDatabase.prototype, 'transaction', n % 4, async () => {
        await db.put('more', vector(n, 64)).catch(() => {});
        await db.close().catch(() => {});
      }),
    ).catch(() => {}),
  search: () =>
    opened(async (db) => {
      await db.search(vector(1, 64));
      await ends(db.search(vector(1, 3)), 'INVALID_DIMENSION');
      await ends(db.search(new Float32Array(64).fill(NaN)), 'INVALID_VECTOR');
      await db.search(vector(1, 64), { exact: true, k: 1000 });
    }),
  'put and delete and checkpoint': () =>
    opened(async (db) => {
      await db.putMany(named(500, 'churn-'), clustered(500, 64));
      await db.write(named(500, 'churn-').map((id) => ({ delete: id })));
      await db.checkpoint();
    }),
  'a checkpoint that fails': (n) =>
    opened(async (db) => {
      await db.write(named(200, 'c-').map((id, i) => ({ put: id, vector: vector(i, 64) })));
      await db.write(named(200, 'c-').map((id) => ({ delete: id })));
      await failing(IDBObjectStore.prototype, 'put', n % 3, () => db.checkpoint().catch(() => {}));
    }).catch(() => {}),
  'verify, open and closed': async () => {
    await edgevec.verify('source');
    await opened((db) => db.verify());
    await ends(edgevec.verify('source', { onProgress: stop }), 'stopped');
  },
  export: () => edgevec.exportFiles('source'),
  'import and destroy': async () => {
    await edgevec.importFiles('copy', source);
    await ends(edgevec.importFiles('copy', source), 'INVALID_ARGUMENT');
    await edgevec.destroy('copy');
  },
  salvage: async () => {
    await edgevec.salvage('damaged', 'saved');
    await edgevec.destroy('saved');
  },
  'salvage that is stopped': (n) => {
    let told = 0;
    return ends(edgevec.salvage('source', 'saved', { onProgress: () => told++ >= n % 4 && stop() }), 'stopped');
  },
  'salvage to where something is': () => ends(edgevec.salvage('source', 'damaged'), 'INVALID_ARGUMENT'),
  'salvage to what is locked': () =>
    navigator.locks.request('edgevec/held', () =>
      ends(edgevec.salvage('source', 'held', { lockWaitMillis: 0 }), 'LOCKED'),
    ),
  'salvage whose writes fail': async (n) => {
    await failing(IDBObjectStore.prototype, 'put', n % 5, () =>
      edgevec.salvage('source', 'saved').catch(() => {}),
    );
    await edgevec.destroy('saved');
  },
  'salvage of what is spoilt': () => ends(edgevec.salvage('spoilt', 'saved'), 'CORRUPT'),
  'create and destroy': async () => {
    const db = await edgevec.open('fresh', SHAPE);
    await db.put('a', vector(1, 64));
    await db.close();
    await edgevec.destroy('fresh');
  },
};

export const operations = Object.keys(WORK);

/** Bytes by which memory grew in `rounds` repetitions, after as many that may let it grow. */
export const growth = async (operation, warm, rounds) => {
  const run = async (from, to) => {
    for (let i = from; i < to; i++) await WORK[operation](i);
  };
  await run(0, warm);
  const before = linearBytes();
  await run(warm, warm + rounds);
  return linearBytes() - before;
};
