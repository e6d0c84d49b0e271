/**
 * Metadata as bytes, and back, laid out as docs/format.md says: the engine keeps and checks bytes, and makes
 * nothing of them.
 */
import { isLong, isPlain, isWellFormed, items, reading, refuse, shown } from './input.js';
import * as limits from './limits.js';

const TEXT = 1;
const LONG = 2;
const DOUBLE = 3;
const TRUTH = 4;
const TEXTS = 5;
const NULL = 6;
const TIME = 7;
const LIST = 8;
const OBJECT = 9;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Texts up to this length are made unit by unit, which is quicker. */
const SHORT = 32;

/** Milliseconds since 1970 of a Date, of whichever window; undefined for everything else. */
function timeOf(value) {
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return undefined;
  }
}

/** Writes one metadata. */
class Writer {
  #what;
  #key;
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  constructor(what) {
    this.#what = what;
  }

  #refuse(why) {
    refuse('INVALID_METADATA', `${this.#what()} cannot be stored: ${why}.`);
  }

  /** Where so many bytes may be written. */
  #room(count) {
    this.#checkSize(this.#size + count);
    this.#reserve(count);
    this.#size += count;
    return this.#size - count;
  }

  #checkSize(size) {
    if (size > limits.MAX_METADATA_BYTES) {
      this.#refuse('it takes more than 1 MiB; keep large texts elsewhere');
    }
  }

  #reserve(count) {
    const needed = this.#size + count;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
  }

  #type(type) {
    const at = this.#room(1);
    this.#bytes[at] = type;
  }

  #u32(value) {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
  }

  #i64(bigint) {
    const at = this.#room(8);
    this.#view.setBigInt64(at, bigint, true);
  }

  /** Writes a text's bytes, after their number in so many bytes, and returns that. */
  #text(text, lengthBytes) {
    this.#checkSize(this.#size + text.length);
    if (!isWellFormed(text)) {
      this.#refuse(`${shown(this.#key)} holds half of a surrogate pair, which is not text`);
    }
    const at = this.#room(lengthBytes);
    this.#reserve(3 * text.length);
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(this.#size));
    this.#room(written);
    if (lengthBytes === 1) {
      this.#bytes[at] = written;
    } else {
      this.#view.setUint32(at, written, true);
    }
    return written;
  }

  #keyOf(key) {
    const { MAX_KEY_BYTES } = limits;
    if (key.length < 1 || key.length > MAX_KEY_BYTES || this.#text(key, 1) > MAX_KEY_BYTES) {
      this.#refuse(
        `the key ${shown(key)} has ${key.length} characters; it must have 1 to ${MAX_KEY_BYTES} bytes of UTF-8`,
      );
    }
  }

  /** Writes a plain object's keys and values. */
  keys(object, depth) {
    const keys = Object.keys(object).sort();
    if (keys.length > limits.MAX_KEYS) {
      this.#refuse(`it has ${keys.length} keys; at most ${limits.MAX_KEYS} are possible`);
    }
    const at = this.#room(2);
    this.#view.setUint16(at, keys.length, true);
    for (const key of keys) {
      if (depth === 0) {
        this.#key = key;
      }
      this.#keyOf(key);
      this.#value(object[key], depth);
    }
  }

  #value(value, depth) {
    switch (typeof value) {
      case 'string':
        this.#type(TEXT);
        this.#text(value, 4);
        break;
      case 'boolean':
        this.#type(TRUTH);
        this.#type(Number(value));
        break;
      case 'number':
        this.#number(value);
        break;
      case 'bigint':
        if (!isLong(value)) {
          this.#refuseValue(value);
        }
        this.#type(LONG);
        this.#i64(value);
        break;
      default:
        this.#object(value, depth);
    }
  }

  #number(value) {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.#type(LONG);
      this.#i64(BigInt(value));
      return;
    }
    this.#type(DOUBLE);
    if (Number.isNaN(value)) {
      this.#i64(0x7ff8n << 48n); // One of many, so that equal metadata has equal bytes.
    } else {
      const at = this.#room(8);
      this.#view.setFloat64(at, value, true);
    }
  }

  #object(value, depth) {
    const time = timeOf(value);
    if (value === null) {
      this.#type(NULL);
    } else if (time !== undefined) {
      this.#time(time);
    } else if (Array.isArray(value)) {
      this.#list(value, this.#deeper(depth));
    } else if (isPlain(value)) {
      this.#type(OBJECT);
      this.keys(value, this.#deeper(depth));
    } else {
      this.#refuseValue(value);
    }
  }

  #refuseValue(value) {
    this.#refuse(
      `the value of ${shown(this.#key)} is or holds ${shown(value)}; use a string, a number, a bigint of 64 bits, ` +
        'a boolean, null, a Date, or an array or plain object of these',
    );
  }

  #deeper(depth) {
    if (depth === limits.MAX_DEPTH) {
      this.#refuse(
        `the value of ${shown(this.#key)} nests deeper than ${limits.MAX_DEPTH} levels, or holds itself`,
      );
    }
    return depth + 1;
  }

  #time(millis) {
    if (Number.isNaN(millis)) {
      this.#refuse(`the value of ${shown(this.#key)} is or holds an invalid Date`);
    }
    const seconds = Math.floor(millis / 1000);
    this.#type(TIME);
    this.#i64(BigInt(seconds));
    this.#u32((millis - 1000 * seconds) * 1e6);
  }

  #list(array, depth) {
    const name = `${this.#what()}, the value of ${shown(this.#key)},`;
    const read = (item, i) => {
      this.#checkSize(this.#size + i);
      if (item === undefined) {
        this.#refuseValue(item);
      }
      return item;
    };
    const values = items(array, name, read, 'INVALID_METADATA');
    const areTexts = values.every((value) => typeof value === 'string');
    this.#type(areTexts ? TEXTS : LIST);
    this.#u32(values.length);
    for (const value of values) {
      if (areTexts) {
        this.#text(value, 4);
      } else {
        this.#value(value, depth);
      }
    }
  }

  bytes() {
    return this.#bytes.slice(0, this.#size);
  }
}

