// Every call of IndexedDB in every operation of a database, failing in every way; see idb-faults.js.
// Held against a model: what was acknowledged is there, all else wholly or not at all.
import * as faults from './idb-faults.js';

const { edgevec, vector, json } = window;
const SHAPE = { dimension: 4, metric: 'l2' };
const CODES = ['CLOSED', 'CORRUPT', 'FULL', 'LOCKED', 'LOST', 'READ_ONLY', 'IO', 'NOT_FOUND', 'OUT_OF_MEMORY'];
const PATIENCE_MILLIS = 10_000;

faults.install();

// A worker has its own copy of the faults, and tells of its calls.
let remote;
let fromTheFirst;
let told;
const blob = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
const first = blob(
  `import { install, listen } from '${new URL('./idb-faults.js', location.href)}'; install(); listen();`,
);
window.Worker = class extends Worker {
  constructor(url, options) {
    super(blob(`import '${first}'; import '${url}';`), options);
    remote = this;
    if (fromTheFirst) armRemote(fromTheFirst);
  }
};

/** Resolves when it is armed; not when the worker is a new one. */
const armRemote = (fault) =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    told = { fired: '', log: [] };
    port1.onmessage = ({ data: { method, fails } }) => {
      if (!method) resolve();
      else told.log.push(method);
      if (fails) told.fired = method;
    };
    remote.postMessage({ fault, port: port2 }, [port2]);
  });

/** @param isNew whether the worker is yet to be made */
const arm = async (isWorker, isNew, fault) => {
  faults.arm(fault);
  if (isWorker && isNew) fromTheFirst = fault;
  else if (isWorker) await armRemote(fault);
};

/** After the worker, if there was one, was terminated. */
const disarm = async (isWorker) => {
  const here = faults.disarm();
  fromTheFirst = undefined;
  if (!isWorker) return here;
  await faults.wait(20);
  return told;
};

/** Settles as a promise does, with what is wrong with that, if something is. */
const outcome = (promise) =>
  Promise.race([
    promise.then(
      (value) => ({ done: true, value }),
      (error) => ({
        done: false,
        code: error?.code,
        wrong:
          error instanceof edgevec.EdgeVecError && CODES.includes(error.code)
            ? undefined
            : `rejected with ${error?.code} ${error?.stack ?? error}`,
      }),
    ),
    faults.wait(PATIENCE_MILLIS).then(() => ({ done: false, wrong: 'pending' })),
  ]);

const put = (id) => ({ write: (db) => db.put(id, vector(id.length)), ids: [id] });
const batch = (ids) => ({
  write: (db) => db.write([...ids.map((id) => ({ put: id, vector: vector(id.length) })), { delete: 'base-0' }]),
  ids,
  gone: ['base-0'],
});
const remove = (id) => ({ write: (db) => db.delete(id), ids: [], gone: [id] });
const many = (prefix, count) => Array.from({ length: count }, (_, i) => put(prefix + i));
const call = (body) => ({ write: body, ids: [] });

/**
 * Operations: `steps` are begun together on an open database; `alone` has none, and gets a name.
 * Before either there is a database of a snapshot and a log, made by `before`.
 */
