/**
 * Reads what callers give: each value once, at the call, and copied, so that whatever becomes of it
 * afterwards changes nothing. What values mean is checked by the engine.
 *
 * Values may come from another window, whose classes are others; so nothing here asks for an instance.
 * And reading may run the caller's own code (getters, proxies), which may throw anything.
 */
import { EdgeVecError, isTyped, textOf } from './engine.js';
import * as limits from './limits.js';

const ofTypedArray = (name) =>
  Function.prototype.call.bind(
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), name).get,
  );

/** The class of a typed array, of whichever window; undefined for everything else. */
const typeOf = ofTypedArray(Symbol.toStringTag);

/** The length of a typed array; 0 if its buffer is detached. */
const lengthOf = ofTypedArray('length');

export const isFloats = (value) => ['Float32Array', 'Float64Array'].includes(typeOf(value));

export function refuse(code, message) {
  throw new EdgeVecError({ code, message });
}

/** A value in a message. None of its own code runs. */
export function shown(value) {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    case 'bigint':
      return isLong(value) ? `${value}n` : 'a bigint of more than 64 bits';
    case 'object':
      return value ? 'an object' : 'null';
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    default:
      return String(value);
  }
}

export const isLong = (bigint) => BigInt.asIntN(64, bigint) === bigint;

/** What `body` returns, which reads an argument; whatever that throws becomes an EdgeVecError. */
export function reading(code, what, body) {
  try {
    return body();
  } catch (error) {
    throw isTyped(error)
      ? error
      : new EdgeVecError({ code, message: `${what()} could not be read: ${textOf(error)}` }, error);
  }
}

/**
 * The options that there are, each read once. Insists on an object without keys that mean nothing
 * here: a misspelt option must not pass.
 */
export function options(value, known, what) {
  return reading('INVALID_ARGUMENT', () => `The options of ${what}`, () => {
    if (value === undefined || value === null) {
      return {};
    }
    if (!isPlain(value)) {
      refuse('INVALID_ARGUMENT', `The options of ${what} must be a plain object, not ${shown(value)}.`);
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) {
        refuse('INVALID_ARGUMENT', `${what} has no option ${shown(key)}; there are ${known.join(', ')}.`);
      }
    }
    return Object.fromEntries(known.map((key) => [key, value[key]]));
  });
}

/** An option of a primitive type, or its default. */
export function option(value, name, type, fallback) {
  if (value === undefined) {
    return fallback;
  }
  if (typeof value !== type) {
    refuse('INVALID_ARGUMENT', `The option "${name}" is ${shown(value)}; it must be a ${type}.`);
  }
  return value;
}

/** One of a few strings, or the default. */
export function choice(value, name, values, fallback) {
  const given = option(value, name, 'string', fallback);
  if (value !== undefined && !values.includes(given)) {
    refuse(
      'INVALID_ARGUMENT',
      `The option "${name}" is ${shown(given)}; choose ${values.map((v) => `'${v}'`).join(' or ')}.`,
    );
  }
  return given;
}

/** Tells whether an AbortSignal, if one was given, is aborted: the one thing that is read again. */
export function signal(value) {
  const isAborted = () => reading('INVALID_ARGUMENT', () => 'The option "signal"', () => value?.aborted);
  if (value !== undefined && typeof isAborted() !== 'boolean') {
    refuse('INVALID_ARGUMENT', `The option "signal" is ${shown(value)}; it must be an AbortSignal.`);
  }
  return isAborted;
}

export function databaseName(value) {
  if (typeof value !== 'string' || value.length < 1 || value.length > 200 || !isWellFormed(value)) {
    refuse('INVALID_ARGUMENT', `A database's name is a string of 1 to 200 characters, not ${shown(value)}.`);
  }
  return value;
}

/** Whether a string has no half of a surrogate pair. */
export function isWellFormed(value) {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value);
}

/** @param what names it in a message, as all `what` that follow; a function, since few are needed */
export function id(value, what = () => 'The id') {
  if (typeof value !== 'string') {
    refuse('INVALID_ID', `${what()} is ${shown(value)}; it must be a string of 1 to ${limits.MAX_ID_BYTES} bytes of UTF-8.`);
  }
  if (value.length < 1 || value.length > limits.MAX_ID_BYTES) {
    refuse(
      'INVALID_ID',
      `${what()}, ${shown(value)}, has ${value.length} characters; it must have 1 to ${limits.MAX_ID_BYTES} bytes of UTF-8.`,
    );
  }
  return value;
}

/** A whole number in a range that fits 32 bits. */
export function count(value, name, min, max) {
  if (!Number.isInteger(value) || value < min || value > max) {
    refuse(
      'INVALID_ARGUMENT',
      `${name} is ${shown(value)}; it must be a whole number from ${min} to ${max}.`,
    );
  }
  return value;
}

/**
 * The items of an array, of whichever window, each read once and given to `read` with its index and
 * their number.
 */
export function items(value, what, read, code = 'INVALID_ARGUMENT') {
  return reading(code, () => what, () => {
    if (!Array.isArray(value)) {
      refuse(code, `${what} must be an array, not ${shown(value)}.`);
    }
    const { length } = value;
    const copies = [];
    for (let i = 0; i < length; i++) {
      copies.push(read(value[i], i, length));
    }
    return copies;
  });
}

/**
 * Numbers as a Float32Array of the right length, a copy.
 *
 * @param why that length is right
 */
export function vector(value, length, what, why = `this database holds vectors of ${length}`) {
  const check = (given) => {
    if (given !== length) {
      refuse('INVALID_DIMENSION', `${what()} has ${shown(given)} components; ${why}.`);
    }
  };
  return reading('INVALID_VECTOR', what, () => {
    if (Array.isArray(value)) {
      check(value.length);
      return numbers(value, length, what);
    }
    if (!isFloats(value)) {
      refuse(
        'INVALID_VECTOR',
        `${what()} is ${shown(value)}; it must be a Float32Array or an array of numbers.`,
      );
    }
    // That of a detached one is 0, and copying it throws. A shared one may grow at any time.
    check(lengthOf(value) || length);
    const copy = new Float32Array(value);
    check(copy.length);
    return copy;
  });
}

function numbers(value, length, what) {
  const copy = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const component = value[i];
    if (typeof component !== 'number') {
      refuse('INVALID_VECTOR', `${what()} has ${shown(component)} at index ${i}; only numbers are possible.`);
    }
    copy[i] = component;
  }
  return copy;
}

/** Whether a value is an object as literals and JSON make them, in whichever window. */
export function isPlain(value) {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return (
    prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'valueOf'))
  );
}

/** The files of a database, as names and their bytes: `[[name, bytes], …]`. */
export function files(value) {
  return reading('INVALID_ARGUMENT', () => 'The files', () => {
    if (!isPlain(value)) {
      refuse('INVALID_ARGUMENT', 'Files are an object: names, and their bytes as Uint8Array.');
    }
    return Object.keys(value).map((name) => {
      const bytes = value[name];
      if (typeOf(bytes) !== 'Uint8Array') {
        refuse('INVALID_ARGUMENT', `The bytes of ${shown(name)} are no Uint8Array.`);
      }
      return [name, new Uint8Array(bytes)];
    });
  });
}
