// Search on data of many shapes by three indexes: as shipped, walked by floats, and hnswlib-wasm. The
// first two are the sources of the package, compiled into the bundle of the browser tests: the package
// itself has no way to walk by floats.
import { rows, vectorsOf } from './data.js';

let set;
let vectors;
let queries;
let sample;
let labels;
let hnswlib;

const bundle = async () => {
  await import('/tests/contract.js');
  return window.contract;
};

/** Fetches a cell's data; behind its queries lie the sample and what is beside it. */
export async function matrixLoad(wanted, metric, queryCount) {
  set = { ...wanted, metric };
  vectors = await vectorsOf(set.name, 'base');
  const asked = await vectorsOf(set.name, 'queries');
  queries = asked.slice(0, queryCount * set.dimension);
  sample = asked.slice(queryCount * set.dimension);
  (await bundle()).matrixLoad(metric, set.dimension, vectors, queries, sample);
}

/** Builds; resolves to the milliseconds. */
export async function matrixBuild(index, { m, efConstruction }) {
  const contract = await bundle();
  const library = index === 'peer' && (await import('hnswlib-wasm'));
  const loaded = library && (await library.loadHnswlib());
  const begin = performance.now();
  if (index === 'peer') {
    hnswlib = new loaded.HierarchicalNSW(
      { L2: 'l2', COSINE: 'cosine', DOT: 'ip' }[set.metric],
      set.dimension,
      '',
    );
    hnswlib.initIndex(set.count, m, efConstruction, 100);
    const given = hnswlib.addItems(rows(vectors, set.dimension), false);
    labels = new Map(given.map((label, ordinal) => [label, ordinal]));
  } else {
    await contract.matrixBuild(index === 'floats', m, efConstruction);
  }
  return performance.now() - begin;
}

/** By query, or vector of the sample, the ordinals found: `k` for each, -1 for none. */
export async function matrixSearch(index, isSample, k, efSearch) {
  return index === 'peer'
    ? search(isSample ? sample : queries, k, efSearch)
    : Array.from((await bundle()).matrixSearch(index === 'floats', isSample, k, efSearch));
}

function search(asked, k, efSearch) {
  hnswlib.setEfSearch(efSearch);
  const found = [];
  for (const query of rows(asked, set.dimension)) {
    const ordinals = neighbors(query, k).map((label) => labels.get(label));
    for (let i = 0; i < k; i++) {
      found.push(ordinals[i] ?? -1);
    }
  }
  return found;
}

/** None where hnswlib-wasm throws, as it does when it finds fewer than asked for. */
function neighbors(query, k) {
  try {
    return hnswlib.searchKnn(query, k, undefined).neighbors;
  } catch {
    return [];
  }
}

/** Milliseconds of a search for each query, all together. */
export async function matrixPass(index, k, efSearch) {
  const contract = await bundle();
  const begin = performance.now();
  if (index === 'peer') {
    search(queries, k, efSearch);
  } else {
    contract.matrixSearch(index === 'floats', false, k, efSearch);
  }
  return performance.now() - begin;
}

/** How many searches walked again, or -1. */
export async function matrixWalkedAgain(index) {
  return index === 'peer' ? -1 : (await bundle()).matrixWalkedAgain(index === 'floats');
}

/** Lets the indexes go. */
export async function matrixClose() {
  hnswlib = undefined;
  await (await bundle()).matrixClose();
}
