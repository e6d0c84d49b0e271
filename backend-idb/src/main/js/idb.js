/**
 * IndexedDB: connections, what is read of them, and changes.
 *
 * Each exported function is the body of a `@JSBody` method of Java's, whose script is its name
 * (`idb.openDatabase`, say) and whose parameters have its names. `StaticBodies` (in `teavm`) takes it from
 * here, so what it needs is in it, in a function of this file that is not exported, or in scope.d.ts.
 */

/** @typedef {{ name: string, message: string }} Failure as the browser's errors, with names of our own besides */

/** @typedef {(files: IDBObjectStore, chunks: IDBObjectStore) => void} Change */

/**
 * @typedef {object} Connection
 * @property {Run} run
 * @property {() => void} hurry
 * @property {(why: string) => void} end
 * @property {() => Promise<void>} close
 */

/**
 * Runs a transaction; `done` makes its last event handler of what gives the result, `fail` ends it.
 *
 * @typedef {<T>(
 *   stores: string | string[],
 *   mode: IDBTransactionMode,
 *   options: IDBTransactionOptions,
 *   issue: (
 *     transaction: IDBTransaction,
 *     done: (result: () => T) => () => void,
 *     fail: (error: unknown) => void,
 *   ) => void,
 * ) => Promise<T>} Run
 */

/**
 * What runs on a connection is settled by whichever comes first: its own end, that of the connection,
 * or the end of patience. Browsers have let transactions hang without any event, such as when a user
 * clears a site's data. Patience is counted in ticks, so that a computer that slept, or a page that was
 * frozen, has lost one of them and not all.
 *
 * An exception does not keep a transaction from committing what was asked of it before, so whatever is
 * thrown between its begin and its end aborts it.
 *
 * @param {string} name
 * @param {number} version
 * @param {boolean} mayCreate
 * @param {number} blockedMillis
 * @param {(how: string) => void} lost
 * @returns {Promise<Connection>}
 */
