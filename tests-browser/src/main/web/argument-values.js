// What callers may give in place of an argument, by mistake or by chance, and what must work as well as
// the plain thing; see argument-matrix.js.

const frame = document.createElement('iframe');
document.body.append(frame);
const other = frame.contentWindow;

// A window whose properties may not be read.
const foreign = document.createElement('iframe');
foreign.sandbox = '';
foreign.src = 'about:blank';
document.body.append(foreign);
const foreignWindow = foreign.contentWindow;

const typedArray = Object.getPrototypeOf(Uint8Array);
const isTyped = (value) => value instanceof typedArray;
const isArray = (value) => Array.isArray(value);
const isNumbers = (value) => isArray(value) && value.length > 0 && value.every((it) => typeof it === 'number');
const isObject = (value) => typeof value === 'object' && value !== null;
const isPlain = (value) => isObject(value) && Object.getPrototypeOf(value) === Object.prototype;

const detach = (view) => {
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
};

/** In a buffer that is shared with other threads, which a page need not be isolated for. */
const shared = (view) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const copy = new view.constructor(memory.buffer, 8, view.length);
  copy.set(view);
  return copy;
};

/** Follows the length of its buffer. */
const tracking = (view) => {
  const copy = new view.constructor(new ArrayBuffer(view.byteLength, { maxByteLength: view.byteLength + 64 }));
  copy.set(view);
  return copy;
};

const shrunken = (view) => {
  const buffer = new ArrayBuffer(view.byteLength, { maxByteLength: view.byteLength });
  const copy = new view.constructor(buffer, 0, view.length);
  buffer.resize(0);
  return copy;
};

const inLarge = (view) => {
  const large = new view.constructor(view.length + (1 << 18));
  large.set(view, 100);
  return large.subarray(100, 100 + view.length);
};

const boom = () => {
  throw new Error('own code of the caller ran');
};

class OddFloats extends Float32Array {
  static get [Symbol.species]() {
    return boom();
  }
  [Symbol.iterator]() {
    return boom();
  }
  get length() {
    return 3e9;
  }
  get buffer() {
    return boom();
  }
  get [Symbol.toStringTag]() {
    return boom();
  }
  slice() {
    return boom();
  }
}

class OddArray extends Array {
  static get [Symbol.species]() {
    return boom();
  }
  [Symbol.iterator]() {
    return boom();
  }
  map() {
    return boom();
  }
  toString() {
    return boom();
  }
}

/** Gives what is there at the first look at each key, and something else at the next. */
const onlyOnce = (value) => {
  const seen = new Set();
  return new Proxy(value, {
    get(target, key) {
      if (typeof key === 'symbol') return Reflect.get(target, key);
      const isFirst = !seen.has(key);
      seen.add(key);
      return isFirst ? target[key] : Symbol('looked at again');
    },
  });
};

/** The same, made of the classes of another window. */
const ofOtherWindow = (value) => {
  if (isTyped(value)) {
    const Type = other[Object.prototype.toString.call(value).slice(8, -1)];
    return new Type(Array.from(value));
  }
  if (isArray(value)) return other.Array.from(value, ofOtherWindow);
  if (typeof value === 'function') return other.Function('body', 'return (...args) => body(...args);')(value);
  if (value instanceof AbortSignal) return new other.AbortController().signal;
  if (!isPlain(value)) return value;
  const made = new other.Object();
  for (const [key, it] of Object.entries(value)) made[key] = ofOtherWindow(it);
  return made;
};

const flat = (value) => (isNumbers(value) ? value : isArray(value) && value.every(isNumbers) ? value.flat() : null);
const floats = (make) => (value) => {
  const all = flat(value);
  return all?.length ? make(Float32Array.from(all)) : undefined;
};
const bytes = (make) => (value) => (value instanceof Uint8Array ? make(value) : undefined);
const plain = (make) => (value) => (isPlain(value) ? make(value) : undefined);
const arrays = (make) => (value) => (isArray(value) ? make(value) : undefined);
const objects = (make) => (value) => (isPlain(value) || isArray(value) ? make(value) : undefined);

