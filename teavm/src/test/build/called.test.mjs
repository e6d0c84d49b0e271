import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withCalledMarked } from '../../build/called.mjs';
import { parse, print } from '../../build/text.mjs';

const marked = (functions) =>
  withCalledMarked(
    parse(`(module
      (type $task (func (param anyref)))
      (import "js" "define" (func $define (param externref) (param $body funcref) (param i32)))
      (import "js" "offer" (func $offer (param anyref (ref null $task) f64)))
      (import "js" "tell" (func $tell (param externref)))
      ${functions})`),
  )
    .map(print)
    .join('\n');

test('a function whose reference goes to JavaScript is marked', () => {
  const text = marked(`
    (func $run (param anyref) (nop))
    (func $body (nop))
    (func $other (nop))
    (func $start
      (call $define (ref.null extern) (ref.func $body) (i32.const 0))
      (if (i32.const 1) (then (call $offer (ref.null any) (ref.func $run) (f64.const 0)))))`);
  assert.match(text, /\(@binaryen\.js\.called\)\n\(func \$run/);
  assert.match(text, /\(@binaryen\.js\.called\)\n\(func \$body/);
  assert.equal(text.match(/@binaryen/g).length, 2);
});

test('one that only WebAssembly calls is not', () => {
  const text = marked(`
    (func $body (call $tell (call $made (ref.func $inner))))
    (func $made (param funcref) (result externref) (ref.null extern))
    (func $inner (nop))
    (func $start (call $define (ref.null extern) (ref.func $body) (i32.const 0)))`);
  assert.equal(text.match(/@binaryen/g).length, 1);
});

test('a reference that is not known where it is handed out fails the build', () => {
  const start = '(func $start (local $f funcref) (call $define (ref.null extern) (local.get $f) (i32.const 0)))';
  assert.throws(() => marked(start), /Which function is handed to JavaScript here\? \(call \$define/);
  const task = '(func $start (local $f (ref null $task)) (call $offer (ref.null any) (local.get $f) (f64.const 0)))';
  assert.throws(() => marked(task), /\(call \$offer/);
});

test('a module that hands out no function fails the build', () => {
  assert.throws(() => marked('(func $start (call $tell (ref.null extern)))'), /No function is handed/);
});
