import assert from 'node:assert/strict';
import test from 'node:test';
import { blended } from '../../main/web/ranking.js';
import { typingErrors, WordIndex } from '../../main/web/words.js';

function indexOf(texts) {
  const index = new WordIndex();
  Object.entries(texts).forEach(([id, text]) => index.put(id, typeof text === 'string' ? { topic: '', text } : text));
  return index;
}

const best = (index, query, isWord) => [...index.match(query, isWord).shares].sort(([, a], [, b]) => b - a).map(([id]) => id);

test('who has more of the words, and rarer ones, comes first', () => {
  const index = indexOf({ a: 'tea and bread', b: 'tea and cheese', c: 'tea and rope', d: 'cheese', e: 'salt' });
  assert.deepEqual(best(index, 'cheese tea')[0], 'b');
  assert.deepEqual(best(index, 'rope tea')[0], 'c');
  assert.deepEqual(best(index, 'zebra'), []);
  assert.deepEqual(best(index, 'and the'), []);
});

test('a share is 1 at most, and a word in the topic counts more', () => {
  const index = indexOf({ text: { topic: 'x', text: 'about tea' }, topic: { topic: 'Tea', text: 'about it' } });
  const { shares } = index.match('tea');
  assert.ok(shares.get('topic') > shares.get('text') && shares.get('topic') <= 1 && shares.get('text') > 0.8);
});

test('endings, beginnings and typing errors are forgiven', () => {
  const index = indexOf({ a: 'a bicycle', b: 'some tomatoes', c: 'the avocado', d: 'Landsteiner', e: 'receive' });
  for (const [typed, id] of Object.entries({ bicycles: 'a', bycicle: 'a', bicylce: 'a', bicycl: 'a', tomato: 'b', tomatos: 'b', avoc: 'c', landst: 'd', landstiener: 'd', recieve: 'e' })) {
    assert.deepEqual(best(index, typed), [id], typed);
  }
});

test('a correction is told, and a word that is one is left alone', () => {
  const index = indexOf({ a: 'the horse', b: 'a house' });
  assert.deepEqual([...index.match('hoarse').corrections], [['hoarse', 'horse']]);
  assert.deepEqual([...index.match('hoarse', (word) => word === 'hoarse').corrections], []);
  assert.equal(index.corrected('My Hoarse!', () => false), 'My horse!');
});

test('what is replaced or deleted is no longer found', () => {
  const index = indexOf({ a: 'tea', b: 'bread' });
  index.put('a', { topic: '', text: 'coffee' });
  index.delete('b');
  index.delete('never there');
  assert.deepEqual([best(index, 'tea'), best(index, 'bread'), best(index, 'coffee')], [[], [], ['a']]);
});

test('scripts without spaces and signs are found, too', () => {
  const index = indexOf({ a: '朝にお茶を飲む', b: 'good ☕ here', c: 'שלום עולם' });
  assert.deepEqual([best(index, 'お茶'), best(index, '☕'), best(index, 'עולם')], [['a'], ['b'], ['c']]);
});

test('typing errors are counted', () => {
  const counts = [['egg', 'egg', 0], ['egg', 'eg', 1], ['recieve', 'receive', 1], ['bycicle', 'bicycle', 1], ['cat', 'dog', 3], ['', 'ab', 2]];
  counts.forEach(([a, b, errors]) => assert.equal(typingErrors(a, b), errors, `${a} ${b}`));
});

test('words raise a note, meaning leads where they are few', () => {
  assert.equal(blended(0.4, 0), 0.4);
  assert.ok(blended(0.3, 1) > blended(0.6, 0));
  assert.ok(blended(0.3, 0.3) < blended(0.4, 0));
  assert.ok(blended(1, 1) <= 1 && blended(-1, 1) <= 1);
});
