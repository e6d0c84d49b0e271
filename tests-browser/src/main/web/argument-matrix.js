// Everything that a caller may give, for every argument of every public function and method, as
// index.d.ts declares them: each call settles, with an EdgeVecError or rightly, and harms nothing.
import { readDeclarations } from './declarations.js';
import { BREAKING, FORMS, THROWING_LISTENERS, WRONG, scribble } from './argument-values.js';

const { edgevec, json, sleep } = window;
const PATIENCE_MILLIS = 10_000;
const SHAPE = { dimension: 4, metric: 'l2' };
const MAIN = 'matrix';
const CLOSED = 'matrix-closed';

const declarations = readDeclarations(await (await fetch('/npm/edgevec-java/index.d.ts')).text());

// Kinds of argument -----------------------------------------------------------------------------

let lastNumber = 0;
let files;

/** A name for what a call makes or removes, another each time. */
const fresh = () => `matrix-new-${++lastNumber}`;

/** @param parts by key, the arguments that this one is made of */
const node = (kind, make, parts = {}) => ({ kind, make, parts });

/** An argument made of others. */
const composite = (kind, parts, from = (made) => made) =>
  node(kind, () => from(Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, part.make()]))), parts);

const list = (kind, ...items) => composite(kind, { ...items }, Object.values);

const id = (value = 'one') => node('id', () => value);
const value = (made) => node('value', () => made);
const vectorOf = (...numbers) => list('vector', ...numbers.map((n) => node('component', () => n)));
const metadataOf = () =>
  composite('metadata', {
    text: value('text'),
    number: value(7),
    large: value(2n ** 60n),
    tags: list('value', value('text'), value('text')),
    when: value(new Date(0)),
    deep: composite('value', { mixed: list('value', value(null)) }),
  });

const KINDS = {
  VectorLike: () => vectorOf(1, 2, 3, 4),
  Metadata: metadataOf,
  'readonly string[]': () => list('ids', id('one'), id('two')),
  'Float32Array | Float64Array | readonly VectorLike[]': () =>
    list('vectors', vectorOf(1, 2, 3, 4), vectorOf(5, 6, 7, 8)),
  'readonly (Metadata | undefined)[] | null': () => list('metadatas', metadataOf(), metadataOf()),
  'readonly Change[]': () => {
    const [put, remove] = declarations.types.Change.match(/\{[^}]*\}/g).map(fieldsOf);
    return list('changes', objectOf('change', put), objectOf('change', remove));
  },
  'Record<string, Uint8Array>': () =>
    composite(
      'files',
      Object.fromEntries(
        Object.entries(files).map(([name, bytes]) => [name, node('bytes', () => bytes.slice())]),
      ),
    ),
  boolean: () => node('boolean', () => false),
  number: () => node('number', () => 100),
  AbortSignal: () => node('signal', () => new AbortController().signal),
  '(done: number, total: number) => void': () => node('listener', () => () => {}),
};

/** What is not as its type would have it. */
const NAMED = {
  id: () => id(),
  put: () => id('one'),
  delete: () => id('two'),
  dimension: () => node('number', () => 4),
  create: () => node('boolean', () => true),
  worker: () => node('boolean', () => isWorker),
  newName: () => node('name', fresh),
  name: (what) => node('name', what === 'importFiles' || what === 'destroy' ? fresh : () => CLOSED),
};

const fieldsOf = (body) =>
  body
    .slice(1, -1)
    .split(';')
    .filter((it) => it.trim())
    .map((it) => /(\w+)(\??): (.*)/.exec(it.trim()))
    .map(([, name, optional, type]) => ({ name, isOptional: !!optional, type }));

const objectOf = (kind, fields, what) =>
  composite(
    kind,
    Object.fromEntries(
      fields.map((field) => [field.name, { ...argumentOf(field, what), isOptional: field.isOptional }]),
    ),
  );

/** The argument that is declared so. One of a type that nobody taught this yet is an error. */
const argumentOf = ({ name, type }, what) => {
  if (NAMED[name]) return NAMED[name](what);
  if (KINDS[type]) return KINDS[type]();
  const together = type.split(' & ').map((it) => declarations.interfaces[it]);
  if (together.every((fields) => fields)) return objectOf('options', together.flat(), what);
  const meaning = declarations.types[type] ?? type;
  const [, literal] = /^'([^']*)'( \| '[^']*')*$/.exec(meaning) ?? [];
  if (literal) return node('choice', () => literal);
  throw new Error(`teach the matrix what an argument "${name}" of type ${type} is`);
};

