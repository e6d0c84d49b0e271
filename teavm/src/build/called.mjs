/**
 * Marks the functions that JavaScript calls by reference.
 *
 * With `--closed-world` wasm-opt takes a module for all there is, and so may drop, merge and change
 * types. But it also takes a function for one that nobody calls if its reference only goes to
 * JavaScript, as those do that TeaVM hands to the loader for classes, callbacks and tasks:
 *
 * ```
 * (call $defineMethod (global.get $class) (global.get $name) (ref.func $body) (i32.const 0))
 * ```
 *
 * Such a function gets the annotation by which wasm-opt knows that it is called from outside.
 */
import { is, isList, print, visitAll } from './text.mjs';

const MARK = ['@binaryen.js.called'];

/** A module's fields with those marks. */
export function withCalledMarked(fields) {
  const handed = handedOut(fields);
  if (handed.size === 0) {
    throw new Error('No function is handed to JavaScript, but the loader is there to call some.');
  }
  return fields.flatMap((it) => (is(it, 'func') && handed.has(it[1]) ? [MARK, it] : [it]));
}

/** The functions whose references are given to imported ones. */
function handedOut(fields) {
  const types = functionTypes(fields);
  const imported = new Map(
    fields.filter((it) => is(it, 'import') && is(it[3], 'func')).map(([, , , it]) => [it[1], paramTypes(it)]),
  );
  const isFunction = (type) => type === 'funcref' || (is(type, 'ref') && (type.at(-1) === 'func' || types.has(type.at(-1))));
  const handed = new Set();
  const note = (call) => {
    imported.get(call[1]).forEach((type, i) => {
      const argument = call[2 + i];
      if (isFunction(type) && is(argument, 'ref.func')) {
        handed.add(argument[1]);
      } else if (isFunction(type) && !is(argument, 'ref.null')) {
        throw new Error(`Which function is handed to JavaScript here? ${print(call)}`);
      }
    });
  };
  fields
    .filter((it) => is(it, 'func'))
    .forEach((body) => visitAll(body, (it) => is(it, 'call') && imported.has(it[1]) && note(it)));
  return handed;
}

/** The names of the types that are functions. */
function functionTypes(fields) {
  const types = fields.flatMap((it) => (is(it, 'rec') ? it.slice(1) : [it])).filter((it) => is(it, 'type'));
  const structure = ([, , type]) => (is(type, 'sub') ? type.at(-1) : type);
  return new Set(types.filter((it) => is(structure(it), 'func')).map(([, name]) => name));
}

/** One type for each argument of an imported function. */
const paramTypes = (declared) =>
  declared
    .filter((it) => is(it, 'param'))
    .flatMap((it) => it.slice(1).filter((type) => isList(type) || !type.startsWith('$')));
