/**
 * Makes TeaVM's coroutines smaller.
 *
 * A method that may wait is compiled so that it can leave in the middle and be called again: it
 * begins by fetching from its fiber, if it is called again, the state (which says where it was) and
 * its variables, goes by `br_table` to where it was, and when it leaves, gives all of them to the
 * fiber:
 *
 * ```
 * (local.set $state (if (result i32) (call $isResuming (local.tee $fiber (call $current)))
 *   (then (local.set $scratch (call $popInt (local.get $fiber)))
 *         (local.set $b (ref.cast … (call $popObject (local.get $fiber)))) (local.set $a …)
 *         (local.get $scratch))
 *   (else (i32.const 0))))
 * …
 * (call $push (local.get $a) (local.get $fiber)) (call $push (local.get $b) (local.get $fiber))
 * (call $push (local.get $state) (local.get $fiber))
 * ```
 *
 * TeaVM 0.15 saves every variable. Here only those are kept that something may still read after a
 * wait: well under half of them.
 */
import { instructions, is, isList, print, visitAll } from './text.mjs';

/**
 * A module's fields with smaller coroutines. Fails where a function asks its fiber whether it is
 * called again, and does not do so in the way that is known here.
 *
 * @param bands what is to be expected of a module: the least and the largest number of coroutines, and
 *   the least and the largest share of their variables that is kept
 */
export function withSmallCoroutines(fields, bands = { coroutines: [0, Infinity], kept: [0, 1] }) {
  const functions = fields.filter((it) => is(it, 'func'));
  insistOnPrologues(functions);
  fields.forEach(simplifyTables);
  const before = functions.filter((it) => coroutine(it) !== null);
  const smaller = new Map(before.map((it) => [it, withFewSaved(it)]));
  const saved = (all) => all.reduce((sum, it) => sum + coroutine(it).count, 0);
  insistOnBand('coroutines', before.length, bands.coroutines);
  const total = saved(before);
  const kept = saved([...smaller.values()]);
  insistOnBand('share of variables that is kept', total === 0 ? 0 : kept / total, bands.kept);
  return fields.map((it) => smaller.get(it) ?? it);
}

function insistOnBand(what, value, [least, largest]) {
  if (value < least || value > largest) {
    throw new Error(
      `${what}: ${value}, which is not between ${least} and ${largest}. Look at what TeaVM or wasm-opt does ` +
        'otherwise, and change the band if it is right.',
    );
  }
}

/** The one function that may ask whether it is called again and is no coroutine: it ends the wait. */
const OTHER_ASKERS = 1;

/** Fails if functions that are no coroutines, as far as is known here, ask what only coroutines ask. */
function insistOnPrologues(functions) {
  const asked = new Set();
  for (const body of functions) {
    const restore = body.find(isRestore);
    if (restore !== undefined) {
      asked.add(restore[2].at(-3)[1]);
    }
  }
  const asks = (body) => {
    let found = false;
    visitAll(body, (it) => (found ||= is(it, 'call') && asked.has(it[1])));
    return found;
  };
  const others = functions.filter((it) => !it.some(isRestore) && asks(it));
  if (others.length > OTHER_ASKERS) {
    throw new Error(
      `Functions ${others.map(([, name]) => name)} may be coroutines whose beginning is not known here: ` +
        print(others[0]).slice(0, 500),
    );
  }
}

/**
 * Leaves out the default of a `br_table` by the state that ends in `unreachable`: the last target
 * takes its place, and what is left is often a single branch.
 */
function simplifyTables(form) {
  visitAll(form, (list) => {
    for (let i = 0; i + 1 < list.length; i++) {
      const table = is(list[i], 'block') && list[i].length === 3 ? list[i][2] : null;
      if (is(table, 'br_table') && is(list[i + 1], 'unreachable')) {
        const labels = table.slice(1, -1);
        if (labels.indexOf(list[i][1]) === labels.length - 1) {
          table.splice(labels.length, 1);
        }
      }
    }
  });
}

