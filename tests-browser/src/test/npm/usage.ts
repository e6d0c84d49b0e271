import {
  destroy,
  EdgeVecError,
  exportFiles,
  importFiles,
  open,
  version,
  type Change,
  type Database,
  type Entry,
  type ErrorCode,
  type Hit,
  type HnswOptions,
  type Metadata,
  type RecoveryReport,
  type Stats,
} from 'edgevec-java';

export async function use(): Promise<string> {
  const db: Database = await open('notes', {
    dimension: 3,
    metric: 'cosine',
    durability: 'strict',
    create: true,
    ifLost: 'error',
    worker: true,
    lockWaitMillis: 2000,
    hnsw: { m: 16, efConstruction: 200, minEntries: 1000 } satisfies HnswOptions,
  });
  const metadata: Metadata = {
    title: 'a',
    year: 2024,
    big: 5n,
    ok: true,
    tags: ['x'],
    none: null,
    when: new Date(),
    author: { name: 'b', born: [1970, null] },
  };
  await db.put('a', [1, 2, 3], metadata);
  await db.put('b', new Float32Array(3));
  await db.putMany(['c'], new Float32Array(3), [undefined], {
    onProgress: (done: number, total: number) => console.log(done / total),
    signal: new AbortController().signal,
  });
  const changes: Change[] = [{ put: 'd', vector: [1, 2, 3], metadata: {} }, { delete: 'a' }];
  await db.write(changes);
  const removed: boolean = await db.delete('a');
  const entry: Entry | undefined = await db.get('b');
  const first: number | undefined = entry?.vector[0];
  const hits: Hit[] = await db.search([1, 2, 3], { k: 5, efSearch: 64, exact: false });
  await db.awaitIndexed({
    onProgress: (done: number, total: number) => console.log(done / total),
    signal: new AbortController().signal,
  });
  await db.awaitIndexed();
  for await (const { id, vector } of db.entries()) console.log(id, vector.length, first, removed);
  const stats: Stats = await db.stats();
  const report: RecoveryReport = await db.recoveryReport();
  await db.checkpoint();
  await db.close();
  const files: Record<string, Uint8Array> = await exportFiles('notes');
  await importFiles('copy', files, { lockWaitMillis: 0 });
  await destroy('copy', { lockWaitMillis: 500 });
  try {
    await open('missing');
  } catch (e) {
    if (e instanceof EdgeVecError) {
      const code: ErrorCode = e.code;
      return code === 'CORRUPT' ? `${e.file} ${e.offset}` : e.message;
    }
  }
  return version + hits[0]?.score + stats.logBytes + stats.indexedEntries + stats.tailEntries + report.notes.join();
}
