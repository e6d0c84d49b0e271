import assert from 'node:assert/strict';
import test from 'node:test';
import { dimension, embed } from '../../main/web/embed.js';

const cosine = (a, b) => embed(a).reduce((sum, value, i) => sum + value * embed(b)[i], 0);

test('a vector has 384 finite numbers and length 1', () => {
  for (const text of ['a', 'the', 'Boil the egg.', '☕', '...', '茶を飲む', 'ä'.repeat(3000), '0', '👩‍👩‍👧 family']) {
    const vector = embed(text);
    assert.equal(dimension, 384);
    assert.ok(vector instanceof Float32Array && vector.length === dimension);
    assert.ok(vector.every(Number.isFinite));
    const length = Math.hypot(...vector);
    assert.ok(Math.abs(length - 1) < 1e-5, `${text.slice(0, 20)}: ${length}`);
  }
});

test('equal texts have equal vectors, and no call changes the next', () => {
  const first = embed('bicycle chain');
  embed('something else');
  assert.deepEqual(embed('bicycle chain'), first);
});

test('the vector of a text never changes: stored notes would no longer be found', () => {
  const places = [...embed('tea')].flatMap((value, i) => (value === 0 ? [] : [i * Math.sign(value)]));
  assert.deepEqual(places, [-18,-31,-46,-53,60,-66,76,-80,-82,90,-93,110,111,-112,-119,138,-139,143,164,-165,170,-199,-218,-223,231,-238,249,-263,-267,-271,282,286,287,292,293,-296,301,312,-319,-322,-326,327,-331,341,-347,351,356,375,-378,383]);
});

test('case, punctuation and compatible forms make no difference', () => {
  assert.ok(cosine('Bicycle, CHAIN!', 'bicycle chain') > 0.9999);
  assert.ok(cosine('ﬁne ①', 'fine 1') > 0.9999);
  assert.ok(cosine('cafe\u0301', 'caf\u00e9') > 0.9999);
});

test('a repeated word weighs more, but less than in proportion', () => {
  const once = cosine('tea', 'tea and bread and cheese');
  const thrice = cosine('tea', 'tea tea tea and bread and cheese');
  const alone = cosine('tea', 'tea');
  assert.ok(once < thrice && thrice < alone, `${once} ${thrice} ${alone}`);
  assert.ok(thrice < 3 * once);
});

test('similar texts score above dissimilar ones', () => {
  const query = 'cleaning a bicycle chain';
  const near = cosine(query, 'Wipe the chain of the bicycle with a rag to clean it.');
  const far = cosine(query, 'The library of Alexandria lost its scrolls over centuries.');
  assert.ok(near > 0.4, `near ${near}`);
  assert.ok(Math.abs(far) < 0.2, `far ${far}`);
});

test('forms of a word, misspellings and beginnings are near', () => {
  for (const [a, b] of [['pruning', 'pruned'], ['tomato', 'tomatoes'], ['bicycle', 'bicycel'], ['bicyc', 'bicycle'], ['berries', 'berry']]) {
    const score = cosine(a, b);
    assert.ok(score > 0.35, `${a} / ${b}: ${score}`);
  }
});

test('common words alone do not make texts near', () => {
  assert.ok(cosine('how is it with the cat', 'how is it with the volcano') < 0.35);
});

test('chance similarity of unrelated words is small', () => {
  const words = Array.from({ length: 200 }, (_, i) => `${String.fromCharCode(97 + (i % 26), 97 + ((i * 7) % 26), 97 + ((i * 11) % 26))}${i * 7919}`);
  const query = embed('harbour');
  const scores = words.map((word) => Math.abs(embed(word).reduce((sum, value, i) => sum + value * query[i], 0)));
  assert.ok(Math.max(...scores) < 0.35, `${Math.max(...scores)}`);
  assert.ok(scores.reduce((a, b) => a + b) / scores.length < 0.08);
});

test('a blank text is refused', () => {
  for (const text of ['', '  \n\t']) {
    assert.throws(() => embed(text), /blank text has no vector/);
  }
});