export function openDatabase(name, version, mayCreate, blockedMillis, lost) {
  return new Promise((resolve, reject) => {
    /** @type {IDBDatabase} */
    let database;
    /** @type {Failure | undefined} */
    let ended;
    let timer = 0;
    let patience = 20;
    /** @type {Map<(error: unknown) => void, number>} */
    const calls = new Map();

    function disconnect() {
      try {
        database.close();
      } catch {
        // It is closed already.
      }
    }

    /** @param {string} why */
    function end(why) {
      if (!ended) {
        ended = { name: 'Closed', message: why };
        lost(why);
      }
    }

    /** @param {string} why */
    function endNow(why) {
      end(why);
      calls.forEach((_, fail) => fail(ended));
      disconnect();
    }

    function hurry() {
      patience = 4;
      calls.forEach((left, fail) => calls.set(fail, Math.min(left, patience)));
    }

    function tick() {
      calls.forEach((left, fail) => {
        if (left > 1) {
          calls.set(fail, left - 1);
        } else {
          endNow('the browser did not answer');
        }
      });
    }

    /** @type {Run} */
    function run(stores, mode, options, issue) {
      return new Promise((resolve, reject) => {
        /** @type {IDBTransaction} */
        let transaction;

        /**
         * @template T
         * @param {(value: T) => void} how
         * @param {T} value
         */
        function settle(how, value) {
          calls.delete(fail);
          if (calls.size === 0) {
            clearInterval(timer);
            timer = 0;
          }
          how(value);
        }

        /** @param {unknown} error */
        function fail(error) {
          if (!calls.has(fail)) {
            return;
          }
          try {
            transaction.abort();
          } catch {
            // It has ended, or never began.
          }
          settle(reject, error);
        }

        if (ended) {
          reject(ended);
          return;
        }
        calls.set(fail, patience);
        timer = timer || setInterval(tick, 3000);
        try {
          transaction = database.transaction(stores, mode, options);
          transaction.onabort = () => {
            fail(transaction.error || { name: 'Closed', message: 'it is closing' });
          };
          issue(
            transaction,
            (result) => () => {
              let value;
              try {
                value = result();
              } catch (e) {
                fail(e);
                return;
              }
              settle(resolve, value);
            },
            fail,
          );
        } catch (e) {
          fail(e);
        }
      });
    }

    function close() {
      held.delete(connection);
      endNow('it was closed');
      // The answer shows that the browser has heard of the closing: it goes the same way. A worker that
      // ends before leaves its connection behind in WebKit.
      return Promise.race([
        Promise.resolve().then(() => indexedDB.databases()),
        new Promise((done) => setTimeout(done, 1000)),
      ]).then(
        () => {},
        () => {},
      );
    }

    const connection = { run, hurry, end: endNow, close };
    const request = indexedDB.open(name, version);
    let waiting = true;
    /** @type {unknown} */
    let refusal;
    const patienceToOpen = setTimeout(() => {
      waiting = false;
      reject({ name: 'Blocked', message: 'another connection keeps it busy' });
    }, blockedMillis);
    request.onupgradeneeded = (event) => {
      if (event.oldVersion !== 0) {
        return;
      }
      try {
        if (!mayCreate || !waiting) {
          throw { name: 'Missing', message: 'not there' };
        }
        request.result.createObjectStore('files');
        request.result.createObjectStore('chunks');
      } catch (e) {
        refusal = e;
        request.transaction?.abort();
      }
    };
    request.onerror = (event) => {
      event.preventDefault();
      clearTimeout(patienceToOpen);
      reject(refusal || request.error);
    };
    request.onsuccess = () => {
      database = request.result;
      clearTimeout(patienceToOpen);
      if (!waiting) {
        disconnect();
        return;
      }
      const stores = database.objectStoreNames;
      if (!stores.contains('files') || !stores.contains('chunks')) {
        disconnect();
        reject({ name: 'Foreign', message: 'it has other object stores' });
        return;
      }
      database.onversionchange = () => {
        end('something else deletes or changes it');
        hurry();
        disconnect();
      };
      database.onclose = () => endNow('the browser closed it');
      held.add(connection);
      resolve(connection);
    };
  });
}

/**
 * @param {string} name
 * @param {number} blockedMillis
 * @returns {Promise<void>}
 */
export function awaitUnused(name, blockedMillis) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, Number.MAX_SAFE_INTEGER);
    const timer = setTimeout(() => {
      reject({ name: 'Blocked', message: 'another connection keeps it open' });
    }, blockedMillis);
    function unused() {
      clearTimeout(timer);
      resolve();
    }
    // Also when nobody waits for it any more.
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onsuccess = () => {
      request.result.close();
      unused();
    };
    request.onerror = (event) => {
      event.preventDefault();
      if (request.error?.name === 'AbortError') {
        unused();
        return;
      }
      clearTimeout(timer);
      reject(request.error);
    };
  });
}

/**
 * @param {string} name
 * @param {number} patienceMillis
 * @returns {Promise<void>}
 */
export function deleteDatabase(name, patienceMillis) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    const timer = setTimeout(() => {
      reject({ name: 'TimeoutError', message: 'the browser did not answer, and may yet delete it' });
    }, patienceMillis);
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve();
    };
    request.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      reject(request.error);
    };
  });
}

/**
 * @param {string} name
 * @param {number} blockedMillis
 * @returns {Promise<number>}
 */
export function readVersion(name, blockedMillis) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    const timer = setTimeout(() => {
      reject({ name: 'Blocked', message: 'another connection keeps it busy' });
    }, blockedMillis);
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve(request.result.version);
      request.result.close();
    };
    request.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      reject(request.error);
    };
  });
}

/**
 * @param {Connection} connection
 * @returns {Promise<{ names: IDBValidKey[], ids: Float64Array, keys: Float64Array }>}
 */