/** All places where something may be given: the argument itself, and all that it is made of. */
const placesIn = (tree, name, path, isOptional) => [
  { path, kind: tree.kind, isOptional, name: [name, ...path.slice(1)].join('.') },
  ...Object.entries(tree.parts).flatMap(([key, part]) => placesIn(part, name, [...path, key], part.isOptional)),
];

/** Right arguments, in which what is at a path is what `change` makes of it. */
const argumentsWith = (trees, path, change) => {
  const args = trees.map((tree) => tree.make());
  let owner = args;
  for (const key of path.slice(0, -1)) owner = owner[key];
  const key = path.at(-1);
  owner[key] = change(owner[key]);
  return args;
};

// Calls -----------------------------------------------------------------------------------------

let isWorker;
let db;

/** What is called, by name: a method of a database, or a function after `edgevec.`. */
const CALLED = () => [
  ...Object.entries(declarations.methods).map(([name, given]) => ({ name, given, run: (args) => db[name](...args) })),
  ...Object.entries(declarations.functions).map(([name, given]) => ({
    name: `edgevec.${name}`,
    given,
    run: (args) => edgevec[name](...args),
  })),
];

const entryOf = async (key) => {
  const entry = await db.get(key);
  return entry ? json([entry.vector, entry.metadata]) : 'nothing';
};

const countOf = async (name) => {
  const { intact, entries } = await edgevec.verify(name);
  return [intact, entries];
};

/** What a call has done, so that two may be compared; by default what it resolved to. */
const EFFECTS = {
  put: () => entryOf('one'),
  putMany: () => Promise.all([entryOf('one'), entryOf('two')]),
  write: () => Promise.all([entryOf('one'), entryOf('two')]),
  'edgevec.open': async (opened) => {
    const shape = [opened.dimension, opened.metric, await opened.size()];
    await opened.close();
    return shape;
  },
  'edgevec.verify': ({ intact, entries }) => [intact, entries],
  verify: ({ intact }) => intact,
  'edgevec.salvage': (result, [, newName]) => countOf(newName),
  'edgevec.exportFiles': (exported) => Object.values(exported),
  'edgevec.importFiles': (result, [name]) => countOf(name),
};

const NOTHING = {};

const pending = async () => {
  await sleep(PATIENCE_MILLIS);
  return { wrong: `is pending after ${PATIENCE_MILLIS / 1000} seconds` };
};

/** Calls, and tells how that ended: `value`, or `error`, or what is `wrong`. */
const outcome = async (called, args, afterCall = () => {}) => {
  let promise;
  try {
    promise = called.run(args);
    afterCall();
  } catch (error) {
    return { wrong: `throws at the call: ${error?.stack}` };
  }
  const settled = promise.then(
    (value) => ({ value }),
    (error) => ({ error: { reason: error } }),
  );
  return Promise.race([settled, pending()]);
};

const short = (text) => String(text).slice(0, 500);

const told = (error) => {
  try {
    return short(`${error?.code} ${short(error?.message)} ${short(error?.stack)}`);
  } catch {
    return 'something that throws';
  }
};

/** What is wrong with a rejection, or undefined. */
const wrongWith = ({ reason }) => {
  if (!(reason instanceof edgevec.EdgeVecError) || Object.getPrototypeOf(reason) !== edgevec.EdgeVecError.prototype) {
    return `is rejected with ${told(reason)}`;
  }
  if (!declarations.codes.includes(reason.code) || ['INTERNAL', 'CRASHED'].includes(reason.code)) {
    return `is rejected with ${told(reason)}`;
  }
  return typeof reason.message === 'string' && reason.message.length > 15 && reason.message.length < 1000
    ? undefined
    : `has a message of ${reason.message.length} characters: ${short(reason.message)}`;
};

const same = (a, b) => json(a) === json(b);

/** Removes what a call may have left. */
const tidy = async (called, ended) => {
  if (called.name === 'edgevec.open' && ended.value) await ended.value.close();
};

