// The Rust EdgeVec. Its efSearch is fixed when an index is made, so that another one needs another
// index: only the first is timed, the others are what the sweep over efSearch costs.
import init, { EdgeVec, EdgeVecConfig } from 'edgevec';

export async function build({ vectors, count, dimension, m, efConstruction, efSearch }) {
  await init();
  let wanted = 10;
  let first = 0;
  let current;
  let currentEf;

  function make(ef) {
    const config = new EdgeVecConfig(dimension);
    config.metric = 'l2';
    config.m = m;
    config.m0 = 2 * m;
    config.ef_construction = efConstruction;
    config.ef_search = ef;
    const index = new EdgeVec(config);
    const begin = performance.now();
    const ids = index.insertBatchFlat(vectors, count);
    const millis = performance.now() - begin;
    first ||= ids[0];
    current?.free();
    current = index;
    currentEf = ef;
    return millis;
  }

  const buildMillis = make(efSearch);
  return {
    buildMillis,
    prepare(ef, k) {
      wanted = k;
      if (ef !== currentEf) {
        make(ef);
      }
    },
    search: (query) => current.search(query, wanted),
    ordinals: (hits) => hits.map(({ id }) => id - first),
  };
}