export function readDirectory(connection) {
  return connection.run(['files', 'chunks'], 'readonly', {}, (transaction, done) => {
    const files = transaction.objectStore('files');
    const names = files.getAllKeys();
    const values = files.getAll();
    const keys = transaction.objectStore('chunks').getAllKeys();
    const foreign = { name: 'Foreign', message: 'its object stores hold other things' };
    transaction.oncomplete = done(() => {
      const ids = new Float64Array(values.result.length);
      for (let i = 0; i < ids.length; i++) {
        const file = values.result[i];
        ids[i] = file && typeof file.id === 'number' ? file.id : NaN;
        if (typeof names.result[i] !== 'string' || isNaN(ids[i])) {
          throw foreign;
        }
      }
      const flat = new Float64Array(keys.result.length * 3);
      keys.result.forEach((key, k) => {
        if (!Array.isArray(key) || key.length !== 3) {
          throw foreign;
        }
        flat.set(/** @type {number[]} */ (key), 3 * k);
      });
      return { names: names.result, ids, keys: flat };
    });
  });
}

/**
 * @param {Connection} connection
 * @param {Change[]} changes
 * @param {IDBTransactionDurability} durability
 * @returns {Promise<void>}
 */
export function writeChanges(connection, changes, durability) {
  return connection.run(['files', 'chunks'], 'readwrite', { durability }, (transaction, done) => {
    transaction.oncomplete = done(() => {});
    const files = transaction.objectStore('files');
    const chunks = transaction.objectStore('chunks');
    changes.forEach((change) => change(files, chunks));
  });
}

/**
 * @param {Connection} connection
 * @param {number} id
 * @param {number} start
 * @param {number} end
 * @returns {Promise<Uint8Array>}
 */
export function readChunks(connection, id, start, end) {
  /** @type {Promise<Uint8Array>} */
  const promise = connection.run('chunks', 'readonly', {}, (transaction, done, fail) => {
    const range = IDBKeyRange.bound([id, start], [id, end], false, true);
    const request = transaction.objectStore('chunks').getAll(range);
    request.onerror = () => {
      const { error } = request;
      const name = error?.name;
      fail(name === 'AbortError' ? error : { name: 'Unreadable', message: `${name}: ${error?.message}` });
    };
    request.onsuccess = done(() => {
      const parts = request.result;
      const whole = parts.length === 1 ? parts[0] : new Uint8Array(end - start);
      let at = 0;
      for (const part of parts) {
        if (!(part instanceof Uint8Array && part.length <= end - start - at)) {
          at = -1;
          break;
        }
        if (part !== whole) {
          whole.set(part, at);
        }
        at += part.length;
      }
      if (at !== end - start) {
        throw { name: 'Malformed', message: 'a record has another length than its key' };
      }
      return whole;
    });
  });
  // Nobody may ever wait for it.
  promise.catch(() => {});
  return promise;
}

/**
 * @param {Change[]} list
 * @param {string} name
 * @param {number} id
 */
export function putFile(list, name, id) {
  list.push((files) => files.put({ id }, name));
}

/**
 * @param {Change[]} list
 * @param {string} name
 */
export function deleteFile(list, name) {
  list.push((files) => files.delete(name));
}

/**
 * @param {Change[]} list
 * @param {number} id
 * @param {number} start
 * @param {number} end
 * @param {Uint8Array} bytes
 */
export function putChunk(list, id, start, end, bytes) {
  list.push((_, chunks) => chunks.put(bytes, [id, start, end]));
}

/**
 * An array is above every number, and a longer array above a shorter one that begins it.
 *
 * @param {Change[]} list
 * @param {number} id
 * @param {number} start
 */
export function deleteChunksFrom(list, id, start) {
  list.push((_, chunks) => chunks.delete(IDBKeyRange.bound([id, start], [id, []])));
}

/**
 * @param {Change[]} list
 * @param {number} id
 * @param {number} start
 * @param {number} end
 */
export function deleteOthersFrom(list, id, start, end) {
  list.push((_, chunks) => {
    const kept = [id, start, end];
    chunks.delete(IDBKeyRange.bound([id, start], kept, false, true));
    chunks.delete(IDBKeyRange.bound(kept, [id, []], true));
  });
}
