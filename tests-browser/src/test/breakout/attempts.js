// Ways to send something to another server, and to run code that is in no file of this one. For a page,
// for workers that are modules and for those that are not.

const PATIENCE_MILLIS = 3000;

const settled = (target, ...events) =>
  new Promise((resolve) => events.forEach((event) => target.addEventListener(event, resolve, { once: true })));

/** The ways that pages and workers have, by name; each asks for `url`. */
const ways = {
  fetch: (url) => fetch(url),
  'no-cors': (url) => fetch(url, { mode: 'no-cors', method: 'POST', body: 'all the notes' }),
  import: (url) => import(url),
  'import-scripts': (url) => globalThis.importScripts?.(url),
  websocket: (url) => settled(new WebSocket(url.replace(/^http/, 'ws')), 'open', 'error'),
  'event-source': (url) => {
    const source = new EventSource(url);
    return settled(source, 'open', 'error').then(() => source.close());
  },
  xhr: (url) => {
    const request = new XMLHttpRequest();
    request.open('GET', url);
    request.send();
    return settled(request, 'loadend');
  },
  eval: (url) => (0, eval)(`fetch('${url}')`),
  function: (url) => new Function(`return fetch('${url}')`)(),
  timeout: (url) =>
    new Promise((resolve) => {
      setTimeout(`fetch('${url}')`);
      setTimeout(resolve, 100);
    }),
};

/** Tries every way at once, those of `more` too, and gives what came of each. */
globalThis.tryToLeave = async (place, elsewhere, more = {}) => {
  const outcomes = {};
  const attempts = Object.entries({ ...ways, ...more }).map(async ([name, way]) => {
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLIS));
    try {
      await Promise.race([way(`${elsewhere}/${place}/${name}`), late]);
      outcomes[name] = 'ended';
    } catch (error) {
      outcomes[name] = error.name;
    }
  });
  await Promise.all(attempts);
  // What a page is for must go all the same: its own files, and WebAssembly.
  outcomes.own = (await fetch('attempts.js')).status;
  await WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  return outcomes;
};
