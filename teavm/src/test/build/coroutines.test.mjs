import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSmallCoroutines } from '../../build/coroutines.mjs';
import { is, parse, print, visitAll } from '../../build/text.mjs';

/** A coroutine with three variables that waits in states 0 and up, in the shape of TeaVM's. */
const coroutine = (body, pops = ['c', 'b', 'a']) => `
  (module
    (func $it (param $a i32) (local $b i32) (local $c i32) (local $fiber (ref null $Fiber))
              (local $state i32) (local $scratch i32)
      (local.set $state
        (if (result i32) (call $isResuming (local.tee $fiber (call $current)))
          (then
            (local.set $scratch (call $pop (local.get $fiber)))
            ${pops.map((name) => `(local.set $${name} (call $pop (local.get $fiber)))`).join('\n')}
            (local.get $scratch))
          (else (i32.const 0))))
      (block $save ${body} (return))
      (call $push (local.get $a) (local.get $fiber))
      (call $push (local.get $b) (local.get $fiber))
      (call $push (local.get $c) (local.get $fiber))
      (call $push (local.get $state) (local.get $fiber))))`;

/** What runs before a wait, and the wait: in the given state, if nothing waits before in this block. */
const wait = (state, before) => `
  (block $again
    (block $first
      (block $never (br_table $first $again $never ${index(state)}))
      (unreachable))
    ${before}
    (local.set $state (i32.const ${state + 1})))
  (call $wait)
  (br_if $save (call $isSuspending (local.get $fiber)))`;

const index = (first) =>
  first === 0 ? '(local.get $state)' : `(i32.sub (local.get $state) (i32.const ${first}))`;

/** The variables that the smaller coroutine gives its fiber and fetches. */
function saved(text) {
  const [body] = withSmallCoroutines(parse(text));
  const pushed = body.filter((it) => is(it, 'call') && it[1] === '$push').map((it) => it[2][1]);
  const popped = [];
  visitAll(body, (it) => {
    if (is(it, 'local.set') && is(it[2], 'call') && it[2][1] === '$pop') {
      popped.unshift(it[1]);
    }
  });
  assert.deepEqual(popped, [...pushed.slice(0, -1), '$scratch']);
  assert.equal(pushed.at(-1), '$state');
  return pushed.slice(0, -1).map((it) => it.slice(1)).join('');
}

test('what is read after a wait is saved, what is only read before is not', () => {
  const before = '(call $use (local.get $b)) (local.set $c (i32.const 1))';
  const after = '(call $use (local.get $a)) (call $use (local.get $c))';
  assert.equal(saved(coroutine(`${wait(0, before)} ${after}`)), 'ac');
});

test('what is written after the wait before it is read is not saved', () => {
  const after = '(local.set $b (i32.const 2)) (call $use (local.get $b))';
  assert.equal(saved(coroutine(`${wait(0, '')} ${after}`)), '');
});

test('what may be written after the wait is saved', () => {
  const after = '(if (call $any) (then (local.set $b (i32.const 2)))) (call $use (local.get $b))';
  assert.equal(saved(coroutine(`${wait(0, '')} ${after}`)), 'b');
});

test('what the next round of a loop reads is saved', () => {
  const round = `(loop $loop (call $use (local.get $c)) ${wait(0, '')} (br_if $loop (call $any)))`;
  assert.equal(saved(coroutine(`(block $end ${round})`)), 'c');
});

test('what only another wait needs is saved', () => {
  const waits = '(call $wait) (br_if $save (call $isSuspending (local.get $fiber)))';
  const twice = `
    (block $two
      (block $one
        (block $zero (br_table $zero $one $two (local.get $state)))
        (local.set $b (i32.const 1))
        (local.set $state (i32.const 1)))
      ${waits}
      (call $use (local.get $b))
      (local.set $c (i32.const 1))
      (local.set $state (i32.const 2)))
    ${waits}
    (call $use (local.get $c))`;
  assert.equal(saved(coroutine(twice)), 'bc');
});

test('what a handler reads is saved if something after the wait may throw', () => {
  const guarded = `
    (drop (block $handler (result i32)
      (try_table (catch $tag $handler) ${wait(0, '')} (call $mayThrow))
      (return)))
    (call $use (local.get $b))`;
  assert.equal(saved(coroutine(guarded)), 'b');
});

test('a table needs no default where the state is none of its own', () => {
  const [body] = withSmallCoroutines(parse(coroutine(wait(0, ''))));
  const tables = [];
  visitAll(body, (it) => {
    if (is(it, 'br_table')) {
      tables.push(print(it));
    }
  });
  assert.deepEqual(tables, ['(br_table $first $again (local.get $state))']);
});

test('a coroutine that restores something else than it saves is refused', () => {
  assert.throws(() => withSmallCoroutines(parse(coroutine('', ['b', 'c', 'a']))), /saves .* and restores/);
});

test('a function that is no coroutine stays as it is', () => {
  const fields = () => parse('(module (func $it (param $a i32) (result i32) (local.get $a)))');
  assert.deepEqual(withSmallCoroutines(fields()), fields());
});

/** The fields of a module with some coroutines, and other functions. */
const module = (coroutines, others = '') =>
  parse(`(module ${coroutines.map((text) => text.trim().slice('(module'.length, -1)).join('\n')} ${others})`);

const asking = (name) => `
  (func $${name} (param $a i32) (local $fiber (ref null $Fiber))
    (if (call $isResuming (local.tee $fiber (call $current)))
      (then (local.set $a (call $pop (local.get $fiber)))))
    (call $push (local.get $a) (local.get $fiber)))`;

const SOME = coroutine(`${wait(0, '')} (call $use (local.get $a))`);

test('a beginning that is not known fails the build', () => {
  assert.doesNotThrow(() => withSmallCoroutines(module([SOME], asking('suspend'))));
  assert.throws(
    () => withSmallCoroutines(module([SOME], asking('suspend') + asking('changed'))),
    /\$suspend,\$changed may be coroutines whose beginning is not known/,
  );
});

test('an instruction that is not known fails the build', () => {
  for (const unknown of ['(try (do (call $use (local.get $a))))', '(resume $k (local.get $a))']) {
    assert.throws(
      () => withSmallCoroutines(module([coroutine(`${wait(0, '')} ${unknown}`)])),
      /What may run after (try|resume)\?/,
    );
  }
});

test('more or fewer coroutines, or variables, than there should be fail the build', () => {
  const within = (coroutines, kept) => () => withSmallCoroutines(module([SOME]), { coroutines, kept });
  assert.doesNotThrow(within([1, 1], [0.3, 0.4]));
  assert.throws(within([2, 9], [0, 1]), /coroutines: 1, which is not between 2 and 9/);
  assert.throws(within([0, 0], [0, 1]), /coroutines: 1/);
  assert.throws(within([1, 1], [0.5, 0.9]), /share of variables that is kept: 0\.33/);
});