/**
 * Other forms of a value that mean the same, by name: each gives one, or undefined where the value has
 * no such form.
 */
export const FORMS = {
  'of another realm': (value) => {
    const made = ofOtherWindow(value);
    return made === value ? undefined : made;
  },
  'floats of another realm': floats((it) => ofOtherWindow(it)),
  'a Float32Array': floats((it) => it),
  'a Float64Array': floats((it) => Float64Array.from(it)),
  'a part of a large array': floats(inLarge),
  'shared memory': floats(shared),
  'shared doubles': floats((it) => shared(Float64Array.from(it))),
  'a resizable buffer': floats(tracking),
  'an odd subclass': floats((it) => new OddFloats(it.buffer)),
  'a length of its own': floats((it) => Object.defineProperty(it, 'length', { get: boom })),
  'bytes of another realm': bytes((it) => ofOtherWindow(it)),
  'a part of large bytes': bytes(inLarge),
  'shared bytes': bytes(shared),
  'resizable bytes': bytes(tracking),
  'an odd array': arrays((it) => OddArray.from({ ...it, length: it.length })),
  frozen: objects((it) => Object.freeze(isArray(it) ? [...it] : { ...it })),
  'without a prototype': plain((it) => Object.assign(Object.create(null), it)),
  'a proxy': objects((it) => new Proxy(it, {})),
  'a proxied function': (value) => (typeof value === 'function' ? new Proxy(value, {}) : undefined),
  'other at a second look': objects(onlyOnce),
  'with symbols and hidden keys': plain((it) =>
    Object.defineProperty({ ...it, [Symbol('s')]: boom }, 'hidden', { get: boom, enumerable: false }),
  ),
};

/** Changes all that a caller can change, when the call was made. */
export const scribble = (value) => {
  try {
    overwrite(value);
  } catch {
    // Some forms resist.
  }
};

const overwrite = (value) => {
  if (Object.isFrozen(value) && isObject(value) && !isTyped(value)) {
    Object.values(value).forEach(scribble);
  } else if (isTyped(value)) {
    typedArray.prototype.fill.call(value, value.BYTES_PER_ELEMENT > 1 ? NaN : 255);
    try {
      detach(value);
    } catch {
      // It is shared, or hides its buffer.
    }
  } else if (isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      scribble(value[i]);
      value[i] = Symbol('changed');
    }
    value.length = 0;
  } else if (isObject(value) && !(value instanceof AbortSignal)) {
    for (const key of Object.keys(value)) {
      scribble(value[key]);
      value[key] = Symbol('changed');
    }
    value.added = Symbol('added');
  }
};

const proxyThatThrows = (target, thrown) =>
  new Proxy(
    target,
    Object.fromEntries(
      Object.getOwnPropertyNames(Reflect).map((trap) => [
        trap,
        () => {
          throw thrown();
        },
      ]),
    ),
  );

/** What code of the caller's may throw. */
export const THROWN = {
  'an Error': () => new Error('thrown by the caller'),
  'an error of another realm': () => new other.TypeError('thrown by the caller'),
  'a DOMException': () => new DOMException('thrown by the caller', 'DataCloneError'),
  undefined: () => undefined,
  null: () => null,
  'a string': () => 'thrown by the caller',
  'a symbol': () => Symbol('thrown by the caller'),
  'a bigint': () => 5n,
  'an object without a prototype': () => Object.create(null),
  'an object with a code': () => ({ code: 'INTERNAL', message: 'not of ours' }),
  'a message that throws': () => Object.defineProperty({}, 'message', { get: boom }),
  'a message without a text': () => ({ message: Object.create(null) }),
  'a proxy that throws': () => proxyThatThrows({}, THROWN.undefined),
  'a function': () => boom,
};

const METHODS = ['toString', 'valueOf', 'toJSON', 'then', 'constructor', 'next', 'at', 'map', 'length', 'aborted'];
const SYMBOLS = [Symbol.iterator, Symbol.asyncIterator, Symbol.toPrimitive, Symbol.toStringTag, Symbol.species];

