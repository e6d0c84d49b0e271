/** WebAssembly's text format as lists: `(i32.const 1)` is `['i32.const', '1']`. */

const TOKEN = /\(;[^]*?;\)|;;[^\n]*|[()]|"(?:[^"\\]|\\[^])*"|[^\s()";]+/g;

/** The module that a text holds: the list of its fields. */
export function parse(text) {
  const open = [[]];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '(') {
      open.push([]);
    } else if (token === ')') {
      const list = open.pop();
      open.at(-1).push(list);
    } else if (!token.startsWith(';;') && !token.startsWith('(;')) {
      open.at(-1).push(token);
    }
  }
  const [module] = open[0];
  return module.slice(1);
}

/** One field, or instruction, as text. */
export const print = (form) => (isList(form) ? `(${form.map(print).join(' ')})` : form);

/** A module as text. */
export const printModule = (fields) => `(module\n${fields.map(print).join('\n')}\n)\n`;

export const isList = (form) => Array.isArray(form);

/** Whether something is a list that begins with a word. */
export const is = (form, head) => isList(form) && form[0] === head;

/** What may stand in a function, block or branch before its instructions. */
const DECLARATIONS = ['type', 'param', 'result', 'local', 'catch', 'catch_ref', 'catch_all', 'catch_all_ref'];

/** What no instruction is: those, and the types that instructions name. */
const OTHERS = new Set([...DECLARATIONS, 'ref', 'mut', 'tuple']);

/** The instructions directly in a function, block or other instruction. */
export const instructions = (form) => form.filter((it) => isList(it) && !OTHERS.has(it[0]));

/** Calls `visit` with every list in a form, the outer ones first. */
export function visitAll(form, visit) {
  if (isList(form)) {
    visit(form);
    form.forEach((it) => visitAll(it, visit));
  }
}
