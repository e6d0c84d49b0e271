/**
 * Makes constants of what TeaVM's initializer fills in.
 *
 * TeaVM 0.15 puts the description of each class and its table of methods into a global as an empty
 * object, and the function that starts the module fills them, field by field:
 *
 * ```
 * (global $table (ref $Table) (struct.new_default $Table))
 * (struct.set $Table 3 (global.get $table) (ref.func $toString))
 * ```
 *
 * Here the globals begin with filled objects instead, which is shorter, and lets wasm-opt see what
 * never changes.
 */
import { instructions, is, isList, print, visitAll } from './text.mjs';

/**
 * A module's fields, filled objects among them.
 *
 * @param least the least number of objects that are filled; fewer fail, since then the function that
 *   starts the module begins with something that is not known here
 */
export function withConstants(fields, least = 0) {
  const module = new Module(fields);
  const objects = module.emptyObjects();
  const statements = instructions(module.start);
  const rest = statements.slice(fill(module, objects, statements));
  const count = [...objects.values()].filter(({ values }) => values.size > 0).length;
  if (count < least) {
    throw new Error(
      `${count} objects are filled with constants, not ${least} or more. The first statement that is not ` +
        `known in the function that starts the module: ${rest.length ? print(rest[0]).slice(0, 500) : 'none'}`,
    );
  }
  dropUnread(module, objects);
  const { order, stores } = ordered(objects);
  const filled = order.map((it) => ({ ...it, field: module.global(it) }));
  const isObject = (field) => is(field, 'global') && objects.has(field[1]);
  const first = fields.findIndex(isObject);
  const start = [...module.start.filter((it) => !statements.includes(it)), ...stores, ...rest];
  return fields.flatMap((field, i) => {
    const own = isObject(field) ? [] : [field === module.start ? start : field];
    return i === first ? [...filled.map((it) => it.field), ...own] : own;
  });
}

/** A module's types, functions and globals by name. */
class Module {
  constructor(fields) {
    const types = fields.flatMap((it) => (is(it, 'rec') ? it.slice(1) : [it]));
    this.types = byName(types, 'type');
    this.functions = byName(fields, 'func');
    this.globals = byName(fields, 'global');
    this.start = this.functions.get(fields.find((it) => is(it, 'start'))[1]);
  }