/** The coroutine that a function is, or null. */
function coroutine(body) {
  const start = body.findIndex(isRestore);
  if (start < 0) {
    return null;
  }
  const [, state, choice] = body[start];
  const [[, , [, fiber]], then] = instructions(choice);
  const isOfFiber = (it) => is(it, 'call') && it.length === 4 && is(it[3], 'local.get') && it[3][1] === fiber;
  let end = body.length;
  while (!isOfFiber(body[end - 1])) {
    end--; // a result that nobody looks at
  }
  let saving = end;
  while (isOfFiber(body[saving - 1])) {
    saving--;
  }
  const pushed = body.slice(saving, end).map((it) => variable(it[2]));
  const popped = then.slice(2, -1).map(([, name]) => name);
  if (pushed.join() !== [...popped.reverse(), state].join()) {
    throw new Error(`A coroutine saves ${pushed} and restores ${popped}: ${print(then)}`);
  }
  return { start, state, then, saving, end, count: popped.length };
}

/** Instructions that run what is in them in order, and then what comes after them, if they do not leave. */
const STRAIGHT =
  /^((local|global|struct|array|ref|i31|any|extern|[if](32|64)|memory|data|tuple)\.|br(_if|_on_\w+)?$|call(_ref|_indirect)?$|(drop|select|nop|return|throw|throw_ref|unreachable)$)/;

const isRestore = (it) =>
  is(it, 'local.set') &&
  is(it[2], 'if') &&
  is(it[2].at(-1), 'else') &&
  is(it[2].at(-2), 'then') &&
  is(it[2].at(-3), 'call') &&
  is(it[2].at(-3)[2], 'local.tee') &&
  is(it[2].at(-3)[2][2], 'call');

/** The local that an expression pushes. */
function variable(form) {
  let found;
  visitAll(form, (it) => {
    found ??= is(it, 'local.get') ? it[1] : undefined;
  });
  return found;
}

function withFewSaved(body) {
  const it = coroutine(body);
  if (it === null) {
    return body;
  }
  const needed = neededAfterWaiting(body.slice(it.start + 1, it.saving), it.state).add(it.state);
  const isSaved = (name) => needed.has(name);
  const { start, state, then } = it;
  const fetched = then.slice(2, -1).filter(([, name]) => isSaved(name));
  const [, , choice] = body[start];
  const fewer = choice.map((form) => (form === then ? [...then.slice(0, 2), ...fetched, then.at(-1)] : form));
  return [
    ...body.slice(0, start),
    ['local.set', state, fewer],
    ...body.slice(start + 1, it.saving),
    ...body.slice(it.saving, it.end).filter((push) => isSaved(variable(push[2]))),
    ...body.slice(it.end),
  ];
}

/** The locals that are read in some state in which the coroutine is called again. */
function neededAfterWaiting(body, state) {
  const flow = new Flow(state);
  const entry = flow.add({});
  flow.all(body);
  const save = flow.add({});
  const { at, resumed } = run(entry, save);
  findLive([...at.values()]);
  const needed = new Set();
  for (const value of resumed) {
    at.get(key(entry, value)).live.forEach((name) => needed.add(name));
  }
  return needed;
}

/**
 * What may run after what: a node for each instruction that matters, with those that may be next.
 * One that reads a local has `reads`, one that writes a local `writes`, one that sets the state
 * `becomes`, and one that chooses by the state `choose`.
 */
class Flow {
  #labels = [];
  #handlers = [];
  /** The node after which the next is run; null where nothing gets. */
  #last = null;
  #count = 0;

  constructor(state) {
    this.state = state;
  }

  #node(what) {
    return { number: this.#count++, next: [], ...what };
  }

  /** Adds a node behind the last. */
  add(what) {
    return this.#join(this.#node(what));
  }

