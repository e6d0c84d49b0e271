// How long the page is held up, and how long a search takes, while the database works behind.
import { rows, vectorsOf } from './data.js';

const NAME = 'pauses';

/**
 * Writes all vectors, then lets the graph be built, then checkpoints. Beside each, a loop of tasks
 * searches and notes the gaps between its turns.
 */
export async function pauses(set) {
  const { destroy, open } = await import('edgevec-java');
  await destroy(NAME);
  const vectors = await vectorsOf(set.name, 'base');
  const ids = Array.from({ length: set.count }, (_, i) => String(i));
  const queries = rows(await vectorsOf(set.name, 'queries'), set.dimension);
  const db = await open(NAME, { dimension: set.dimension, metric: 'l2' });
  const half = Math.floor(set.count / 2);
  const part = (from, to) =>
    db.putMany(ids.slice(from, to), vectors.slice(from * set.dimension, to * set.dimension));
  await part(0, half);
  await db.awaitIndexed();
  await db.checkpoint();
  const search = turns(db, queries);
  return {
    quiet: await search(() => new Promise((resolve) => setTimeout(resolve, 1000))),
    writing: await search(() => part(half, set.count)),
    indexing: await search(() => db.awaitIndexed()),
    checkpoint: await search(() => db.checkpoint()),
  };
}

/** Runs work, and a loop of one search a task beside it until the work is done. */
function turns(db, queries) {
  return async (work) => {
    const gaps = [];
    const searches = [];
    let isDone = false;
    const { port1, port2 } = new MessageChannel();
    const looked = new Promise((resolve, reject) => {
      let last = performance.now();
      port1.onmessage = async () => {
        try {
          const begin = performance.now();
          gaps.push(begin - last);
          await db.search(queries[searches.length % queries.length], { k: 10 });
          last = performance.now();
          searches.push(last - begin);
          if (isDone) {
            port1.close();
            resolve();
          } else {
            port2.postMessage(0);
          }
        } catch (error) {
          reject(error);
        }
      };
    });
    port2.postMessage(0);
    const begin = performance.now();
    await work();
    const workMillis = performance.now() - begin;
    isDone = true;
    await looked;
    return { workMillis, gaps, searches };
  };
}
