// What the snippets of the tests find on the page, beside the package itself.
import * as edgevec from 'edgevec-java';

const hosted = new URLSearchParams(location.search).has('worker');

/** `open`, in a worker if the page was loaded with `?worker`. */
const open = (name, options) =>
  edgevec.open(name, hosted ? { ...options, worker: true } : options);

/** Makes the page one on a processor without SIMD; before the first call of the package. */
const withoutSimd = () => {
  const { validate } = WebAssembly;
  WebAssembly.validate = (bytes) => bytes.byteLength < 100 && validate(bytes);
};

/** JSON in which a typed array is an array and a bigint `{"bigint": "123"}`. */
const json = (value) =>
  JSON.stringify(value, (key, v) => {
    if (typeof v === 'bigint') return { bigint: String(v) };
    if (ArrayBuffer.isView(v)) return Array.from(v);
    return v === undefined ? '(undefined)' : v;
  });

/** What a promise is rejected with; it must be an EdgeVecError. */
const failure = async (promise) => {
  let value;
  try {
    value = await promise;
  } catch (e) {
    if (!(e instanceof edgevec.EdgeVecError) || !(e instanceof Error)) throw e;
    const { code, message, file, offset } = e;
    return { code, message, ...(file === undefined ? {} : { file, offset }) };
  }
  throw new Error('expected a rejection, got ' + json(value));
};

const codeOf = async (promise) => (await failure(promise)).code;

const all = async (iterable) => {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
};

const toBase64 = (bytes) => {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
};

const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** The files of a database as base64, and back. */
const exported = async (name) =>
  Object.fromEntries(
    Object.entries(await edgevec.exportFiles(name)).map(([k, v]) => [k, toBase64(v)]),
  );
const imported = (name, files) =>
  edgevec.importFiles(
    name,
    Object.fromEntries(Object.entries(files).map(([k, v]) => [k, fromBase64(v)])),
  );

/** Distinct, repeatable vectors. */
const vector = (seed, dimension = 4) => {
  let state = (seed + 1) * 0x9e3779b9;
  return Float32Array.from({ length: dimension }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 13)) >>> 8) / 0x1000000 - 0.5;
  });
};

/** Numbers from -2 to 2 around 0, the same at every run. */
const numbers = (seed) => {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  return () => next() + next() + next() + next() - 2;
};

/** Vectors one after another as real ones lie: in clusters, of 8 inner dimensions and a little noise. */
const clustered = (count, dimension, seed = 1) => {
  const shape = numbers(1); // Also of queries, which have another seed.
  const axes = Array.from({ length: 8 }, () => Array.from({ length: dimension }, shape));
  const centers = Array.from({ length: 30 }, () => Array.from({ length: 8 }, () => 2 * shape()));
  const random = numbers(seed);
  const all = new Float32Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const at = centers[i % centers.length].map((c) => c + random());
    for (let j = 0; j < dimension; j++) {
      all[i * dimension + j] = at.reduce((sum, a, k) => sum + a * axes[k][j], 0.05 * random());
    }
  }
  return all;
};

/** Such vectors one by one. */
const split = (all, dimension) =>
  Array.from({ length: all.length / dimension }, (_, i) => all.slice(i * dimension, (i + 1) * dimension));

/** `count` names. */
const named = (count, prefix = 'id-') => Array.from({ length: count }, (_, i) => prefix + i);

/** The part of the true ten nearest to each query that a search with these options finds. */
const recall = async (db, queries, options) => {
  let found = 0;
  for (const query of queries) {
    const truth = new Set((await db.search(query, { exact: true })).map((hit) => hit.id));
    found += (await db.search(query, options)).filter((hit) => truth.has(hit.id)).length;
  }
  return found / (10 * queries.length);
};

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

Object.assign(window, {
  withoutSimd,
  edgevec: { ...edgevec, open },
  json,
  failure,
  codeOf,
  all,
  exported,
  imported,
  fromBase64,
  toBase64,
  vector,
  clustered,
  split,
  named,
  recall,
  sleep,
});
window.ready = true;