  #join(node) {
    this.#last?.next.push(node);
    this.#last = node;
    return node;
  }

  #jump(label) {
    this.#last?.next.push(this.#target(label));
  }

  #target(label) {
    return this.#labels.findLast(([name]) => name === label)[1];
  }

  #mayThrow() {
    this.add({}).next.push(...this.#handlers);
  }

  all(forms) {
    forms.forEach((it) => this.#one(it));
  }

  /** What is in a block, a branch to whose label goes to a node. */
  #labelled(form, node, inner) {
    this.#labels.push([isList(form[1]) ? null : form[1], node]);
    inner();
    this.#labels.pop();
  }

  #one(form) {
    const [op, name] = form;
    const inner = instructions(form);
    switch (op) {
      case 'block': {
        const end = this.#node({});
        this.#labelled(form, end, () => this.all(inner));
        this.#join(end);
        break;
      }
      case 'loop':
        this.#labelled(form, this.add({}), () => this.all(inner));
        break;
      case 'if':
        this.#if(form, inner);
        break;
      case 'try_table':
        this.#try(form, inner);
        break;
      case 'local.get':
        this.add({ reads: name });
        break;
      case 'local.set':
      case 'local.tee':
        this.all(inner);
        this.add(name === this.state ? { becomes: constant(form[2]) } : { writes: name });
        break;
      case 'br_table':
        this.#table(form, inner);
        break;
      default:
        if (!STRAIGHT.test(op)) {
          throw new Error(`What may run after ${op}? ${print(form).slice(0, 500)}`);
        }
        this.all(inner);
        this.#leave(op, name);
    }
  }

  #leave(op, label) {
    if (/^(call|throw)/.test(op)) {
      this.#mayThrow();
    } else if (op === 'br' || op.startsWith('br_')) {
      this.#jump(label);
    }
    if (/^(br|return|throw|throw_ref|unreachable)$/.test(op)) {
      this.#last = null;
    }
  }

  #if(form, [condition, then, otherwise]) {
    const end = this.#node({});
    this.#one(condition);
    const fork = this.add({});
    this.#labelled(form, end, () => {
      this.all(instructions(then));
      this.#join(end);
      this.#last = fork;
      this.all(otherwise ? instructions(otherwise) : []);
      this.#join(end);
    });
  }

  #try(form, inner) {
    const end = this.#node({});
    const catches = form.filter((it) => isList(it) && it[0].startsWith('catch'));
    const targets = catches.map((it) => this.#target(it.at(-1)));
    this.#handlers.push(...targets);
    this.#labelled(form, end, () => this.all(inner));
    this.#handlers.length -= targets.length;
    this.#join(end);
  }

  #table(form, inner) {
    this.all(inner);
    const targets = form.slice(1, -1).map((label) => this.#target(label));
    const index = form.at(-1);
    const isState = (it) => is(it, 'local.get') && it[1] === this.state;
    const node = this.add({});
    node.next.push(...targets);
    if (isState(index) || (is(index, 'i32.sub') && isState(index[1]))) {
      const first = isState(index) ? 0 : constant(index[2]);
      node.choose = (value) => targets[value - first] ?? targets.at(-1);
    }
    this.#last = null;
  }
}

function constant(form) {
  if (!is(form, 'i32.const')) {
    throw new Error(`The state of a coroutine is not a constant: ${print(form)}`);
  }
  return Number(form[1]);
}

const key = ({ number }, state) => `${number} ${state}`;

/**
 * All pairs of a node and a state in which it may run. The first call enters in state 0, and any
 * state in which the coroutine may leave is one in which it may be entered again.
 *
 * @returns the pairs by key, and the states in which it may be entered again
 */
function run(entry, save) {
  const at = new Map();
  const resumed = new Set();
  const todo = [];
  const reach = (node, state) => {
    const name = key(node, state);
    if (!at.has(name)) {
      at.set(name, { node, state, next: [], previous: [], live: new Set() });
      todo.push(at.get(name));
    }
    return at.get(name);
  };
  reach(entry, 0);
  while (todo.length > 0) {
    const pair = todo.pop();
    const { node, state } = pair;
    for (const next of node.choose ? [node.choose(state)] : node.next) {
      const following = reach(next, node.becomes ?? state);
      pair.next.push(following);
      following.previous.push(pair);
    }
    if (node === save) {
      resumed.add(state);
      reach(entry, state);
    }
  }
  return { at, resumed };
}

/** Finds for each pair which locals are read later, before they are written. */
function findLive(pairs) {
  const todo = new Set(pairs.reverse());
  for (const pair of todo) {
    todo.delete(pair);
    const { node, live } = pair;
    const before = live.size;
    pair.next.forEach((it) => it.live.forEach((name) => live.add(name)));
    live.delete(node.writes);
    if (node.reads !== undefined) {
      live.add(node.reads);
    }
    if (live.size > before) {
      pair.previous.forEach((it) => todo.add(it));
    }
  }
}
