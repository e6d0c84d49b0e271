/**
 * Entries in Cache storage: the marker of a database, and the reserve for a full quota.
 *
 * Its functions are bodies of `@JSBody` methods: see idb.js.
 */

/** @param {string} name */
function markerOf(name) {
  return 'https://edgevec.invalid/' + encodeURIComponent(name);
}

/** @param {string} name */
function reserveOf(name) {
  return 'https://edgevec.invalid/reserve/' + encodeURIComponent(name);
}

/** The cache, which is made if there is none. */
async function cache() {
  return caches.open('edgevec');
}

/**
 * @param {string} name
 * @returns {Promise<unknown>}
 */
export function findMarker(name) {
  return Promise.resolve().then(() => caches.match(markerOf(name), { cacheName: 'edgevec' }));
}

/**
 * @param {string} name
 * @returns {Promise<unknown>}
 */
export function putMarker(name) {
  const reserve = reserveOf(name);
  return cache().then((it) => {
    const reserved = it.match(reserve).then(async (found) => {
      if (!found) {
        await it.put(reserve, new Response(new Uint8Array(1 << 20)));
      }
    });
    reserved.catch(() => {});
    return it.put(markerOf(name), new Response('exists'));
  });
}

/**
 * @param {string} name
 * @returns {Promise<unknown>}
 */
export function deleteReserve(name) {
  return cache().then((it) => it.delete(reserveOf(name)));
}

/**
 * @param {string} name
 * @returns {Promise<unknown>}
 */
export function removeMarker(name) {
  return cache().then((it) => Promise.all([it.delete(markerOf(name)), it.delete(reserveOf(name))]));
}
