/**
 * The files of the model, 38 MB: fetched from beside the page once, checked, and kept in the browser's cache
 * for this site. What is not as it was made is not used, and not kept.
 */

/** Each file with its size and the SHA-256 of its bytes; a Node test compares them with what the build has. */
export const MODEL_FILES = {
  'all-minilm-l6-v2-q.onnx': {
    bytes: 22_972_370,
    sha256: 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
  },
  'ort-wasm-simd-threaded.wasm': {
    bytes: 14_239_897,
    sha256: '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
  },
  'all-minilm-l6-v2-q-tokenizer.json': {
    bytes: 711_661,
    sha256: 'da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0',
  },
};

/** Two scripts of 75 KB come with them; the browser loads those as modules. */
const FOLDER = new URL('./model/', import.meta.url);

export const MODEL_CACHE = 'edgevec-demo-model';

/**
 * @param {(done: number, total: number) => void} onProgress in bytes
 * @returns {Promise<{ort: object, model: Uint8Array, tokenizer: object}>}
 */
export async function fetchModel(onProgress) {
  const names = Object.keys(MODEL_FILES);
  const total = names.reduce((sum, name) => sum + MODEL_FILES[name].bytes, 0);
  let done = 0;
  const count = (bytes) => onProgress((done += bytes), total);
  const [ort, ...files] = await Promise.all([
    import('./model/ort.wasm.min.mjs').catch((cause) => {
      throw new Error('ort.wasm.min.mjs could not be loaded.', { cause });
    }),
    ...names.map((name) => modelFile(name, count)),
  ]);
  const [model, wasm, tokenizer] = files;
  ort.env.wasm.numThreads = 1; // More need a cross-origin isolated page, and Firefox hangs.
  ort.env.wasm.wasmPaths = FOLDER.href;
  ort.env.wasm.wasmBinary = wasm;
  return { ort, model, tokenizer: JSON.parse(new TextDecoder().decode(tokenizer)) };
}

/** From the cache if it is whole there, else from the server. */
async function modelFile(name, count) {
  const cache = await globalThis.caches?.open(MODEL_CACHE).catch(() => undefined);
  const url = new URL(name, FOLDER).href;
  const kept = await cache?.match(url);
  if (kept !== undefined) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if (await isWhole(name, bytes)) {
      count(bytes.length);
      return bytes;
    }
    await cache.delete(url);
  }
  const bytes = await download(name, url, count);
  if (!(await isWhole(name, bytes))) {
    throw new Error(`${name} is not the file that this page was made for: it was cut off or replaced.`);
  }
  // Not waited for. A browser that has no room for it fetches it anew next time.
  cache?.put(url, new Response(bytes)).catch(() => {});
  return bytes;
}

async function download(name, url, count) {
  const response = await fetch(url).catch(() => {
    throw new Error(`${name} could not be reached.`);
  });
  if (!response.ok) {
    throw new Error(`${name} is not there: the server answered ${response.status}.`);
  }
  const { bytes: expected } = MODEL_FILES[name];
  const all = new Uint8Array(expected);
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    if (done || length + value.length > expected) {
      reader.cancel().catch(() => {});
      return all.subarray(0, done ? length : 0);
    }
    all.set(value, length);
    length += value.length;
    count(value.length);
  }
}

/** Pages that were not sent securely have no hashes, and go by the size. */
async function isWhole(name, bytes) {
  const { bytes: size, sha256 } = MODEL_FILES[name];
  if (bytes.length !== size || globalThis.crypto?.subtle === undefined) {
    return bytes.length === size;
  }
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return sha256 === [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
