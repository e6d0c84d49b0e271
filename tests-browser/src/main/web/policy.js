// Opens, writes and searches on a page whose policy forbids to evaluate strings, then reloads and
// looks again; on the page, or with `?worker` in a worker. What came is in the output element.
import { open } from './npm/edgevec-java/index.js';

const worker = new URLSearchParams(location.search).has('worker');

function isEvalForbidden() {
  try {
    return new Function('return false')();
  } catch (error) {
    return error instanceof EvalError;
  }
}

async function visit() {
  const db = await open('policy', { dimension: 3, metric: 'cosine', worker });
  const visits = (await db.size()) + 1;
  await db.put(`visit-${visits}`, [visits, 1, 0], { visits });
  const [hit] = await db.search([1, 1, 0], { k: 1 });
  await db.close();
  return `${visits} ${hit.id} ${hit.score.toFixed(4)} ${hit.metadata.visits}`;
}

let outcome;
try {
  outcome = `forbidden ${isEvalForbidden()}: ${await visit()}`;
} catch (error) {
  outcome = String(error.stack ?? error);
}
const output = document.querySelector('output');
output.textContent = outcome;
output.id = 'done';
