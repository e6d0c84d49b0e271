/** Vectors by meaning: the sentence encoder in a worker, where it can be had. */

import { simplerForms } from './ranking.js';
import { contentWords } from './text.js';

/** Who has heard nothing of the model for so long goes on without it. */
const PATIENCE_MILLIS = 60_000;

/**
 * A model that is loaded.
 *
 * @typedef {object} Model
 * @property {(notes: {topic: string, text: string}[]) => Promise<Float32Array[]>} embed
 * @property {(query: string) => Promise<{vector: Float32Array, known: Set<string>}>} ask the vector of a
 *   query, and those of its words that the model was taught
 * @property {Promise<Error>} ended resolves when it is of no use any more, to the reason
 */

/**
 * Loads the model.
 *
 * @param {{onProgress?: (done: number, total: number) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<Model>} rejected where it cannot be had: files missing or changed, no WebAssembly SIMD,
 *   no module workers, a policy against it, too little memory, or stopped
 */
export function loadMeaning({ onProgress = () => {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./meaning-worker.js', import.meta.url), { type: 'module' });
    const asked = new Map();
    let last = 0;
    let over;
    let tellEnd;
    const ended = new Promise((tell) => (tellEnd = tell));
    const end = (error) => {
      over ??= error;
      clearTimeout(patience);
      worker.terminate();
      reject(error);
      tellEnd(error);
      asked.forEach((request) => request.reject(error));
      asked.clear();
    };
    let patience;
    /** Begins to wait anew, as long as there is something to wait for. */
    const wait = (something) => {
      clearTimeout(patience);
      if (something) {
        patience = setTimeout(() => end(new Error(`nothing was heard of it for ${PATIENCE_MILLIS / 1000} seconds.`)), PATIENCE_MILLIS);
      }
    };
    wait(true);
    signal?.addEventListener('abort', () => end(new DOMException('it was stopped.', 'AbortError')));
    worker.onerror = (event) => end(new Error(event.message || 'its worker could not be started.'));
    worker.onmessageerror = () => end(new Error('its worker’s answer could not be read.'));
    worker.onmessage = ({ data }) => {
      if (data.alive) {
        wait(true);
      } else if (data.total !== undefined) {
        wait(true);
        onProgress(data.loaded, data.total);
      } else if (data.ready === false) {
        end(new Error(data.error));
      } else if (data.ready) {
        wait(false);
        resolve({ embed, ask, ended });
      } else {
        answer(data);
      }
    };
    function request(message) {
      if (over !== undefined) {
        return Promise.reject(over);
      }
      return new Promise((resolve, reject) => {
        const id = ++last;
        asked.set(id, { resolve, reject });
        worker.postMessage({ id, ...message });
        wait(true);
      });
    }
    function answer({ id, error, ...value }) {
      const { resolve, reject } = asked.get(id) ?? {};
      asked.delete(id);
      wait(asked.size > 0);
      if (error === undefined) {
        resolve?.(value);
      } else {
        reject?.(new Error(error));
      }
    }
    async function embed(notes) {
      return (await request({ notes: notes.map(({ topic, text }) => ({ topic, text })) })).vectors;
    }
    async function ask(query) {
      const words = contentWords(query).flatMap((word) => [word, ...simplerForms(word)]);
      const { vectors, known } = await request({ query, words });
      return { vector: vectors[0], known: new Set(known) };
    }
  });
}
