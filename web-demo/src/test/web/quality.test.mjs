/**
 * Whether search finds: questions with known answers, by words alone, by meaning alone, and as the page does
 * it. Prints how often the answer is first, and among the first five:
 *
 *   node src/test/web/quality.test.mjs
 */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { loadModel, modelFolder } from '../../build/model.mjs';
import { corpusFolder, readNotes } from '../../build/notes.mjs';
import { exampleQuestions, withVectors } from '../../main/web/corpus.js';
import { MODEL_FILES } from '../../main/web/model-files.js';
import { blended, mostly, simplerForms } from '../../main/web/ranking.js';
import { contentWords, fold, sameStem } from '../../main/web/text.js';
import { WordIndex } from '../../main/web/words.js';
import { questions } from './questions.mjs';

const skip = existsSync(new URL('ort.wasm.min.mjs', modelFolder)) ? false : 'the model is not there: build the module first';

const file = await readFile(new URL('vectors.bin', corpusFolder));
const corpus = withVectors(await readNotes(), file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
const { notes } = corpus;
const index = new WordIndex();
notes.forEach((note) => index.put(note.id, note));
const model = skip ? undefined : await loadModel();

/** Of vectors of length 1. */
const cosine = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** The topics of all notes in the order of each way. */
async function ranked(query) {
  const isWord = (word) => [word, ...simplerForms(word)].some((form) => model.knows(form));
  const { shares } = index.match(query, isWord);
  const plain = await model.embed(query);
  const corrected = index.corrected(query, isWord);
  const vector = corrected === query ? plain : mostly(await model.embed(corrected), plain);
  const scored = notes.map(({ id, topic, vector: own }) => ({
    topic,
    words: shares.get(id) ?? 0,
    meaning: cosine(own, plain),
    both: blended(cosine(own, vector), shares.get(id) ?? 0),
  }));
  const by = (way) => scored.filter((note) => way !== 'words' || note.words > 0).sort((a, b) => b[way] - a[way]).map(({ topic }) => topic);
  return { words: by('words'), meaning: by('meaning'), both: by('both') };
}

test('questions are answered: both together as well as the better of the two', { skip }, async () => {
  const lists = new Map();
  for (const { query, topics } of questions) {
    lists.set(query, { topics, ranked: await ranked(query) });
  }
  for (const kind of ['meaning', 'words']) {
    for (const apart of [false, true]) {
      const asked = questions.filter((question) => question.way === kind && question.apart === apart);
      const hits = (way, k) =>
        asked.filter(({ query }) => {
          const { topics, ranked } = lists.get(query);
          return ranked[way].slice(0, k).some((topic) => topics.includes(topic));
        }).length;
      const name = `${asked.length} questions by ${kind}, ${apart ? 'kept apart' : 'chosen by'}`;
      console.log(`${name}: ${['words', 'meaning', 'both'].map((way) => `${way} ${hits(way, 1)} / ${hits(way, 5)}`).join(', ')} (hit@1 / hit@5)`);
      for (const k of [1, 5]) {
        assert.ok(hits('both', k) >= Math.max(hits('words', k), hits('meaning', k)) - 1, `${name}, hit@${k}`);
      }
      assert.ok(hits('both', 5) >= asked.length * (kind === 'words' ? 0.95 : 0.7), name);
    }
  }
});

test('questions by meaning share no word with their answer', () => {
  for (const { way, query, topics } of questions.filter((question) => question.way === 'meaning')) {
    for (const { topic, text } of notes.filter((note) => topics.includes(note.topic))) {
      const shared = contentWords(query).filter((word) => contentWords(`${topic} ${text}`).some((other) => sameStem(other, word)));
      assert.deepEqual(shared.filter((word) => word.length > 3), [], `${way}: “${query}” and “${topic}”`);
    }
  }
});

test('every question has its answer among the notes', () => {
  const topics = new Set(notes.map((note) => note.topic));
  questions.forEach(({ query, topics: wanted }) => wanted.forEach((topic) => assert.ok(topics.has(topic), `${query}: ${topic}`)));
  assert.ok(questions.length >= 60);
});

test('the vectors that come with the page are of its notes, and what the model makes of them', { skip }, async () => {
  assert.ok(notes.every(({ vector }) => vector?.length === 384), 'run src/build/sample-vectors.mjs');
  for (const { topic, text, vector } of notes.filter((_, i) => i % 60 === 0)) {
    assert.ok(cosine(vector, await model.embed(text, topic)) > 0.999, topic);
  }
  for (const [question, vector] of corpus.questions) {
    assert.ok(cosine(vector, await model.embed(question)) > 0.999, question);
  }
  assert.deepEqual([...corpus.questions.keys()], exampleQuestions);
});

test('vectors of other notes are not taken', async () => {
  const changed = (await readNotes()).map((note, i) => (i === 7 ? { ...note, text: `${note.text}!` } : note));
  const { notes: without, questions: none } = withVectors(changed, new Uint8Array(file).buffer);
  assert.ok(without.every(({ vector }) => vector === undefined));
  assert.equal(none.size, 0);
  assert.ok(withVectors(changed, new ArrayBuffer(0)).notes.every(({ vector }) => vector === undefined));
});

test('an example question finds its note and shares no word with it', { skip }, async () => {
  for (const question of exampleQuestions) {
    const [first] = (await ranked(question)).both;
    const { topic, text } = notes.find((note) => note.topic === first);
    assert.equal(index.match(question, () => true).shares.get(notes.find((note) => note.topic === first).id) ?? 0, 0, `${question}: ${topic}: ${text}`);
  }
});

test('the model’s files are those that the page was made for', { skip }, async () => {
  for (const [name, { bytes, sha256 }] of Object.entries(MODEL_FILES)) {
    const content = await readFile(new URL(name, modelFolder));
    assert.equal(content.length, bytes, name);
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256, name);
  }
});

test('a text longer than the model reads is read to its end', { skip }, async () => {
  const filler = 'The committee spoke about the budget and put it off until next week. '.repeat(12);
  const question = await model.embed('how do penguins stay warm');
  const near = cosine(question, await model.embed(`${filler}Penguins huddle together against the cold.`));
  const without = cosine(question, await model.embed(filler));
  assert.ok(near > without + 0.05, `${near} ${without}`);
});

test('any text has a vector', { skip }, async () => {
  for (const text of ['', 'a', '☕', '\u0000\u0007', 'שלום עולם', '日本語', 'x'.repeat(100_000), '😀'.repeat(3000), '\ud800']) {
    const vector = await model.embed(text);
    assert.ok(vector.length === 384 && vector.every(Number.isFinite), text.slice(0, 20));
    assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-4);
  }
});

test('a word is the same in capitals and in compatible forms', () => {
  assert.equal(fold('ﬁNE'), 'fine');
});
