// Reads what the package declares in index.d.ts: enough of TypeScript for that file. An argument, an
// option or a method that is added there is found by the tests that read this.

const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

/** Splits at a separator that stands outside of all brackets. */
const split = (text, separator) => {
  const parts = [''];
  let depth = 0;
  for (const [i, c] of [...text].entries()) {
    if ('([{<'.includes(c)) depth++;
    if (')]}'.includes(c) || (c === '>' && text[i - 1] !== '=')) depth--;
    if (c === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts.map((part) => part.replace(/\s+/g, ' ').trim()).filter((part) => part);
};

/** `name?: type` as an object. */
const declared = (text) => {
  const [, name, optional, type] = /^(?:readonly )?(\w+)(\??): (.*)$/.exec(text);
  return { name, isOptional: optional === '?', type: type.replace(/^\| /, '') };
};

const parameters = (text) => split(text, ',').map(declared);

/**
 * @returns `functions` and `methods` (of Database) by name, with their parameters; `interfaces` by name,
 *     with their fields; `types` by name, as text; `codes` of errors; all `exports`
 */
export const readDeclarations = (source) => {
  const text = withoutComments(source);
  const all = (pattern) => [...text.matchAll(pattern)];
  const functions = Object.fromEntries(
    all(/export function (\w+)\(([\s\S]*?)\): Promise</g).map(([, name, given]) => [name, parameters(given)]),
  );
  const found = all(/export interface (\w+)(?: extends (\w+))? \{([\s\S]*?)\n\}/g);
  const bodies = Object.fromEntries(found.map(([, name, , body]) => [name, body]));
  const inherited = (name) => found.find(([, its]) => its === name)?.[2];
  const methods = Object.fromEntries(
    split(bodies.Database, ';')
      .map((member) => /^(\w+)\((.*)\): \w+</.exec(member))
      .filter((found) => found)
      .map(([, name, given]) => [name, parameters(given)]),
  );
  delete bodies.Database;
  const interfaces = Object.fromEntries(
    Object.entries(bodies).map(([name, body]) => [
      name,
      [body, bodies[inherited(name)] ?? ''].flatMap((each) => split(each, ';').map(declared)),
    ]),
  );
  const types = Object.fromEntries(
    all(/export type (\w+) =([\s\S]*?);\n/g).map(([, name, type]) => [name, type.replace(/\s+/g, ' ').trim().replace(/^\| /, '')]),
  );
  const codes = types.ErrorCode.split('|').map((code) => code.trim().replaceAll("'", ''));
  const exports = all(/export (?:function|class|const) (\w+)/g).map(([, name]) => name);
  return { functions, methods, interfaces, types, codes, exports };
};