// The database ----------------------------------------------------------------------------------

const SENTINEL = [100, 100, 100, 100];

const harm = async () => {
  const [hit] = await db.search(SENTINEL, { k: 1 });
  const entry = await db.get('sentinel');
  const { readOnly } = await db.stats();
  return hit?.id === 'sentinel' && hit.score === 0 && same(entry, { id: 'sentinel', vector: SENTINEL, metadata: { n: 1 } }) && !readOnly
    ? []
    : [`the database is harmed: ${json([hit, entry, readOnly])}`];
};

export const begin = async (hosted) => {
  isWorker = hosted;
  const closed = await edgevec.open(CLOSED, SHAPE);
  await closed.put('sentinel', SENTINEL, { n: 1 });
  await closed.checkpoint();
  await closed.close();
  files = await edgevec.exportFiles(CLOSED);
  db = await edgevec.open(MAIN, { ...SHAPE, worker: isWorker, durability: 'relaxed' });
  await db.put('sentinel', SENTINEL, { n: 1 });
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(db)).filter((name) => name !== 'constructor');
  const missing = [
    ...methods.filter((name) => !declarations.methods[name]),
    ...Object.keys(edgevec).filter((name) => !declarations.exports.includes(name)),
  ];
  if (missing.length > 0) throw new Error(`${missing} are not declared`);
  // What is called on the page, whoever has the database, is called there once.
  return CALLED()
    .filter(({ name, given }) => given.length > 0 && (!isWorker || !/edgevec\.(?!open)/.test(name)))
    .map(({ name }) => name);
};

/** Everything is as it was: found now, and after reopening. */
export const end = async () => {
  const wrong = await harm();
  const seen = [];
  for await (const { id, vector, metadata } of db.entries()) seen.push([id, vector, metadata]);
  await db.close();
  for (const name of [MAIN, CLOSED]) {
    const report = await edgevec.verify(name);
    if (!report.intact) wrong.push(`${name} is not intact: ${json(report)}`);
  }
  db = await edgevec.open(MAIN, { worker: isWorker });
  wrong.push(...(await harm()));
  const again = [];
  for await (const { id, vector, metadata } of db.entries()) again.push([id, vector, metadata]);
  if (!same(seen, again)) wrong.push(`reopened, it has ${json(again)} in place of ${json(seen)}`);
  await db.close();
  return wrong;
};

// Cases -----------------------------------------------------------------------------------------

const reset = (called) => (['put', 'putMany', 'write', 'delete', 'get', 'has'].includes(called.name) ? db.write([
  { put: 'one', vector: [9, 9, 9, 9] },
  { put: 'two', vector: [9, 9, 9, 9], metadata: { two: true } },
]) : null);

const lastSequence = async () => (await db.stats()).lastSequence;

/** The last sequence number before the first of some refused calls in turn, and how many those are. */
let untouched;
let refusals = 0;

const LOOK_AFTER = 20;

/** To be told of each call that is not a refusal, after which it begins anew. */
const touched = () => {
  untouched = undefined;
  refusals = 0;
};

/** What is wrong if a refused call, this or one of those before, has written something. */
const written = async () => {
  refusals++;
  if (refusals % LOOK_AFTER > 0) return undefined;
  const now = await lastSequence();
  const before = untouched;
  untouched = now;
  return before !== now ? `one of ${LOOK_AFTER} calls up to this one was refused, and something was written` : undefined;
};

/** A wrong value: refused, or taken where it is right. */
const wrongCase = (called, trees, place, { column, name, make, fits }) => ({
  column,
  name: `${place.name} ${name}`,
  run: async () => {
    untouched ??= await lastSequence();
    let given = NOTHING;
    const args = argumentsWith(trees, place.path, (right) => (given = make(right)));
    if (given === undefined && column !== 'undefined') return NOTHING;
    const ended = await outcome(called, args);
    await tidy(called, ended);
    if (ended.wrong) return ended.wrong;
    const mayPass = !fits || fits.includes(place.kind) || (place.isOptional && given === undefined);
    const isOwn = place.kind === 'listener' && typeof given === 'function';
    if (!ended.error || isOwn) touched();
    if (!ended.error) return mayPass ? undefined : 'is taken';
    return isOwn ? undefined : (wrongWith(ended.error) ?? written());
  },
});