/** Metadata as bytes, or null if there is none. Each value is read once. */
export function encode(value, what = () => 'The metadata') {
  return reading('INVALID_METADATA', what, () => {
    if (value === undefined || value === null) {
      return null;
    }
    if (!isPlain(value)) {
      refuse('INVALID_METADATA', `${what()} must be a plain object, not ${shown(value)}.`);
    }
    const writer = new Writer(what);
    writer.keys(value, 0);
    const bytes = writer.bytes();
    return bytes.length > 2 ? bytes : null;
  });
}

/** The metadata of bytes, which the engine checked; null is none. */
export function decode(bytes) {
  if (!bytes) {
    return {};
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = 0;

  function take(count) {
    at += count;
    return at - count;
  }

  function text(length) {
    const start = take(length);
    let short = '';
    for (let i = start; i < at; i++) {
      if (length > SHORT || bytes[i] > 127) {
        return decoder.decode(bytes.subarray(start, at));
      }
      short += String.fromCharCode(bytes[i]);
    }
    return short;
  }

  function keys() {
    const object = {};
    for (let left = view.getUint16(take(2), true); left > 0; left--) {
      const key = text(bytes[take(1)]);
      const read = value();
      if (key === '__proto__') {
        // Assigning does something else.
        Object.defineProperty(object, key, { value: read, enumerable: true, configurable: true, writable: true });
      } else {
        object[key] = read;
      }
    }
    return object;
  }

  const u32 = () => view.getUint32(take(4), true);
  const i64 = () => view.getBigInt64(take(8), true);
  const string = () => text(u32());
  const list = (read) => Array.from({ length: u32() }, read);

  function long() {
    const exact = i64();
    const number = Number(exact);
    return Number.isSafeInteger(number) ? number : exact;
  }

  function value() {
    switch (bytes[take(1)]) {
      case TEXT:
        return string();
      case LONG:
        return long();
      case DOUBLE:
        return view.getFloat64(take(8), true);
      case TRUTH:
        return bytes[take(1)] > 0;
      case TEXTS:
        return list(string);
      case NULL:
        return null;
      case TIME:
        return new Date(1000 * Number(i64()) + Math.floor(u32() / 1e6));
      case LIST:
        return list(value);
      default:
        return keys();
    }
  }

  return keys();
}
