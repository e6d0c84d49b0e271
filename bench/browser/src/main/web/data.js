// Vectors of the server's data sets.

/** Fetches all vectors of a data set's part (`base` or `queries`), one after the other. */
export async function vectorsOf(set, part) {
  return new Float32Array(await bytes(`/data/${set}/${part}`));
}

/** The rows `from` to `to` (exclusive) of a set that is too large to be held twice. */
export async function rowsOf(set, from, to) {
  return new Float32Array(await bytes(`/data/${set}/base?from=${from}&to=${to}`));
}

async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url}: status ${response.status}`);
  }
  return response.arrayBuffer();
}

/** Each vector as a view, without a copy. */
export function rows(vectors, dimension) {
  return Array.from({ length: vectors.length / dimension }, (_, i) =>
    vectors.subarray(i * dimension, (i + 1) * dimension),
  );
}

/** A vector as pgvector reads it. */
export const textOf = (row) => `[${row.join(',')}]`;
