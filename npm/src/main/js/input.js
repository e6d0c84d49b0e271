/** Checks of the types of arguments. What values mean is checked by the engine. */
import { EdgeVecError } from './errors.js';

/** See loading.js. */
export const build = '%build%';

export function refuse(code, message) {
  throw new EdgeVecError({ code, message });
}

function shown(value) {
  return typeof value === 'string'
    ? JSON.stringify(value)
    : typeof value === 'object' && value
      ? 'an object'
      : String(value);
}

/** Insists on an object without keys that mean nothing here: a misspelt option must not pass. */
export function options(value, known, what) {
  if (value === undefined || value === null) {
    return {};
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    refuse('INVALID_ARGUMENT', `The options of ${what} must be an object, not ${shown(value)}.`);
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      refuse('INVALID_ARGUMENT', `${what} has no option "${key}"; there are ${known.join(', ')}.`);
    }
  }
  return value;
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
  if (given !== fallback && !values.includes(given)) {
    refuse(
      'INVALID_ARGUMENT',
      `The option "${name}" is "${given}"; choose ${values.map((v) => `'${v}'`).join(' or ')}.`,
    );
  }
  return given;
}

/** An AbortSignal, of whichever window, or undefined. */
export function signal(value) {
  if (value !== undefined && typeof value?.aborted !== 'boolean') {
    refuse('INVALID_ARGUMENT', `The option "signal" is ${shown(value)}; it must be an AbortSignal.`);
  }
  return value;
}

export function databaseName(value) {
  if (typeof value !== 'string' || value.length < 1 || value.length > 200 || !isWellFormed(value)) {
    refuse('INVALID_ARGUMENT', `A database's name is a string of 1 to 200 characters, not ${shown(value)}.`);
  }
  return value;
}

/** Whether a string has no half of a surrogate pair. */
function isWellFormed(value) {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value);
}

export function id(value) {
  if (typeof value !== 'string') {
    refuse('INVALID_ID', `An id is a string of 1 to 512 bytes of UTF-8, not ${shown(value)}.`);
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

/** Numbers as a Float32Array of the right length, not copied if they are one. */
export function vector(value, dimension, what) {
  const isArray = Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array;
  if (!isArray) {
    refuse('INVALID_VECTOR', `${what} is ${shown(value)}; it must be a Float32Array or an array of numbers.`);
  }
  if (value.length !== dimension) {
    refuse(
      'INVALID_DIMENSION',
      `${what} has ${value.length} components; this database holds vectors of ${dimension}.`,
    );
  }
  if (Array.isArray(value)) {
    const odd = value.findIndex((component) => typeof component !== 'number');
    if (odd >= 0) {
      refuse(
        'INVALID_VECTOR',
        `${what} has ${shown(value[odd])} at index ${odd}; only numbers are possible.`,
      );
    }
  }
  return value instanceof Float32Array ? value : Float32Array.from(value);
}

/** Metadata's outer form; null if there is none. A copy, so that changing it later changes nothing. */
export function metadata(value, what = 'Metadata') {
  if (value === undefined || value === null) {
    return null;
  }
  const prototype = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) {
    const named = prototype?.constructor?.name;
    refuse(
      'INVALID_METADATA',
      `${what} must be a plain object, not ${named ? `of type ${named}` : shown(value)}.`,
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, Array.isArray(v) ? [...v] : v]));
}