/** Objects that throw, whatever is asked of them, by what carries it. */
const CARRIERS = {
  'a proxy': (thrown) => proxyThatThrows({}, thrown),
  'a proxied array': (thrown) => proxyThatThrows([], thrown),
  'an object': (thrown) => {
    const it = { a: 1 };
    for (const key of [...METHODS, ...SYMBOLS]) {
      Object.defineProperty(it, key, {
        enumerable: key === 'at',
        get: () => {
          throw thrown();
        },
      });
    }
    return it;
  },
};

/** The valid value, whose properties throw from the n-th on that is looked at. */
const throwsAt = (n, thrown) => (value) => {
  if (!isObject(value) || isTyped(value)) return undefined;
  let looks = 0;
  return new Proxy(value, {
    get(target, key) {
      if (looks++ >= n) throw thrown();
      return Reflect.get(target, key, value instanceof AbortSignal ? target : undefined);
    },
  });
};

const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

const cyclic = (value) => {
  value.self = value;
  if (isArray(value)) value[0] = value;
  return value;
};

const huge = {};
const once = (name, make) => () => (huge[name] ??= make());

const value = (column, name, make, ...fits) => ({ column, name, make, fits });

const ODD = {
  null: [value('null', 'null', () => null, 'options', 'metadata', 'metadatas', 'value')],
  undefined: [value('undefined', 'undefined', () => undefined, 'metadata')],
  huge: [
    ['a text of 256 MiB', once('text', () => 'x'.repeat(2 ** 28)), 'id'],
    ['a text of 256 MiB of halves', once('halves', () => '\ud800'.repeat(2 ** 28)), 'id'],
    ['a name of 300 characters', () => 'n'.repeat(300), 'id', 'value'],
    ['an array of 4294967295 holes', () => new Array(2 ** 32 - 1)],
    ['2,000,000 texts', once('texts', () => new Array(2e6).fill('text')), 'value'],
    ['floats', once('floats', () => new Float32Array(1 << 24))],
    ['bytes', once('bytes', () => new Uint8Array(1 << 26)), 'bytes'],
    ['a bigint of 100,000 bits', once('bigint', () => 2n ** 100_000n)],
    ['2n ** 63n', () => 2n ** 63n],
    ['1.8e308', () => Number.MAX_VALUE, 'value'],
    ['1e300', () => 1e300, 'value'],
    ['2 ** 53', () => 2 ** 53, 'value', 'component'],
    ['Infinity', () => Infinity, 'value'],
    ['200,000 keys', once('keys', () => Object.fromEntries(Array.from({ length: 2e5 }, (_, i) => [`k${i}`, i])))],
    ['a key of 16 MiB', () => ({ ['k'.repeat(1 << 24)]: 1 })],
  ],
  'another realm': [
    ['an Array', () => new other.Array(), 'value', 'changes'],
    ['an Object', () => new other.Object(), 'metadata', 'options', 'value'],
    ['a Map', () => new other.Map([['a', 1]])],
    ['a Date', () => new other.Date(), 'value'],
    ['an Error', () => new other.Error('theirs')],
    ['a Float32Array of 3', () => new other.Float32Array(3)],
    ['a DataView', () => new other.DataView(new other.ArrayBuffer(16))],
    ['a Promise', () => other.Promise.resolve('a')],
    ['a class', () => other.Object, 'listener'],
    ['a Symbol', () => other.Symbol('s')],
    ['a window', () => other],
    ['a window of another origin', () => foreignWindow, 'options', 'metadata', 'value'],
  ],
  detached: [
    ['floats', () => detach(new Float32Array(4))],
    ['doubles', () => detach(new Float64Array(4))],
    ['bytes', () => detach(new Uint8Array(4))],
    ['a DataView', () => detach(new DataView(new ArrayBuffer(16)))],
    ['an ArrayBuffer', () => detach(new Uint8Array(16)).buffer],
    ['floats of a buffer that shrank', () => shrunken(new Float32Array(4))],
    ['bytes of a buffer that shrank', () => shrunken(new Uint8Array(4))],
    ['floats of another realm', () => detach(new other.Float32Array(4))],
    ['a revoked proxy', () => revoked({})],
    ['a revoked array', () => revoked([])],
    ['a revoked function', () => revoked(() => {}), 'listener'],
  ],
  'another type': [
    ['true', () => true, 'boolean', 'value'],
    ['0', () => 0, 'component', 'value', 'number'],
    ['1.5', () => 1.5, 'component', 'value'],
    ['-1', () => -1, 'component', 'value'],
    ['NaN', () => NaN, 'value'],
    ['5n', () => 5n, 'value'],
    ["''", () => '', 'value', 'id'],
    ["'other'", () => 'other', 'value', 'id', 'name'],
    ['half of a surrogate pair', () => 'a\ud800', 'id'],
    ['a String', () => new String('a')],
    ['a Number', () => new Number(1)],
    ['a symbol', () => Symbol('s')],
    ['a well-known symbol', () => Symbol.iterator],
    ['a function', () => () => {}, 'listener'],
    ['a class', () => class {}, 'listener'],
    ['an object', () => ({}), 'metadata', 'options', 'value'],
    ['a wrong key', () => ({ wrongKey: 1 }), 'metadata', 'value'],
    ['an array', () => [], 'value', 'changes'],
    ['a sparse array', () => [, ,], 'metadatas'],
    ['nested too deep', () => JSON.parse('['.repeat(40) + ']'.repeat(40))],
    ['a Date', () => new Date(), 'value'],
    ['an invalid Date', () => new Date(NaN)],
    ['a Map', () => new Map([['a', 1]])],
    ['a Set', () => new Set(['a'])],
    ['a WeakMap', () => new WeakMap()],
    ['a Promise', () => Promise.resolve('a')],
    ['a rejected Promise', () => {
      const rejected = Promise.reject(new Error('nobody waits for it'));
      rejected.catch(() => {});
      return rejected;
    }],
    ['an instance', () => new (class Thing { #secret = 1; })()],
    ['an element', () => document.body],
    ['a cyclic object', () => cyclic({})],
    ['a cyclic array', () => cyclic([])],
    ['a generator that throws', () => (function* () { yield 'a'; throw new Error('half way'); })()],
    ['an endless iterable', () => ({ *[Symbol.iterator]() { for (;;) yield 'a'; } }), 'metadata', 'options', 'value'],
    ['Int32Array', () => new Int32Array(4)],
    ['BigInt64Array', () => new BigInt64Array(4)],
    ['a DataView', () => new DataView(new ArrayBuffer(16))],
    ['an ArrayBuffer', () => new ArrayBuffer(16)],
    ['a proxied Float32Array', () => new Proxy(new Float32Array(4), {})],
    ['a forged Float32Array', () => ({ [Symbol.toStringTag]: 'Float32Array', length: 4, 0: 1, 1: 1, 2: 1, 3: 1 }), 'metadata', 'value'],
    ['a prototype', () => Float32Array.prototype],
    ['an AbortController', () => new AbortController()],
    ['a signal alike', () => ({ aborted: false }), 'signal', 'metadata', 'value'],
    ['an aborted signal', () => AbortSignal.abort(Symbol('why')), 'signal'],
  ],
};

const thrownNames = Object.keys(THROWN);

ODD['error thrown'] = Object.entries(CARRIERS).flatMap(([carrier, make]) =>
  thrownNames.map((name) => [`${carrier} that throws ${name}`, () => make(THROWN[name])]),
);

/** Wrong values, with the kinds of argument that take one all the same. */
export const WRONG = Object.entries(ODD).flatMap(([column, list]) =>
  list.map((it) => (isArray(it) ? value(column, ...it) : it)),
);

/** Wrong forms of a right value: it breaks off in the middle. */
export const BREAKING = [0, 1, 2, 5].flatMap((n) =>
  thrownNames.map((name) => ({
    column: 'error thrown',
    name: `throws ${name} at look ${n}`,
    make: throwsAt(n, THROWN[name]),
  })),
);

/** Functions that throw when they are called, with what they throw. */
export const THROWING_LISTENERS = thrownNames.map((name) => {
  const thrown = THROWN[name]();
  return {
    name: `a function that throws ${name}`,
    thrown,
    listener: () => {
      throw thrown;
    },
  };
});
