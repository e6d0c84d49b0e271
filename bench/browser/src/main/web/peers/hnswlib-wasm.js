// hnswlib-wasm, with the insertion that its documentation recommends (addItems).
import { loadHnswlib } from 'hnswlib-wasm';
import { rows } from '../data.js';

export async function build({ vectors, count, dimension, m, efConstruction, seed }) {
  const library = await loadHnswlib();
  const index = new library.HierarchicalNSW('l2', dimension, '');
  index.initIndex(count, m, efConstruction, seed);
  const items = rows(vectors, dimension);
  const begin = performance.now();
  const labels = index.addItems(items, false);
  const end = performance.now();
  const ordinals = new Map(labels.map((label, ordinal) => [label, ordinal]));
  let wanted = 10;
  return {
    buildMillis: end - begin,
    prepare(efSearch, k) {
      index.setEfSearch(efSearch);
      wanted = k;
    },
    search: (query) => index.searchKnn(query, wanted, undefined),
    ordinals: ({ neighbors }) => neighbors.map((label) => ordinals.get(label)),
  };
}
