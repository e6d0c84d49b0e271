// What durability costs: opening, replay, inserts, checkpoints. The package is imported by each task,
// so that a page can be loaded without it.
import { rows, rowsOf, textOf, vectorsOf } from './data.js';

const BIG = 'big';
const FETCHED_ROWS = 5000;

/** Fills a database, waits for its graph, and stores both. */
export async function populate(set) {
  const { destroy, open } = await import('edgevec-java');
  await destroy(BIG);
  const db = await open(BIG, { dimension: set.dimension, metric: 'l2' });
  let putMillis = 0;
  for (let from = 0; from < set.count; from += FETCHED_ROWS) {
    const to = Math.min(from + FETCHED_ROWS, set.count);
    const vectors = await rowsOf(set.name, from, to);
    const ids = Array.from({ length: to - from }, (_, i) => String(from + i));
    putMillis += await millisOf(() => db.putMany(ids, vectors));
  }
  const indexMillis = await millisOf(() => db.awaitIndexed());
  const checkpointMillis = await millisOf(() => db.checkpoint());
  const { segmentBytes } = await db.stats();
  await db.close();
  return { putMillis, indexMillis, checkpointMillis, segmentBytes };
}

/**
 * Opens the filled database.
 *
 * @param isFirst whether to count the import of the package and the start of its module, too
 */
export async function openStored(set, isFirst) {
  const [query] = rows(await vectorsOf(set.name, 'queries'), set.dimension);
  let begin = performance.now();
  const { destroy, open } = await import('edgevec-java');
  if (!isFirst) {
    await destroy('a name that nothing has'); // starts the module
    begin = performance.now();
  }
  const db = await open(BIG);
  const opened = performance.now();
  await db.search(query, { k: 10 });
  const searched = performance.now();
  const { size, indexedEntries } = await db.stats();
  if (size !== set.count || indexedEntries !== set.count) {
    throw new Error(`${size} entries, ${indexedEntries} of them in the graph, not ${set.count}`);
  }
  await db.close();
  return { openMillis: opened - begin, firstSearchMillis: searched - opened };
}

const LOG = 'log';

/** When all is in the graph, a checkpoint is made, and nothing is left to replay. */
const NO_GRAPH = { minEntries: 1_000_000 };

/** Writes entries that stay in the log: by `putMany`, or by puts that run concurrently. */
export async function writeLog(set, writing) {
  const { destroy, open } = await import('edgevec-java');
  await destroy(LOG);
  const { vectors, ids } = await entriesOf(set);
  const db = await open(LOG, { dimension: set.dimension, metric: 'l2', hnsw: NO_GRAPH });
  if (writing === 'putMany') {
    await db.putMany(ids, vectors);
  } else {
    await Promise.all(rows(vectors, set.dimension).map((row, i) => db.put(ids[i], row)));
  }
  await db.close();
}

/** Opens the database that has all in its log. */
export async function replay(set) {
  const { destroy, open } = await import('edgevec-java');
  await destroy('a name that nothing has');
  const begin = performance.now();
  const db = await open(LOG, { hnsw: NO_GRAPH });
  const openMillis = performance.now() - begin;
  const { durationMillis, replayedRecords } = await db.recoveryReport();
  if (replayedRecords !== set.count) {
    throw new Error(`${replayedRecords} records were replayed, not ${set.count}`);
  }
  await db.close();
  return { openMillis, recoveryMillis: durationMillis };
}

const INSERTS = 'inserts';

/** Durable puts, one after the other; resolves to the time of each. */
export async function singles(set, durability, count) {
  const { destroy, open } = await import('edgevec-java');
  await destroy(INSERTS);
  const { vectors, ids } = await entriesOf(set);
  const all = rows(vectors, set.dimension);
  const db = await open(INSERTS, { dimension: set.dimension, metric: 'l2', durability });
  const millis = [];
  for (let i = 0; i < count; i++) {
    millis.push(await millisOf(() => db.put(ids[i], all[i])));
  }
  await db.close();
  return { millis };
}

/** Concurrent puts, which share syncs, then putMany, then two checkpoints. */
export async function batches(set, durability) {
  const { destroy, open } = await import('edgevec-java');
  await destroy(INSERTS);
  const { vectors, ids } = await entriesOf(set);
  const options = { dimension: set.dimension, metric: 'l2', durability };
  let db = await open(INSERTS, options);
  const all = rows(vectors, set.dimension);
  const groupMillis = await millisOf(() => Promise.all(all.map((row, i) => db.put(ids[i], row))));
  await db.close();
  await destroy(INSERTS);
  db = await open(INSERTS, options);
  const manyMillis = await millisOf(() => db.putMany(ids, vectors));
  await db.awaitIndexed();
  const firstCheckpointMillis = await millisOf(() => db.checkpoint());
  const part = Math.floor(set.count / 10);
  await db.putMany(
    ids.slice(0, part).map((id) => `another ${id}`),
    vectors.slice(0, part * set.dimension),
  );
  await db.awaitIndexed();
  const nextCheckpointMillis = await millisOf(() => db.checkpoint());
  await db.close();
  return { groupMillis, manyMillis, firstCheckpointMillis, nextCheckpointMillis };
}

/** The same in PGlite over IndexedDB: single INSERTs, then one INSERT of a thousand rows. */
export async function pgliteInserts(set, { isRelaxed, isIndexed, count }) {
  const { PGlite } = await import('@electric-sql/pglite');
  const { vector } = await import('@electric-sql/pglite-pgvector');
  const all = rows((await entriesOf(set)).vectors, set.dimension).map(textOf);
  const db = await PGlite.create(`idb://inserts-${isRelaxed}-${isIndexed}`, {
    extensions: { vector },
    relaxedDurability: isRelaxed,
  });
  await db.exec(`
    CREATE EXTENSION vector;
    CREATE TABLE items (id text PRIMARY KEY, v vector(${set.dimension}) NOT NULL);
    ${isIndexed ? 'CREATE INDEX ON items USING hnsw (v vector_l2_ops) WITH (m = 16, ef_construction = 200);' : ''}`);
  const millis = [];
  for (let i = 0; i < count; i++) {
    millis.push(
      await millisOf(() => db.query('INSERT INTO items VALUES ($1, $2)', [`single ${i}`, all[i]])),
    );
  }
  const batch = Math.min(1000, set.count);
  const places = Array.from({ length: batch }, (_, i) => `($${2 * i + 1}, $${2 * i + 2})`);
  const values = Array.from({ length: batch }, (_, i) => [String(i), all[i]]).flat();
  const batchMillis = await millisOf(() => db.query(`INSERT INTO items VALUES ${places}`, values));
  await db.close();
  return { millis, batch, batchMillis };
}

async function entriesOf(set) {
  const vectors = await vectorsOf(set.name, 'base');
  return { vectors, ids: Array.from({ length: set.count }, (_, i) => `id-${i}`) };
}

async function millisOf(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
