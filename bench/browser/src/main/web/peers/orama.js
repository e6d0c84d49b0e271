// Orama, which scores every vector (cosine, the same order as L2 on normalised vectors). What is
// swept is the similarity below which it drops a document before it sorts the rest.
import { create, insertMultiple, searchVector } from '@orama/orama';
import { rows } from '../data.js';

export async function build({ vectors, dimension }) {
  const db = create({ schema: { vector: `vector[${dimension}]` } });
  const documents = rows(vectors, dimension).map((row, i) => ({
    id: String(i),
    vector: Array.from(row),
  }));
  const begin = performance.now();
  await insertMultiple(db, documents, 1000);
  const end = performance.now();
  let similarity = 0;
  let limit = 10;
  return {
    buildMillis: end - begin,
    prepare(threshold, k) {
      similarity = threshold;
      limit = k;
    },
    search: (value) =>
      searchVector(db, {
        mode: 'vector',
        vector: { value, property: 'vector' },
        similarity,
        limit,
      }),
    ordinals: ({ hits }) => hits.map(({ id }) => Number(id)),
  };
}
