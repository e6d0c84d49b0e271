// PGlite with pgvector: bulk load by COPY, then one CREATE INDEX, as pgvector's documentation says.
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { textOf } from '../data.js';

const COPY_ROWS = 5000;

export async function build({ vectors, count, dimension, m, efConstruction }) {
  const db = await PGlite.create({ extensions: { vector } });
  await db.exec(`
    CREATE EXTENSION vector;
    SET maintenance_work_mem = '1GB';
    CREATE TABLE items (id integer PRIMARY KEY, v vector(${dimension}) NOT NULL);
    ALTER TABLE items ALTER COLUMN v SET STORAGE PLAIN;`);
  const blobs = [];
  for (let from = 0; from < count; from += COPY_ROWS) {
    blobs.push(csv(vectors, dimension, from, Math.min(from + COPY_ROWS, count)));
  }
  const begin = performance.now();
  for (const blob of blobs) {
    await db.query("COPY items FROM '/dev/blob' WITH (FORMAT csv, DELIMITER ';')", [], { blob });
  }
  const copied = performance.now();
  await db.exec(
    `CREATE INDEX ON items USING hnsw (v vector_l2_ops)
     WITH (m = ${m}, ef_construction = ${efConstruction})`,
  );
  const end = performance.now();
  await db.exec('ANALYZE items');
  let sql;
  return {
    buildMillis: end - begin,
    parts: { COPY: copied - begin, 'CREATE INDEX': end - copied },
    async prepare(efSearch, k) {
      await db.exec(`SET hnsw.ef_search = ${efSearch}`);
      sql = `SELECT id FROM items ORDER BY v <-> $1 LIMIT ${k}`;
    },
    // The text is what it takes; to make it is not timed.
    convert: textOf,
    search: (query) => db.query(sql, [query]),
    ordinals: ({ rows }) => rows.map(({ id }) => id),
  };
}

function csv(vectors, dimension, from, to) {
  const lines = [];
  for (let i = from; i < to; i++) {
    lines.push(`${i};"${textOf(vectors.subarray(i * dimension, (i + 1) * dimension))}"\n`);
  }
  return new Blob(lines);
}
