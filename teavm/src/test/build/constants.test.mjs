import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withConstants } from '../../build/constants.mjs';
import { is, parse, print } from '../../build/text.mjs';

const TYPES = `
  (type $Act (func))
  (rec
    (type $Info (sub (struct
      (field (mut (ref null $Table))) (field (mut i32)) (field (mut (ref null $Info))))))
    (type $Table (sub (struct
      (field (mut (ref null $Info))) (field (mut (ref null $Act)))
      (field (mut f64)) (field (mut externref)) (field (mut i8))))))`;

const GLOBALS = `
  (global $table (ref $Table) (struct.new_default $Table))
  (global $info (ref $Info) (struct.new_default $Info))
  (global $array (ref $Info) (struct.new_default $Info))
  (global $changing (mut (ref null $Info)) (ref.null none))`;

/** The globals and what is left of the start function, as text. */
function constants(start, functions = '') {
  const starting = `(func $start (local $x i32) ${start}) (start $start)`;
  const fields = withConstants(parse(`(module ${TYPES} ${GLOBALS} (func $act) ${functions} ${starting})`));
  return {
    globals: fields.filter((it) => is(it, 'global')).map((it) => `${it[1]} ${print(it.at(-1))}`),
    start: fields.find((it) => it[1] === '$start').slice(3).map(print),
  };
}

test('an object is made as it is filled, what it refers to before it', () => {
  const { globals, start } = constants(`
    (struct.set $Table 0 (global.get $table) (global.get $info))
    (struct.set $Table 1 (global.get $table) (ref.func $act))
    (struct.set $Info 1 (global.get $info) (i32.const 1))
    (struct.set $Info 1 (global.get $info) (i32.const 7))`);
  assert.deepEqual(globals.slice(0, 2), [
    '$info (struct.new $Info (ref.null none) (i32.const 7) (ref.null none))',
    '$table (struct.new $Table (global.get $info) (ref.func $act) ' +
      '(f64.const 0) (ref.null noextern) (i32.const 0))',
  ]);
  assert.deepEqual(globals.slice(2), ['$array (struct.new_default $Info)', '$changing (ref.null none)']);
  assert.deepEqual(start, []);
});

test('a function that fills an object is seen through', () => {
  const filling = `
    (func $fill (param $it (ref null $Info)) (param $number i32)
      (struct.set $Info 1 (local.get $it) (local.get $number)))`;
  const { globals, start } = constants('(call $fill (global.get $info) (i32.const 3))', filling);
  assert.equal(globals[1], '$info (struct.new $Info (ref.null none) (i32.const 3) (ref.null none))');
  assert.deepEqual(start, []);
});

test('from the first statement on that does anything else, all is left as it is', () => {
  const rest = ['(call $imported)', '(struct.set $Info 1 (global.get $info) (i32.const 3))'];
  const { globals, start } = constants(rest.join(' '));
  assert.equal(globals[1], '$info (struct.new_default $Info)');
  assert.deepEqual(start, rest);
});

test('what changes is no constant', () => {
  const statement = '(struct.set $Info 2 (global.get $info) (global.get $changing))';
  assert.deepEqual(constants(statement).start, [statement]);
});

test('a circle is closed at the start', () => {
  const { globals, start } = constants(`
    (struct.set $Info 2 (global.get $info) (global.get $array))
    (struct.set $Info 2 (global.get $array) (global.get $info))`);
  assert.deepEqual(globals.slice(1, 3), [
    '$array (struct.new_default $Info)',
    '$info (struct.new $Info (ref.null none) (i32.const 0) (global.get $array))',
  ]);
  assert.deepEqual(start, ['(struct.set $Info 2 (global.get $array) (global.get $info))']);
});

/** Field 0 is only read of what getArray finds in field 2. */
const ARRAY_READER = `
  (func $getArray (param $item (ref null $Info)) (result (ref $Info))
    (block $none (return (br_on_null $none (struct.get $Info 2 (local.get $item)))))
    (struct.new_default $Info))
  (func $read (param $item (ref null $Info)) (result (ref null $Table))
    (struct.get $Info 0 (call $getArray (local.get $item))))`;

const CIRCLE = `
  (struct.set $Info 0 (global.get $info) (global.get $table))
  (struct.set $Table 0 (global.get $table) (global.get $info))`;

test('what is only read of other objects is left out', () => {
  const { globals, start } = constants(
    `${CIRCLE} (struct.set $Info 2 (global.get $info) (global.get $array))
     (struct.set $Info 0 (global.get $array) (global.get $table))`,
    ARRAY_READER,
  );
  assert.equal(
    globals.find((it) => it.startsWith('$info')),
    '$info (struct.new $Info (ref.null none) (i32.const 0) (global.get $array))',
  );
  assert.deepEqual(start, ['(struct.set $Info 0 (global.get $array) (global.get $table))']);
});

test('it stays where anything else may read it', () => {
  const other = `
    (func $other (param $item (ref null $Info)) (result (ref null $Table))
      (struct.get $Info 0 (local.get $item)))`;
  const { start } = constants(CIRCLE, ARRAY_READER + other);
  assert.equal(start.length, 1);
});

test('fewer filled objects than there should be fail the build', () => {
  const fill = (least, start) => () =>
    withConstants(
      parse(`(module ${TYPES} ${GLOBALS} (func $act) (func $start ${start}) (start $start))`),
      least,
    );
  const one = '(struct.set $Info 1 (global.get $info) (i32.const 1))';
  assert.doesNotThrow(fill(1, one));
  assert.throws(fill(1, `(call $unknown) ${one}`), /0 objects are filled .* 1 or more\..*\(call \$unknown\)/);
});
