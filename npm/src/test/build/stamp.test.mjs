import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stampOf, stamped } from '../../build/stamp.mjs';

const SCRIPTS = { 'a.js': "export const build='%build%';", 'b.js': "const b='%build%';f(b)" };
const MODULE = Buffer.from([0, 97, 115, 109]);

test('the same files have the same stamp, in whatever order they come', () => {
  const stamp = stampOf(SCRIPTS, MODULE);
  assert.match(stamp, /^[0-9a-f]{12}$/);
  assert.equal(stampOf({ 'b.js': SCRIPTS['b.js'], 'a.js': SCRIPTS['a.js'] }, MODULE), stamp);
});

test('a change of any file changes the stamp', () => {
  const stamps = [
    stampOf(SCRIPTS, MODULE),
    stampOf({ ...SCRIPTS, 'a.js': SCRIPTS['a.js'] + ';' }, MODULE),
    stampOf({ 'a.js': SCRIPTS['a.js'], 'c.js': SCRIPTS['b.js'] }, MODULE),
    stampOf(SCRIPTS, Buffer.from([0, 97, 115, 110])),
  ];
  assert.equal(new Set(stamps).size, stamps.length);
});

test('the stamp takes the place that a script has for it', () => {
  assert.equal(stamped('b.js', SCRIPTS['b.js'], 'abc'), "const b='abc';f(b)");
});

test('a script without a place for the stamp, or with two, is told', () => {
  assert.throws(() => stamped('c.js', 'f()', 'abc'), /c\.js has 0 places/);
  assert.throws(() => stamped('c.js', "f('%build%', '%build%')", 'abc'), /c\.js has 2 places/);
});
