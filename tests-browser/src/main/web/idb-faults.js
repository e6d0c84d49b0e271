// Lets one call of IndexedDB fail, in a page or a worker: the n-th after `arm`, in the way it says.
// For tests of what a database makes of it.

/** What is called, by the interface that has it. */
const METHODS = {
  IDBFactory: ['open', 'deleteDatabase', 'databases'],
  IDBDatabase: ['transaction', 'close', 'createObjectStore', 'deleteObjectStore'],
  IDBTransaction: ['objectStore', 'commit', 'abort'],
  IDBObjectStore: ['put', 'add', 'get', 'getKey', 'getAll', 'getAllKeys', 'delete', 'clear', 'count', 'openCursor'],
};

/** All ways to fail. What makes no sense for a call is not done, and `arm`'s count says so. */
export const KINDS = [
  'throws DataCloneError',
  'throws QuotaExceededError',
  'throws InvalidStateError',
  'error UnknownError', // The request fails, and with it its transaction.
  'error QuotaExceededError',
  'error NotReadableError',
  'abort', // The transaction ends, and nothing says why.
  'silent', // It is done, and nobody hears of it.
  'stuck', // It never ends.
  'closed', // The connection ends, as when site data is cleared: transactions hear nothing.
  'closed and told', // The same, and transactions are told.
  'versionchange',
];

const real = {};
const state = { at: 0, count: 0, kind: '', fired: '', log: [], isArmed: false, stuck: new Set() };

/** The transactions of each connection that have not ended. */
const living = new WeakMap();

const stop = (event) => event.stopImmediatePropagation();

/** Keeps a target's events from everybody. */
const silence = (target, ...types) => types.forEach((type) => target.addEventListener(type, stop));

const later = (body) => queueMicrotask(body);

const endSilently = (transaction) => {
  try {
    real.abort.call(transaction);
  } catch {
    // It has ended.
  }
};

const give = (target, error) => Object.defineProperty(target, 'error', { get: () => error, configurable: true });

/** Ends a request by an error in place of what it has found, and its transaction with it. */
const failRequest = (request, error) => {
  request.addEventListener('success', (event) => {
    stop(event);
    give(request, error);
    if (request.transaction) give(request.transaction, error);
    else if (request.result?.close) real.close.call(request.result);
    request.dispatchEvent(new Event('error', { bubbles: true, cancelable: true }));
    if (request.transaction) endSilently(request.transaction);
  });
  return request;
};

/** Keeps a transaction busy until it is aborted or the fault is lifted. */
const keepBusy = (transaction) => {
  silence(transaction, 'complete', 'abort', 'error');
  const [store] = transaction.objectStoreNames;
  state.stuck.add(transaction);
  const again = () => {
    if (!state.stuck.has(transaction)) return;
    try {
      const request = real.getKey.call(real.objectStore.call(transaction, store), 'nothing');
      request.onsuccess = again;
      request.onerror = (event) => event.preventDefault();
    } catch {
      state.stuck.delete(transaction);
    }
  };
  again();
};

const loseConnection = (database, isTold) =>
  later(() => {
    for (const transaction of living.get(database) ?? []) {
      if (!isTold) silence(transaction, 'complete', 'abort', 'error');
      endSilently(transaction);
    }
    real.close.call(database);
    setTimeout(() => database.dispatchEvent(new Event('close')));
  });

/** The connection that a call belongs to, if there is one. */
const connectionOf = (target) => target.transaction?.db ?? target.db ?? (target instanceof IDBDatabase ? target : null);

const transactionOf = (target, result) =>
  result instanceof IDBTransaction ? result : target instanceof IDBTransaction ? target : target.transaction;

