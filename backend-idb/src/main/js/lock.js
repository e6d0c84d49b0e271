/**
 * A Web Lock that may be waited for, and tells when it is taken by force, or its page is put aside: a page
 * in a browser's back/forward cache does nothing, and would keep everybody else waiting for as long as it is
 * there. (WebKit puts pages aside that hold locks and have transactions under way, or whose workers do.)
 *
 * Its functions are bodies of `@JSBody` methods: see idb.js.
 */

/** @typedef {{ abort?: () => void, close?: (value?: unknown) => void, done?: Promise<unknown> }} Lock */

/**
 * @param {string} name
 * @param {number} waitMillis
 * @param {number} patienceMillis
 * @param {(how: string) => void} lost
 * @returns {Promise<Lock | null>}
 */
export function requestLock(name, waitMillis, patienceMillis, lost) {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    let hasLeft = false;
    /** @type {number} */
    let timer;
    const stopWaiting = () => leave(resolve, null);
    /** @type {Lock} */
    const handle = { abort: stopWaiting };

    /**
     * @template T
     * @param {(value: T) => void} how
     * @param {T} value
     */
    function leave(how, value) {
      hasLeft = true;
      clearTimeout(timer);
      held.delete(handle);
      controller.abort();
      how(value);
    }

    function granted() {
      if (hasLeft) {
        return undefined;
      }
      clearTimeout(timer);
      delete handle.abort;
      return new Promise((release) => {
        handle.close = release;
        addEventListener('pagehide', aside);
        resolve(handle);
      }).finally(() => removeEventListener('pagehide', aside));
    }

    /** @param {Event} event */
    function aside(event) {
      if (/** @type {PageTransitionEvent} */ (event).persisted) {
        lost('the browser put its page aside');
        handle.close?.();
      }
    }

    held.add(handle);
    timer = setTimeout(() => {
      leave(reject, { name: 'TimeoutError', message: 'the browser did not answer' });
    }, patienceMillis);
    handle.done = Promise.resolve()
      .then(() => navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? granted() : 'busy')))
      .then((result) => {
        if (result !== 'busy' || hasLeft) {
          return undefined;
        }
        clearTimeout(timer);
        timer = setTimeout(stopWaiting, waitMillis);
        return navigator.locks.request(name, { signal: controller.signal }, granted);
      })
      .catch((e) => {
        if (handle.close) {
          lost('its lock was taken by force');
        } else if (!hasLeft) {
          leave(reject, e);
        }
      });
  });
}

/**
 * @param {Lock} handle
 * @returns {Promise<unknown> | undefined}
 */
export function releaseLock(handle) {
  held.delete(handle);
  handle.close?.();
  return handle.done;
}