/** The effect of a call with right arguments, and that of one with `args`. */
const comparedCase = (called, trees, place, column, name, make, after) => ({
  column,
  name: `${place.name} ${name}`,
  run: async () => {
    touched();
    let given;
    const args = argumentsWith(trees, place.path, (right) => (given = make(right)));
    if (given === undefined) return NOTHING;
    const names = args.map((it) => (typeof it === 'string' ? it : null));
    await reset(called);
    const ended = await outcome(called, args, () => after(given));
    if (ended.wrong) return ended.wrong;
    if (ended.error) return `should work, and ${wrongWith(ended.error) ?? `is refused: ${told(ended.error.reason)}`}`;
    const effectOf = EFFECTS[called.name] ?? ((value) => value);
    const effect = await effectOf(ended.value, names);
    await reset(called);
    const rightArgs = trees.map((tree) => tree.make());
    const right = await outcome(called, rightArgs);
    if (!('value' in right)) return `the right call fails: ${right.wrong ?? told(right.error.reason)}`;
    const expected = await effectOf(right.value, rightArgs);
    return same(effect, expected) ? undefined : short(`does ${json(effect)} in place of ${json(expected)}`);
  },
});

/** What a listener throws is what comes back. */
const listenerCase = (called, trees, place, { name, thrown, listener }) => ({
  column: 'error thrown',
  name: `${place.name} ${name}`,
  run: async () => {
    touched();
    const ended = await outcome(called, argumentsWith(trees, place.path, () => listener));
    if (ended.wrong) return ended.wrong;
    // It need not have been called.
    return !ended.error || Object.is(ended.error.reason, thrown) ? undefined : `gives back ${told(ended.error.reason)}`;
  },
});

const casesAt = (called, trees, place) => [
  ...WRONG.map((it) => wrongCase(called, trees, place, it)),
  ...BREAKING.map((it) => wrongCase(called, trees, place, it)),
  ...Object.entries(FORMS).flatMap(([name, make]) => {
    const column = /realm/.test(name) ? 'another realm' : 'another form';
    return [
      comparedCase(called, trees, place, column, name, make, () => {}),
      comparedCase(called, trees, place, 'changed meanwhile', `${name}, changed after the call`, make, scribble),
    ];
  }),
  comparedCase(called, trees, place, 'changed meanwhile', 'as it is, changed after the call', (right) => right, scribble),
  ...(place.kind === 'listener' ? THROWING_LISTENERS.map((it) => listenerCase(called, trees, place, it)) : []),
];

const planned = new Map();

/**
 * Runs the cases of a function from number `from` on, for about ten seconds.
 *
 * @returns what is wrong, how many cases were run by column, and the number to go on with, or -1
 */
export const round = async ({ name, from }) => {
  const called = CALLED().find((it) => it.name === name);
  if (!planned.has(name)) {
    const trees = called.given.map((given) => ({ ...argumentOf(given, name.replace('edgevec.', '')), isOptional: given.isOptional }));
    const places = trees.flatMap((tree, i) => placesIn(tree, called.given[i].name, [i], tree.isOptional));
    planned.set(name, places.flatMap((place) => casesAt(called, trees, place)));
  }
  const cases = planned.get(name);
  const until = performance.now() + 8000;
  const result = { wrong: [], slow: [], columns: {}, next: -1 };
  for (let i = from; i < cases.length; i++) {
    if (performance.now() > until) {
      result.next = i;
      break;
    }
    const since = performance.now();
    const wrong = await cases[i].run().catch((error) => `the case fails: ${told(error)}`);
    const millis = performance.now() - since;
    if (millis > 1000) result.slow.push(`${name} ${cases[i].name}: ${Math.round(millis)} ms`);
    if (wrong === NOTHING) continue; // There is no such form of this argument.
    const { column } = cases[i];
    result.columns[column] = (result.columns[column] ?? 0) + 1;
    if (wrong) result.wrong.push(`${name} ${cases[i].name}: ${wrong}`);
    if (i % 50 === 0) result.wrong.push(...(await harm()));
  }
  result.wrong.push(...(await harm()));
  return result;
};
