/**
 * Runs a module that TeaVM 0.15 compiled: gives it what it imports.
 *
 * It is written for EdgeVec in place of TeaVM's own runtime, which makes functions of strings and so
 * needs `unsafe-eval` in a page's Content-Security-Policy. What belongs to a `@JSBody` method is in
 * `bodies.js` (see StaticBodies, which makes it). Only what EdgeVec's module imports is here; the
 * build checks that nothing is missing.
 *
 * Java strings, numbers and objects cross as such: `extern` in WebAssembly is any JavaScript value,
 * and Java's objects are opaque ones here.
 */

/**
 * The linear memory, in pages of 64 KiB: Java's constants lie in the first, its buffers in the next
 * sixteen, and vectors in what is added behind.
 */
const PAGE_BYTES = 1 << 16;
const HEAP_PAGES = 16;
const MAX_PAGES = 1 << 16;

/** The Java object behind a JavaScript object, and the Java exception behind an error. */
const JAVA = Symbol('java');

/** For an object that is called as a function: the functions made of it, by method name. */
const FUNCTIONS = Symbol('functions');

/** For such a function: the object. */
const ORIGIN = Symbol('origin');

/** Asks for strings of the engine's own where it has them; an older engine ignores it. */
export const COMPILE_OPTIONS = { builtins: ['js-string'] };

/** Imports `length` with a wrong type, which only an engine refuses that knows what it should be. */
const STRINGS_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 25, 1, 14, 119, 97, 115, 109, 58, 106, 115, 45, 115, 116,
  114, 105, 110, 103, 6, 108, 101, 110, 103, 116, 104, 0, 0,
]);

/** A Java exception on its way through JavaScript. */
class JavaError extends Error {
  constructor(exception, message) {
    super(message);
    this[JAVA] = exception;
  }
}

/** What stands for a Java object in JavaScript; TeaVM derives classes that have its methods. */
class JavaObject {
  [FUNCTIONS] = {};

