// Build and query of one peer on one data set. The driver says what to do, step by step, because it
// chooses the next efSearch by the recall of the one before.
import { rows, vectorsOf } from './data.js';

let set;
let vectors;
let queries;
let index;
let asked;

/** Fetches a data set. */
export async function load(wanted) {
  set = wanted;
  vectors = await vectorsOf(set.name, 'base');
  queries = rows(await vectorsOf(set.name, 'queries'), set.dimension);
}

/** Loads a peer and builds; resolves to the times. */
export async function build(peer, parameters) {
  const { build: make } = await import(`./peers/${peer}.js`);
  index = await make({ ...parameters, vectors, count: set.count, dimension: set.dimension });
  asked = index.convert ? queries.map(index.convert) : queries;
  return { buildMillis: index.buildMillis, parts: index.parts ?? {} };
}

/**
 * Queries with one parameter (efSearch, or what the peer has in its place): passes over all queries,
 * one after the other, until `minMillis` are over; before that, the same as warm-up.
 *
 * @returns the ordinals found by each query; the mean time of a query in each pass, and each time, in
 *     milliseconds
 */
export async function query(parameter, { k, warmupMillis, minMillis, maxQueries }) {
  await index.prepare(parameter, k);
  const some = asked.slice(0, maxQueries);
  await passes(some, warmupMillis);
  const { results, means, millis } = await passes(some, minMillis);
  return { found: results.map(index.ordinals), means, millis };
}

/** One pass at least, further ones until the time is over. */
async function passes(all, atLeast) {
  const results = [];
  const means = [];
  const millis = [];
  const begin = performance.now();
  let last = begin;
  do {
    const passBegin = last;
    for (let i = 0; i < all.length; i++) {
      const answer = index.search(all[i]);
      results[i] = typeof answer.then === 'function' ? await answer : answer;
      const now = performance.now();
      millis.push(now - last);
      last = now;
    }
    means.push((last - passBegin) / all.length);
  } while (last - begin < atLeast);
  return { results, means, millis };
}