  /** What a type is, and of which it is a subtype. */
  #structure(name) {
    const [, , type] = this.types.get(name);
    const above = is(type, 'sub') ? type.slice(1, -1) : [];
    return { structure: is(type, 'sub') ? type.at(-1) : type, above };
  }

  /** Whether a type has neither subtypes nor a type above it. */
  isAlone(name) {
    const isAbove = (other) => this.#structure(other).above.includes(name);
    const { above } = this.#structure(name);
    return !above.some((it) => it.startsWith('$')) && ![...this.types.keys()].some(isAbove);
  }

  /** The objects in globals that never change, by the global's name. */
  emptyObjects() {
    const objects = new Map();
    for (const [name, global] of this.globals) {
      if (is(global[3], 'struct.new_default') && !is(global[2], 'mut')) {
        objects.set(name, { name, type: global[3][1], values: new Map() });
      }
    }
    return objects;
  }

  /** The global with an object. */
  global({ name, type, values }) {
    if (values.size === 0) {
      return this.globals.get(name);
    }
    const fields = this.#structure(type).structure.slice(1);
    const all = fields.map(([, it], i) => values.get(String(i)) ?? this.#zero(is(it, 'mut') ? it[1] : it));
    return [...this.globals.get(name).slice(0, 3), ['struct.new', type, ...all]];
  }

  /** What a field of a type holds at first. */
  #zero(type) {
    if (is(type, 'ref')) {
      return ['ref.null', is(this.#structure(type.at(-1)).structure, 'func') ? 'nofunc' : 'none'];
    }
    const number = { i8: 'i32', i16: 'i32' }[type] ?? type;
    if (/^[if](32|64)$/.test(number)) {
      return [`${number}.const`, '0'];
    }
    const bottom = { externref: 'noextern', funcref: 'nofunc', eqref: 'none', anyref: 'none' }[type];
    if (bottom === undefined) {
      throw new Error(`What is in a field of type ${print(type)} at first?`);
    }
    return ['ref.null', bottom];
  }

  isConstant(form) {
    return (
      ['i32.const', 'ref.func', 'ref.null'].includes(form[0]) ||
      (is(form, 'global.get') && this.globals.has(form[1]) && !is(this.globals.get(form[1])[2], 'mut'))
    );
  }

  /** What a statement does: the body of the function that it calls, if that is only given constants. */
  expanded(statement) {
    const called = is(statement, 'call') ? this.functions.get(statement[1]) : undefined;
    const given = statement.slice(2);
    if (called === undefined || !given.every((it) => this.isConstant(it))) {
      return [statement];
    }
    const params = called.filter((it) => is(it, 'param')).map(([, name]) => name);
    return instructions(called).map((it) => replaced(it, new Map(params.map((name, i) => [name, given[i]]))));
  }

  /** All instructions that read a field. */
  reads(type, index) {
    const found = [];
    for (const body of this.functions.values()) {
      visitAll(body, (it) => {
        if (it[0].startsWith?.('struct.get') && it[1] === type && it[2] === index) {
          found.push(it);
        }
      });
    }
    return found;
  }
}

const byName = (fields, kind) => new Map(fields.filter((it) => is(it, kind)).map((it) => [it[1], it]));

/** A form with constants in the place of parameters. */
function replaced(form, constants) {
  if (is(form, 'local.get') && constants.has(form[1])) {
    return constants.get(form[1]);
  }
  return isList(form) ? form.map((it) => replaced(it, constants)) : form;
}

/** Does what the first statements do, as far as they only fill objects; returns how many do. */
function fill(module, objects, statements) {
  const isFilling = (it) =>
    is(it, 'struct.set') && is(it[3], 'global.get') && objects.has(it[3][1]) && module.isConstant(it[4]);
  let done = 0;
  for (; done < statements.length; done++) {
    const all = module.expanded(statements[done]);
    if (!all.every(isFilling)) {
      break;
    }
    all.forEach(([, , index, [, name], value]) => objects.get(name).values.set(index, value));
  }
  return done;
}

/**
 * Forgets what nobody reads: a class knows its table of methods and a table its class, but the
 * former is only looked at when an array is made. So it may go where the class is not an array's,
 * and no circle is left.
 */
function dropUnread(module, objects) {
  const all = [...objects.values()];
  for (const type of new Set(all.map((it) => it.type))) {
    const filled = all.filter((it) => it.type === type);
    for (const index of new Set(filled.flatMap(({ values }) => [...values.keys()]))) {
      const isRead = readers(module, type, index, all);
      filled.filter(({ name }) => !isRead(name)).forEach(({ values }) => values.delete(index));
    }
  }
}

/**
 * Which objects a field is read of. If all who read it ask one function for the object, and that
 * returns what it finds in another field (or a new object), then it is read of what is there.
 */
function readers(module, type, index, all) {
  const reads = module.reads(type, index);
  const functions = new Set(reads.map((it) => (is(it[3], 'call') ? it[3][1] : undefined)));
  const [name] = functions;
  if (!module.isAlone(type) || functions.size !== 1 || !module.functions.has(name)) {
    return () => true;
  }
  const found = [];
  visitAll(module.functions.get(name), (it) => {
    if (is(it, 'struct.get')) {
      found.push(it);
    }
  });
  if (found.length !== 1 || found[0][1] !== type) {
    return () => true;
  }
  const returned = new Set(all.map(({ values }) => values.get(found[0][2])?.[1]));
  return (it) => returned.has(it);
}

/**
 * The objects in an order in which each comes after those that it refers to, and statements that
 * fill in the references that no order allows.
 */
function ordered(objects) {
  const order = [];
  const stores = [];
  const begun = new Set();
  const place = (it) => {
    begun.add(it);
    for (const [index, value] of it.values) {
      const other = is(value, 'global.get') ? objects.get(value[1]) : undefined;
      if (other && !begun.has(other)) {
        place(other);
      } else if (other && !order.includes(other)) {
        stores.push(['struct.set', it.type, index, ['global.get', it.name], value]);
        it.values.delete(index);
      }
    }
    order.push(it);
  };
  objects.forEach((it) => begun.has(it) || place(it));
  return { order, stores };
}
