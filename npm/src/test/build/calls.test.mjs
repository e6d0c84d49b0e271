import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCalls } from '../../build/calls.mjs';

test('the calls that are exported, in whatever order, are accepted', () => {
  assert.doesNotThrow(() => checkCalls(['open', 'search'], ['search', 'open']));
});

test('a call that is missing on either side, or listed twice, fails the build', () => {
  assert.throws(() => checkCalls(['open'], ['open', 'get']), /get exported and not in protocol\.js/);
  assert.throws(() => checkCalls(['open', 'get'], ['open']), /get in protocol\.js and not exported/);
  assert.throws(() => checkCalls(['open', 'open'], ['open']), /open in protocol\.js twice/);
});
