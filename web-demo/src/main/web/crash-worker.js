/**
 * The worker that the crash test kills. It hosts a database of its own, named as the worker is, and writes
 * without pause: single entries and batches, several at a time, and a checkpoint now and then. It tells the
 * page of each write twice: before it begins, and when it is acknowledged.
 */

import { open } from './node_modules/edgevec-java/index.js';
import { BATCH_WRITERS, batchIds, CRASH_DIMENSION, metadataOf, SINGLE_WRITERS, singleId, vectorOf } from './crash-data.js';

const WRITES_PER_CHECKPOINT = 150;

try {
  const db = await open(self.name, { dimension: CRASH_DIMENSION, metric: 'l2' });
  await Promise.all([
    ...Array.from({ length: SINGLE_WRITERS }, (_, i) => writeSingles(db, i)),
    ...Array.from({ length: BATCH_WRITERS }, (_, i) => writeBatches(db, i)),
  ]);
} catch (error) {
  postMessage({ failed: { code: error.code ?? 'ERROR', message: error.message } });
}

async function writeSingles(db, first) {
  for (let number = first; ; number += SINGLE_WRITERS) {
    const id = singleId(number);
    postMessage({ submitted: [id] });
    await db.put(id, vectorOf(id), metadataOf(id));
    postMessage({ acknowledged: [id], singles: { [first]: number } });
    if (number % WRITES_PER_CHECKPOINT === WRITES_PER_CHECKPOINT - 1) {
      await db.checkpoint();
      postMessage({ checkpoint: true });
    }
  }
}

async function writeBatches(db, first) {
  for (let number = first; ; number += BATCH_WRITERS) {
    const ids = batchIds(number);
    postMessage({ submitted: ids });
    await db.write(ids.map((id) => ({ put: id, vector: vectorOf(id), metadata: metadataOf(id) })));
    postMessage({ acknowledged: ids, batches: { [first]: number } });
  }
}
