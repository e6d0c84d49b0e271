// This project's package, in whichever build: every put is durable before the promise resolves.

const NAME = 'bench';

/** What builds with a package. */
export const builder = (edgevec) => (wanted) => build(edgevec, wanted);

async function build({ destroy, open }, { vectors, count, dimension, m, efConstruction }) {
  await destroy(NAME);
  const db = await open(NAME, { dimension, metric: 'l2', hnsw: { m, efConstruction } });
  const ids = Array.from({ length: count }, (_, i) => String(i));
  const begin = performance.now();
  await db.putMany(ids, vectors);
  const durable = performance.now();
  await db.awaitIndexed();
  const end = performance.now();
  const { indexedEntries, tailEntries } = await db.stats();
  if (indexedEntries !== count || tailEntries !== 0) {
    throw new Error(`${indexedEntries} of ${count} entries are in the graph, ${tailEntries} are not`);
  }
  const options = { k: 10, efSearch: 10 };
  return {
    buildMillis: end - begin,
    parts: { 'until durable': durable - begin, 'until indexed': end - durable },
    prepare(efSearch, k) {
      options.k = k;
      if (efSearch === 'exact') {
        delete options.efSearch;
        options.exact = true;
      } else {
        delete options.exact;
        options.efSearch = efSearch;
      }
    },
    search: (query) => db.search(query, options),
    ordinals: (hits) => hits.map(({ id }) => Number(id)),
  };
}
