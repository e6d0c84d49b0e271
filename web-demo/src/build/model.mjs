/** The sentence encoder in Node, from the files that the build has put into a folder; the page's own code. */

import { readFile } from 'node:fs/promises';
import { MiniLm } from '../main/web/minilm.js';

export const modelFolder = new URL('../../target/model/', import.meta.url);

/** @param {URL} [folder] */
export async function loadModel(folder = modelFolder) {
  const file = (name) => readFile(new URL(name, folder));
  const ort = await import(new URL('ort.wasm.min.mjs', folder));
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = folder.href;
  ort.env.wasm.wasmBinary = await file('ort-wasm-simd-threaded.wasm');
  const definition = JSON.parse(await file('all-minilm-l6-v2-q-tokenizer.json'));
  return MiniLm.create(ort, await file('all-minilm-l6-v2-q.onnx'), definition);
}
