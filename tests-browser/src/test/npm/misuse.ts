import { open, type Database } from 'edgevec-java';

export async function misuse(db: Database): Promise<void> {
  await open(5); // wrong
  await open('notes', { dimension: 3, metric: 'euclid' }); // wrong
  await open('notes', { dimensions: 3 }); // wrong
  await db.put('a', '1, 2, 3'); // wrong
  await db.put('a', [1], { when: () => 0 }); // wrong
  await db.put('a', [1], { none: [undefined] }); // wrong
  await db.search([1], { filter: 'year > 1' }); // wrong
  await db.search([1], { efSearch: '64' }); // wrong
  await open('notes', { hnsw: { M: 16 } }); // wrong
  await db.awaitIndexed(() => {}); // wrong
  await db.write([{ update: 'a' }]); // wrong
  db.name = 'other'; // wrong
}
