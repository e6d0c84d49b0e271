import assert from 'node:assert/strict';
import test from 'node:test';
import { WordPiece } from '../../main/web/wordpiece.js';

const vocabulary = ['[UNK]', '[CLS]', '[SEP]', 'tea', '##pot', '##s', 'caf', '##e', ',', '茶', 'no', 'w'];
const definition = {
  model: { continuing_subword_prefix: '##', vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])) },
  normalizer: { type: 'BertNormalizer', lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
};
const tokenizer = new WordPiece(definition);
const pieces = (text) => tokenizer.tokens(text).map((id) => vocabulary[id]);

test('words become the longest pieces that there are', () => {
  assert.deepEqual(pieces('Teapots, TEA'), ['tea', '##pot', '##s', ',', 'tea']);
  assert.deepEqual(pieces('teapotx'), ['[UNK]']);
  assert.deepEqual(pieces(' \n '), []);
});

test('accents, control characters and ideographs are as the model was taught', () => {
  assert.deepEqual(pieces('Café cafe\u0301'), ['caf', '##e', 'caf', '##e']);
  assert.deepEqual(pieces('te\u0000a\uFFFD te\u200Ba no\tw'), ['tea', 'tea', 'no', 'w']);
  assert.deepEqual(pieces('tea茶tea'), ['tea', '茶', 'tea']);
  assert.deepEqual(pieces('t'.repeat(101)), ['[UNK]']);
});

test('a model wants its frame, and knows whole words', () => {
  assert.deepEqual(tokenizer.framed([3]), [1, 3, 2]);
  assert.ok(tokenizer.knows('tea') && !tokenizer.knows('teapots'));
});

test('another tokenizer is refused', () => {
  assert.throws(() => new WordPiece({}), TypeError);
  assert.throws(() => new WordPiece({ ...definition, normalizer: { type: 'BertNormalizer', lowercase: false } }), TypeError);
});
