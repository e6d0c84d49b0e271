import assert from 'node:assert/strict';
import test from 'node:test';
import { contentWords, counted, cutText, formatBytes, markMatches, splitParagraphs, topicOfFile } from '../../main/web/text.js';

test('blank lines separate paragraphs, line breaks do not', () => {
  assert.deepEqual(splitParagraphs('one\nstill one\n\n \t\n\ntwo\r\n\r\nthree'), [
    { topic: '', text: 'one\nstill one' },
    { topic: '', text: 'two' },
    { topic: '', text: 'three' },
  ]);
});

test('a heading is the topic of what follows, and no paragraph', () => {
  assert.deepEqual(splitParagraphs('before\n# Kitchen #\n\neggs\n## Garden\nslugs\n\nroses', 'start'), [
    { topic: 'start', text: 'before' },
    { topic: 'Kitchen', text: 'eggs' },
    { topic: 'Garden', text: 'slugs' },
    { topic: 'Garden', text: 'roses' },
  ]);
});

test('a code block stays whole, with its blank lines and hash signs', () => {
  const block = '```\n# not a heading\n\nx = 1\n```';
  assert.deepEqual(splitParagraphs(block), [{ topic: '', text: block }]);
});

test('no text, no paragraphs', () => {
  assert.deepEqual(splitParagraphs(''), []);
  assert.deepEqual(splitParagraphs('\uFEFF \n\n# Heading only\n'), []);
});

test('a long paragraph is cut behind sentences, and nothing of it is lost', () => {
  const sentence = 'The quick brown fox jumps over the lazy dog. ';
  const parts = splitParagraphs(sentence.repeat(200).trim());
  assert.ok(parts.length > 1);
  assert.ok(parts.every((part) => part.text.length <= 500 && part.text.endsWith('.')));
  assert.equal(parts.map((part) => part.text).join(' '), sentence.repeat(200).trim());
});

test('a long run without spaces is cut between characters, never inside one', () => {
  const text = 'x' + '😀'.repeat(3000);
  const parts = splitParagraphs(text).map((part) => part.text);
  assert.equal(parts.join(''), text);
  assert.ok(parts.every((part) => part.isWellFormed?.() ?? !/[\ud800-\udbff]$/.test(part)));
});

test('a file names its topic', () => {
  assert.equal(topicOfFile('notes/summer_holiday-2024.md'), 'summer holiday 2024');
  assert.equal(topicOfFile('README'), 'README');
});

test('matching words are marked, the others not, and the text stays the same', () => {
  const text = 'Boiling an egg: eggs, EGG, and eggshell. Beginning.';
  const marked = (query) => markMatches(text, query).filter((piece) => piece.match).map((piece) => piece.text);
  assert.deepEqual(marked('how to boil an egg'), ['Boiling', 'egg', 'eggs', 'EGG', 'eggshell']);
  assert.deepEqual(marked('egg boil'), ['Boiling', 'egg', 'eggs', 'EGG']);
  assert.deepEqual(marked('an'), []);
  assert.deepEqual(marked(''), []);
  assert.deepEqual(marked('zebra'), []);
  for (const query of ['egg', '', 'boil begin']) {
    assert.equal(markMatches(text, query).map((piece) => piece.text).join(''), text);
  }
});

test('markup in a note is text', () => {
  assert.deepEqual(markMatches('<b>x</b>', 'zebra'), [{ text: '<b>x</b>', match: false }]);
});

test('words that say something are told from those that do not', () => {
  assert.deepEqual(contentWords('How is the Egg in the EGG cup?'), ['egg', 'cup']);
  assert.deepEqual(contentWords('what is it'), []);
  assert.deepEqual(contentWords('tea ☕ time'), ['tea', '☕', 'time']);
  assert.deepEqual(contentWords('שלום, עולם'), ['שלום', 'עולם']);
});

test('a text is cut into so many parts at most, none of them blank', () => {
  assert.deepEqual(cutText('one. two. three.', 9), ['one.', 'two.', 'three.']);
  assert.deepEqual(cutText('one. two. three.', 9, 2), ['one.', 'two.']);
  assert.deepEqual(cutText(' '.repeat(50), 9), []);
  const begin = performance.now();
  assert.equal(cutText('a long run '.repeat(100_000), 400, 32).length, 32);
  assert.ok(performance.now() - begin < 2000);
});

test('sizes and counts read well', () => {
  assert.deepEqual([0, 1, 999, 1000, 12_345, 99_999_999].map(formatBytes), ['0 bytes', '1 byte', '999 bytes', '1.0 KB', '12 KB', '100 MB']);
  assert.equal(counted(1, 'note'), '1 note');
  assert.equal(counted(1200, 'entry', 'entries'), '1,200 entries');
});