const OPERATIONS = {
  put: { steps: [put('new')] },
  'put relaxed': { steps: [put('new')], options: { durability: 'relaxed' } },
  'put that takes 31 in': { steps: [put('new')], before: many('small-', 31) },
  'puts together': { steps: many('new-', 5) },
  batch: { steps: [batch(['a', 'b', 'c'])] },
  delete: { steps: [remove('base-1')] },
  'get and search': { steps: [call((db) => db.get('base-1')), call((db) => db.search(vector(1)))] },
  checkpoint: { steps: [call((db) => db.checkpoint())], before: [put('logged')] },
  verify: { steps: [call((db) => db.verify())], before: [put('logged')] },
  'all at once': {
    steps: [put('x'), call((db) => db.checkpoint()), remove('base-1'), call((db) => db.verify()), batch(['y', 'z'])],
  },
  close: { steps: [call((db) => db.close())], before: [put('logged')] },
  'put and close': { steps: [put('new'), call((db) => db.close())] },
  open: { alone: (name, open) => open(name).then((db) => db.close()) },
  create: { alone: (name, open) => open(name + '-new', SHAPE).then((db) => db.close()), makes: '-new', isEmpty: true, anew: SHAPE },
  'verify closed': { alone: (name) => edgevec.verify(name) },
  export: { alone: (name) => edgevec.exportFiles(name) },
  import: {
    alone: async (name, open, files) => edgevec.importFiles(name + '-new', files),
    makes: '-new',
  },
  // What it leaves when its last step fails may be no database, and is refused as that.
  salvage: { alone: (name) => edgevec.salvage(name, name + '-new'), makes: '-new', or: ['CORRUPT'] },
  destroy: { alone: (name) => edgevec.destroy(name), removes: true },
};

/** What is called on the page, whoever has the database. */
const ON_PAGE = ['verify closed', 'export', 'import', 'salvage', 'destroy'];

export const operations = (isWorker) => Object.keys(OPERATIONS).filter((name) => !isWorker || !ON_PAGE.includes(name));

/** Another page of the same origin has other names: what it destroyed is remembered. */
const SESSION = crypto.randomUUID().slice(0, 8);

let lastNumber = 0;

const openSoon = async (name, options) => {
  for (let left = 40; ; left--) {
    try {
      return await edgevec.open(name, { ...options, worker: false });
    } catch (error) {
      if (error.code !== 'LOCKED' || left === 0) throw error;
      await faults.wait(100);
    }
  }
};

const same = (a, b) => json(a) === json(b);

/** What of a model is not so in a database. */
const differences = async (db, model) => {
  const wrong = [];
  const removed = model.flatMap(({ step }) => step.gone ?? []);
  for (const { step, acknowledged } of model) {
    const ids = step.ids.filter((id) => !removed.includes(id));
    const there = await Promise.all(ids.map((id) => db.get(id)));
    const gone = await Promise.all((step.gone ?? []).map((id) => db.has(id)));
    const parts = [...there.map((entry) => !!entry), ...gone.map((isThere) => !isThere)];
    if (acknowledged ? parts.includes(false) : new Set(parts).size > 1) {
      wrong.push(`${acknowledged ? 'acknowledged' : 'not acknowledged'} and there is [${parts}] of ${ids} ${step.gone ?? ''}`);
    }
    there.forEach((entry) => {
      if (entry && !same(entry.vector, vector(entry.id.length))) wrong.push(`another vector under ${entry.id}`);
    });
  }
  return wrong;
};

const BASE = [put('base-0'), put('base-1'), { ...batch(['base-2', 'base-3']), gone: [] }];

/** The database before, and the model of it. */
const make = async (name, { before = [] }) => {
  const db = await edgevec.open(name, { ...SHAPE, worker: false });
  await BASE[0].write(db);
  await BASE[1].write(db);
  await db.write(BASE[2].ids.map((id) => ({ put: id, vector: vector(id.length) })));
  await db.checkpoint();
  for (const step of before) await step.write(db);
  await db.close();
  return [...BASE, ...before].map((step) => ({ step, acknowledged: true }));
};

