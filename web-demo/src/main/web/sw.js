/**
 * Lets the page open without its server. A browser that is online always gets what the server has; what the
 * last visit got is for when the server cannot be reached. The model's large files are not kept here: see
 * model-files.js.
 *
 * files.json, which the build writes, lists what the page consists of, each file with a hash. The copy is
 * made anew, whole, when that list has changed: pieces of two versions would not fit together.
 */

const CACHE = 'edgevec-demo-page';
const LIST = 'files.json';

/** A server that does not answer is not waited for. */
const PATIENCE_MILLIS = 4_000;

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(keep());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** The page asks for it at each visit, and is told when it is done. */
self.addEventListener('message', (event) => {
  event.waitUntil(
    keep().then(
      () => event.source?.postMessage({ kept: true }),
      () => event.source?.postMessage({ kept: false }), // Without a server there is nothing to make anew.
    ),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && new URL(request.url).origin === self.location.origin) {
    event.respondWith(newest(request));
  }
});

async function newest(request) {
  const large = new URL(request.url).pathname.match(/\/model\/.*\.(onnx|wasm|json)$/);
  const waiting = new AbortController();
  const patience = large ? undefined : setTimeout(() => waiting.abort(), PATIENCE_MILLIS);
  try {
    return await fetch(request, { signal: waiting.signal });
  } catch (error) {
    const kept = await caches.match(request, { cacheName: CACHE, ignoreSearch: true });
    if (kept === undefined) {
      throw error;
    }
    return kept;
  } finally {
    clearTimeout(patience);
  }
}

async function keep() {
  const list = await fetch(LIST, { cache: 'no-cache' });
  if (!list.ok) {
    throw new Error(`${LIST}: the server answered ${list.status}.`);
  }
  const text = await list.clone().text();
  const cache = await caches.open(CACHE);
  if ((await (await cache.match(LIST))?.text()) === text) {
    return;
  }
  const files = Object.keys(JSON.parse(text));
  const responses = await Promise.all(files.map((file) => fetch(file, { cache: 'no-cache' })));
  const missing = files.filter((_, i) => !responses[i].ok);
  if (missing.length > 0) {
    throw new Error(`${missing[0]}: the server answered ${responses[files.indexOf(missing[0])].status}.`);
  }
  for (const old of await cache.keys()) {
    await cache.delete(old);
  }
  await Promise.all(files.map((file, i) => cache.put(file, responses[i])));
  await cache.put(LIST, list);
}