  constructor(object) {
    this[JAVA] = object;
  }
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

/**
 * Calls a function of Java's; what it throws becomes a JavaScript error.
 *
 * A task of the module that ends by a trap, or at the end of the stack, runs none of Java's `finally`
 * blocks: monitors stay held, and the fiber stays current. So it was the last task: whoever called
 * Java then does so in vain. Java that is called by Java through JavaScript gets an exception instead.
 *
 * @param isTask false for an export, which fails alone: it holds nothing, and leaves all work that
 *   changes something to tasks
 */
function enter(java, body, isTask = true) {
  const { isEntered } = java;
  if (java.hasEnded) {
    return;
  }
  java.isEntered = true;
  try {
    return body();
  } catch (thrown) {
    const error = java.toJs(thrown);
    if (isTask && !isEntered && error === thrown) {
      java.hasEnded = true;
      java.onEnd?.(error, release(java.held));
    }
    throw error;
  } finally {
    java.isEntered = isEntered;
  }
}

/** Closes what a module held that has ended, when nothing goes on any more that it began. */
async function release(held) {
  held.forEach((it) => it.abort?.()); // What it only waits for.
  await Promise.allSettled(held);
  held.forEach((it) => it.close?.());
}

/** The two ways of an exception through the border. */
function exceptions(java) {
  /** A function of the module threw: a Java exception, or an error that passed through Java. */
  java.toJs = (thrown) => {
    const { exports } = java;
    const tag = exports['teavm.javaException'];
    if (!(thrown instanceof WebAssembly.Exception && thrown.is(tag))) {
      return thrown;
    }
    const exception = thrown.getArg(tag, 0);
    const message = () => exports['teavm.stringToJs'](exports['teavm.exceptionMessage'](exception));
    return exports['teavm.js.extractException'](exception) ?? new JavaError(exception, message());
  };
  /** JavaScript threw: throws the same into Java. */
  java.thrown = (error) => {
    const { exports } = java;
    if (exports) {
      exports['teavm.js.throwException'](error?.[JAVA] ?? exports['teavm.js.wrapException'](error));
    }
    throw error; // While the module is being instantiated.
  };
}

/** Strings for an engine that has no builtins; the others do not look here. */
const STRINGS = {
  fromCharCode: (code) => String.fromCharCode(code),
  // Not called where stringBuiltinsSupported is false.
  fromCharCodeArray: undefinedBuiltin,
  intoCharCodeArray: undefinedBuiltin,
  concat: (a, b) => a + b,
  charCodeAt: (string, index) => string.charCodeAt(index),
  length: (string) => string.length,
  substring: (string, start, end) => string.substring(start, end),
};

function undefinedBuiltin() {
  throw new Error('This engine has no string builtins.');
}

/** Objects, functions and classes that cross the border. */
function objects(java) {
  const identity = (value) => value;
  const guarded =
    (body) =>
    (...args) => {
      try {
        return body(...args);
      } catch (error) {
        return java.thrown(error);
      }
    };
  const define = (body, isVararg, isTask) => {
    if (isVararg) {
      throw new Error('A function with a variable number of arguments is not supported.');
    }
    return (...args) => enter(java, () => body(...args), isTask);
  };
  const owner = (object) => object ?? globalThis;
  const wrappers = new WeakMap(); // Java object to JavaScript object
  const wrapped = new WeakMap(); // JavaScript object to Java object
  const hashes = new WeakMap();
  let lastHash = 0;
  const functions = {
    stringBuiltinsSupported: () => !WebAssembly.validate(STRINGS_PROBE, COMPILE_OPTIONS),
    isUndefined: (value) => value === undefined,
    wrapBoolean: (value) => !!value,
    unwrapBoolean: (value) => (value ? 1 : 0),
    getProperty: guarded((object, name) => owner(object)[name]),
    setProperty: guarded((object, name, value) => {
      owner(object)[name] = value;
    }),
    global: guarded((name) => globalThis[name]),
    instanceOf: (value, type) => value instanceof type,
    sameRef: (a, b) => a === b,
    hashCode(value) {
      if (!isObject(value)) {
        return typeof value === 'number' ? value | 0 : 0;
      }
      if (!hashes.has(value)) {
        hashes.set(value, ++lastHash);
      }
      return hashes.get(value);
    },

    defineFunction: (body, isVararg) => define(body, isVararg, false),
    createClass: (name, parent) => class extends (parent ?? JavaObject) {},
    defineMethod(type, name, body, isVararg) {
      const call = define(body, isVararg);
      type.prototype[name] = function (...args) {
        return call(this, ...args);
      };
    },
    defineStaticMethod(type, name, body, isVararg) {
      type[name] = define(body, isVararg);
    },

    /** The JavaScript object that stands for a Java one: the same as long as somebody has it. */
    javaObjectToJS(object, type) {
      if (object === null) {
        return null;
      }
      let wrapper = wrappers.get(object)?.deref();
      if (!wrapper) {
        wrapper = new type(object);
        wrappers.set(object, new WeakRef(wrapper));
      }
      return wrapper;
    },
    unwrapJavaObject: (object) => object[JAVA],
    /** An object of Java's with one method, as a function. */
    asFunction(object, name) {
      if (!object?.[FUNCTIONS]) {
        return object ?? null;
      }
      return (object[FUNCTIONS][name] ??= Object.assign((...args) => object[name](...args), {
        [ORIGIN]: object,
      }));
    },
    /** A function as an object with one method. */
    functionAsObject: (body, name) =>
      body ? (body[ORIGIN] ?? { [name]: (...args) => body(...args) }) : null,
    /** The Java object that stands for a value of JavaScript. */
    wrapObject(value) {
      const wrap = java.exports['teavm.jso.createWrapper'];
      if (!isObject(value)) {
        return value === null ? null : wrap(value);
      }
      if (value[JAVA]) {
        return value[JAVA];
      }
      let wrapper = wrapped.get(value)?.deref();
      if (!wrapper) {
        wrapper = wrap(value);
        wrapped.set(value, new WeakRef(wrapper));
      }
      return wrapper;
    },
  };
  for (const type of ['Byte', 'Short', 'Int', 'Float', 'Double']) {
    functions['wrap' + type] = functions['unwrap' + type] = identity;
  }
  // One for each number of arguments.
  for (let count = 0; count < 6; count++) {
    functions['callMethod' + count] = guarded((object, name, ...args) => owner(object)[name](...args));
    functions['construct' + count] = guarded((type, ...args) => new type(...args));
  }
  return functions;
}

/** Runs tasks later, in the order in which they become due. */
function tasks(java) {
  const due = [];
  const { port1, port2 } = new MessageChannel();
  const call = () => port2.postMessage(0);
  const callAgain = () => due.forEach(call);
  port1.onmessage = () => due.length > 0 && enter(java, due.shift());
  // WebKit does not deliver what was on its way when the page was put into the back/forward cache.
  globalThis.addEventListener?.('pageshow', callAgain);
  // The browser keeps an open port, a listener, and what they call.
  java.held.add({
    close() {
      port1.close();
      removeEventListener('pageshow', callAgain);
    },
  });
  return {
    offer(task, run, time) {
      const delay = time - Date.now();
      if (delay > 0) {
        setTimeout(() => enter(java, () => run(task)), delay);
      } else {
        // A timer would wait for some milliseconds, and for a second in a page in the background.
        due.push(() => run(task));
        call();
      }
      return 0;
    },
  };
}

/** Prints what Java prints, by lines. */
function printer(print) {
  let line = '';
  return (code) => {
    if (code === 10) {
      print(line);
      line = '';
    } else {
      line += String.fromCharCode(code);
    }
  };
}

const constant = (value) => new WebAssembly.Global({ value: 'i32', mutable: false }, value);

/** All that a module may import but its kernels, by module and name. */
export function importsOf(java, bodies, memory) {
  exceptions(java);
  return {
    env: { memory },
    bodies: bodies(java.thrown, java.held),
    'wasm:js-string': STRINGS,
    teavm: {
      // Frames would be offsets in the module, which nobody can read.
      takeStackTrace: () => ({ getStack: () => [] }),
      // An error for it is made when it leaves Java.
      decorateException() {},
    },
    teavmJso: objects(java),
    teavmAsync: tasks(java),
    teavmMemory: {
      heapOffset: constant(PAGE_BYTES),
      maxSize: constant(HEAP_PAGES * PAGE_BYTES),
      linearMemory: () => memory.buffer,
      notifyHeapResized() {},
    },
    teavmMath: Math,
    teavmDate: { currentTimeMillis: () => Date.now() },
    teavmConsole: { putcharStderr: printer(console.error), putcharStdout: printer(console.log) },
  };
}

/** Functions that do nothing, in the place of kernels. */
function nothing(module) {
  return Object.fromEntries(
    WebAssembly.Module.imports(module)
      .filter((it) => it.module === 'kernels')
      .map((it) => [it.name, () => 0]),
  );
}

/**
 * Instantiates a module.
 *
 * @param module compiled with COMPILE_OPTIONS
 * @param bodies the default export of its `bodies.js`
 * @param kernels the module of what it imports from `kernels`; null if that is to do nothing
 * @param onEnd is told once if a task traps: by what, and a promise of all closed that the module held
 * @returns what it exports
 */
export async function load(module, bodies, kernels, onEnd) {
  const memory = new WebAssembly.Memory({ initial: 1 + HEAP_PAGES, maximum: MAX_PAGES });
  const java = { held: new Set(), onEnd };
  const imports = importsOf(java, bodies, memory);
  imports.kernels = kernels
    ? (await WebAssembly.instantiate(kernels, { env: { memory } })).exports
    : nothing(module);
  java.exports = (await WebAssembly.instantiate(module, imports)).exports;
  return Object.fromEntries(
    Object.entries(java.exports).map(([name, it]) => [name, it instanceof WebAssembly.Global ? it.value : it]),
  );
}