/** Runs an operation with a fault, and returns what is wrong, and which call it was that failed. */
const run = async (operation, isWorker, fault) => {
  const what = OPERATIONS[operation];
  const name = `faults-${SESSION}-${++lastNumber}`;
  const wrong = [];
  const model = await make(name, what.steps ? {} : what);
  const open = (named, options) => edgevec.open(named, { ...options, worker: isWorker });
  const files = operation === 'import' ? await edgevec.exportFiles(name) : null;
  let fired;
  let result;
  if (what.steps) {
    const db = await open(name, what.options);
    for (const step of what.before ?? []) {
      await step.write(db);
      model.push({ step, acknowledged: true });
    }
    await arm(isWorker, false, fault);
    const outcomes = what.steps.map((step) => outcome(step.write(db)));
    await Promise.race([Promise.all(outcomes), faults.wait(150)]);
    // What a program does that has waited for long enough.
    const closed = await outcome(db.close());
    if (closed.wrong) wrong.push(`close is ${closed.wrong}`);
    for (const [i, step] of what.steps.entries()) {
      const { done, wrong: how } = await outcomes[i];
      if (how) wrong.push(`call ${i} is ${how}`);
      model.push({ step, acknowledged: done });
    }
    fired = await disarm(isWorker);
  } else {
    await arm(isWorker, true, fault);
    result = await outcome(what.alone(name, open, files));
    if (result.wrong) wrong.push(`it is ${result.wrong}`);
    fired = await disarm(isWorker);
  }
  await check(name, what, model, result, wrong);
  return { wrong, ...fired };
};

/** Opens what is left, and compares. */
const check = async (name, what, model, result, wrong) => {
  const judge = async (named, expected, refusals, options) => {
    const opened = await outcome(openSoon(named, options));
    if (opened.wrong || (!opened.done && !refusals.includes(opened.code))) {
      wrong.push(`${named} cannot be opened: ${opened.code} ${opened.wrong ?? ''}`);
      return;
    }
    if (!opened.done) return;
    const db = opened.value;
    wrong.push(...(await differences(db, expected)));
    const after = await outcome(db.put('afterwards', vector(1)));
    if (!after.done) wrong.push(`a put afterwards is rejected: ${after.code}`);
    await db.close();
    const { damage } = await edgevec.verify(named);
    if (damage.length > 0) wrong.push(`damage: ${json(damage)}`);
    await edgevec.destroy(named);
  };
  const isGone = what.removes && result.done;
  if (isGone) {
    const opened = await outcome(openSoon(name));
    if (opened.code !== 'NOT_FOUND') wrong.push(`destroyed, and opening gives ${opened.code ?? 'a database'}`);
  } else {
    // Where it is locked, nothing was deleted, and nothing will be.
    await judge(name, model, what.removes && result.code !== 'LOCKED' ? ['NOT_FOUND'] : []);
  }
  if (what.makes) {
    const refusals = result.done ? [] : ['NOT_FOUND', ...(what.or ?? [])];
    await judge(name + what.makes, what.isEmpty ? [] : model, refusals, result.done ? undefined : what.anew);
  }
};

/** All cases of an operation: each call that it makes, with each way to fail. */
const casesOf = async (operation, isWorker, ways) => {
  const { log } = await run(operation, isWorker, { at: 0, kind: '' });
  const kinds = faults.KINDS.filter((kind) => kind.startsWith(ways));
  return log.flatMap((method, i) => kinds.map((kind) => ({ at: i + 1, kind, method })));
};

const planned = new Map();

/**
 * Runs cases from number `from` on, every `step`-th, for about ten seconds: of the ways to fail that
 * begin with `ways`.
 *
 * @returns what is wrong, how many were run and failed something, and the number to go on with, or -1
 */
export const round = async ({ operation, ways = '', isWorker, from, step }) => {
  const key = operation + ways;
  if (!planned.has(key)) planned.set(key, await casesOf(operation, isWorker, ways));
  const cases = planned.get(key);
  const until = performance.now() + 8000;
  const told = { wrong: [], cases: 0, next: -1 };
  for (let i = from; i < cases.length; i += step) {
    if (performance.now() > until) {
      told.next = i;
      break;
    }
    const { wrong, fired } = await run(operation, isWorker, cases[i]);
    if (fired) told.cases++;
    wrong.forEach((text) => told.wrong.push(`${operation}, call ${cases[i].at} (${fired}) ${cases[i].kind}: ${text}`));
  }
  return told;
};
