/**
 * The second act: 50,000 vectors are put and linked in a database that a worker hosts, and searched in two
 * ways, by the graph and by comparing with all.
 */

import { destroy, open } from './node_modules/edgevec-java/index.js';

const NAME = 'notebook-scale';
const DIMENSION = 128;

/** The vectors lie in clusters, as those of texts do. */
const CLUSTERS = 100;
const SPREAD = 0.35;

/** So many are made and handed over at a time: a task of a few milliseconds. */
const PART = 500;

/** So many searches, so many of them at a time: one by one, most of the time goes to the messages. */
const SEARCHES = 200;
const AT_A_TIME = 20;
const NEIGHBORS = 10;

/**
 * @typedef {object} ScaleResult
 * @property {number} putMillis until all were durable
 * @property {number} linkMillis from then until all were linked
 * @property {number} graphMillis of a search that walks the graph: time over number
 * @property {number} exactMillis of a search that compares with all
 * @property {number} recall share of the true nearest that the graph found
 */

/**
 * @param {number} count
 * @param {{onProgress: (stage: 'put' | 'link' | 'search', done: number, total: number) => void}} options
 * @returns {Promise<ScaleResult>}
 */
export async function scaleTest(count, { onProgress }) {
  await destroy(NAME);
  const db = await open(NAME, { dimension: DIMENSION, metric: 'cosine', worker: true });
  try {
    const vectors = new Clusters(1);
    const begin = performance.now();
    for (let done = 0; done < count; done += PART) {
      const size = Math.min(PART, count - done);
      onProgress('put', done, count);
      await db.putMany(
        Array.from({ length: size }, (_, i) => `vector/${done + i}`),
        vectors.next(size),
      );
    }
    const putMillis = performance.now() - begin;
    await db.awaitIndexed({ onProgress: (done, total) => onProgress('link', done, total) });
    const linkMillis = performance.now() - begin - putMillis;
    const searched = await compareSearches(db, vectors, (done) => onProgress('search', done, SEARCHES));
    return { putMillis, linkMillis, ...searched };
  } finally {
    await db.close();
    await destroy(NAME);
  }
}

async function compareSearches(db, vectors, onProgress) {
  const millis = { graph: 0, exact: 0 };
  let found = 0;
  for (let done = 0; done < SEARCHES; done += AT_A_TIME) {
    onProgress(done);
    const queries = Array.from({ length: AT_A_TIME }, () => vectors.next(1));
    const timed = async (way, options) => {
      const begin = performance.now();
      const hits = await Promise.all(queries.map((query) => db.search(query, { k: NEIGHBORS, ...options })));
      millis[way] += performance.now() - begin;
      return hits.map((list) => list.map(({ id }) => id));
    };
    const near = await timed('graph', {});
    const nearest = await timed('exact', { exact: true });
    near.forEach((ids, i) => (found += ids.filter((id) => nearest[i].includes(id)).length));
  }
  return {
    graphMillis: millis.graph / SEARCHES,
    exactMillis: millis.exact / SEARCHES,
    recall: found / SEARCHES / NEIGHBORS,
  };
}

/** Vectors around random centres, the same at every run. */
class Clusters {
  #state;
  #centres;

  constructor(seed) {
    this.#state = seed;
    this.#centres = Array.from({ length: CLUSTERS }, () => Float32Array.from({ length: DIMENSION }, () => this.#bell()));
  }

  /** The next `count` vectors, one after the other. */
  next(count) {
    const vectors = new Float32Array(count * DIMENSION);
    for (let row = 0; row < count; row++) {
      const centre = this.#centres[Math.floor(this.#uniform() * CLUSTERS)];
      for (let i = 0; i < DIMENSION; i++) {
        vectors[row * DIMENSION + i] = centre[i] + SPREAD * this.#bell();
      }
    }
    return vectors;
  }

  /** Nearly normal, by the sum of four uniform numbers; mean 0. */
  #bell() {
    return this.#uniform() + this.#uniform() + this.#uniform() + this.#uniform() - 2;
  }

  /** Mulberry32. */
  #uniform() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
}
