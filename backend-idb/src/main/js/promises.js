/**
 * Waiting for promises.
 *
 * Its functions are bodies of `@JSBody` methods: see idb.js.
 */

/**
 * @param {Promise<unknown>} promise
 * @param {number} millis
 * @returns {Promise<unknown>}
 */
export function bounded(promise, millis) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, millis);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * @param {Promise<unknown>} promise
 * @param {(value: unknown) => void} resolved
 * @param {(name: string, text: string) => void} rejected
 */
export function settle(promise, resolved, rejected) {
  held.add(promise);
  promise
    .finally(() => held.delete(promise))
    .then(
      (value) => resolved(value === undefined ? null : value),
      (e) => rejected(String((e && e.name) || 'Error'), String((e && e.message) || e)),
    );
}