/** Makes a call in the way in which it fails; false if it cannot fail so. */
const FAILURES = {
  throws: (name) => () => {
    throw new DOMException('this was injected', name);
  },
  error: (name) => (target, method, call) => {
    const error = new DOMException('this was injected', name);
    if (method === 'databases') return Promise.reject(error);
    const result = call();
    if (result instanceof IDBRequest) return failRequest(result, error);
    if (result instanceof IDBTransaction) {
      give(result, error);
      later(() => endSilently(result));
    }
    return result;
  },
  abort: () => (target, method, call) => {
    const result = call();
    const transaction = transactionOf(target, result);
    if (transaction) later(() => endSilently(transaction));
    return result;
  },
  silent: () => (target, method, call) => {
    const result = call();
    if (method === 'databases') return new Promise(() => {});
    if (method === 'open' || method === 'deleteDatabase') {
      result.addEventListener('success', () => result.result?.close?.());
      silence(result, 'success', 'error', 'blocked');
      return result;
    }
    const transaction = transactionOf(target, result);
    if (result instanceof IDBRequest) silence(result, 'success', 'error');
    if (transaction) silence(transaction, 'complete', 'abort', 'error');
    return result;
  },
  stuck: () => (target, method, call) => {
    if (method === 'databases') return new Promise(() => {});
    if (method === 'open' || method === 'deleteDatabase') return new EventTarget();
    const result = call();
    if (result instanceof IDBRequest) silence(result, 'success', 'error');
    const transaction = transactionOf(target, result);
    if (transaction) keepBusy(transaction);
    return result;
  },
  closed: () => (target, method, call) => closing(target, call, false),
  'closed and told': () => (target, method, call) => closing(target, call, true),
  versionchange: () => (target, method, call) => {
    const database = connectionOf(target);
    if (database) later(() => database.dispatchEvent(new Event('versionchange')));
    return call();
  },
};

const closing = (target, call, isTold) => {
  const result = call();
  const database = connectionOf(target);
  if (database) loseConnection(database, isTold);
  return result;
};

/** Whether a call can fail in a way that differs from throwing. */
const applies = (kind, method, target) => {
  if (method === 'abort' && target.mode === 'versionchange') return false; // It would stay half done.
  if (kind.startsWith('throws')) return true;
  if (['close', 'createObjectStore', 'deleteObjectStore', 'bound', 'abort'].includes(method)) return false;
  if (['open', 'deleteDatabase', 'databases'].includes(method)) return /^(error|silent|stuck)/.test(kind);
  return !(kind.startsWith('error') && method === 'objectStore');
};

const failureOf = (kind) => {
  const [way, name] = FAILURES[kind] ? [kind] : kind.split(' ');
  return FAILURES[way](name);
};

const intercept = (owner, method) => {
  const original = owner[method];
  real[method] ??= original;
  owner[method] = function (...args) {
    const call = () => {
      const result = original.apply(this, args);
      if (method === 'transaction') track(this, result);
      return result;
    };
    if (!state.isArmed) return call();
    state.count++;
    state.log.push(method);
    const fails = state.count === state.at && applies(state.kind, method, this);
    state.port?.postMessage({ method, fails });
    if (!fails) return call();
    state.fired = method;
    return failureOf(state.kind)(this, method, call);
  };
};

const track = (database, transaction) => {
  const all = living.get(database) ?? new Set();
  living.set(database, all.add(transaction));
  const end = () => all.delete(transaction);
  transaction.addEventListener('complete', end);
  transaction.addEventListener('abort', end);
};

const { setTimeout: setRealTimeout } = globalThis;

/** Waits for as long as it says. */
export const wait = (millis) => new Promise((resolve) => setRealTimeout(resolve, millis));

/** While a fault is armed, patience is shorter: three seconds are fifty milliseconds. */
const shorten = (timer) => {
  const original = globalThis[timer];
  globalThis[timer] = (body, millis = 0, ...args) =>
    original(body, !state.isArmed || millis < 1000 ? millis : timer === 'setInterval' ? millis / 60 : millis / 10, ...args);
};

export const install = () => {
  for (const [owner, methods] of Object.entries(METHODS)) {
    for (const method of methods) {
      if (globalThis[owner].prototype[method]) intercept(globalThis[owner].prototype, method);
    }
  }
  intercept(IDBKeyRange, 'bound');
  shorten('setTimeout');
  shorten('setInterval');
};

/** Lets the call numbered `at` fail; 0 only counts them. */
export const arm = ({ at, kind }) => Object.assign(state, { at, kind, count: 0, fired: '', log: [], isArmed: true });

/** Ends it, and says which call failed, if one did, and what was called. */
export const disarm = () => {
  state.isArmed = false;
  state.stuck.clear();
  return { fired: state.fired, log: state.log };
};

/** In a worker: arms when the page says so, and tells it through the port of each call. */
export const listen = () =>
  addEventListener('message', (event) => {
    const { fault, port } = event.data;
    if (fault) {
      event.stopImmediatePropagation();
      state.port = port;
      arm(fault);
      port.postMessage({});
    }
  });
