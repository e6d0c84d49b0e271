/**
 * Runs the sentence encoder, so that the page does not wait for it. Told `{id, notes}` it answers
 * `{id, vectors}`; told `{id, query, words}` it answers `{id, vectors, known}`, before notes that wait.
 * What fails is answered `{id, error}`. By itself it tells `{loaded, total}` in bytes, then once `{ready: true}`
 * or `{ready: false, error}`, and `{alive: true}` after each note that is not the last.
 */

import { fetchModel } from './model-files.js';
import { MiniLm } from './minilm.js';

const waiting = [];
let working = false;

const loaded = load();
loaded.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ ready: false, error: error?.message ?? String(error) }),
);

onmessage = ({ data }) => {
  if (data.query === undefined) {
    data.notes.forEach((note, i) => waiting.push({ ...note, ask: data, last: i === data.notes.length - 1 }));
  } else {
    waiting.unshift({ text: data.query, topic: '', ask: data, last: true });
  }
  work();
};

async function load() {
  const { ort, model, tokenizer } = await fetchModel((done, total) => postMessage({ loaded: done, total }));
  return MiniLm.create(ort, model, tokenizer);
}

async function work() {
  if (working) {
    return;
  }
  working = true;
  while (waiting.length > 0) {
    await embed(waiting.shift());
    await new Promise((resolve) => setTimeout(resolve)); // A query that came meanwhile goes first.
  }
  working = false;
}

async function embed({ text, topic, ask, last }) {
  try {
    const encoder = await loaded;
    ask.vectors = [...(ask.vectors ?? []), await encoder.embed(text, topic)];
    if (last) {
      const known = ask.words?.filter((word) => encoder.knows(word));
      postMessage({ id: ask.id, vectors: ask.vectors, known }, ask.vectors.map((vector) => vector.buffer));
    } else {
      postMessage({ alive: true });
    }
  } catch (error) {
    postMessage({ id: ask.id, error: error?.message ?? String(error) });
  }
}
