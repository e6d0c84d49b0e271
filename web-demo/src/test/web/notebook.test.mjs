import assert from 'node:assert/strict';
import test from 'node:test';
import { DIMENSION, MEANING } from '../../main/web/minilm.js';
import { Notebook } from '../../main/web/notebook.js';

/** As much of a database as a notebook uses. Writes of an id happen in the order of the calls, after a while. */
class FakeDatabase {
  entriesById = new Map();
  failing = false;
  #last = Promise.resolve();

  #write(change) {
    const done = this.#last.then(() => new Promise((resolve) => setTimeout(resolve, 5))).then(() => {
      if (this.failing) {
        throw Object.assign(new Error('There is no room.'), { code: 'FULL' });
      }
      return change();
    });
    this.#last = done.catch(() => {});
    return done;
  }

  putMany(ids, vectors, metadatas, { onProgress = () => {} } = {}) {
    return this.#write(() => {
      ids.forEach((id, i) => {
        this.entriesById.delete(id);
        this.entriesById.set(id, { id, vector: vectors[i], metadata: metadatas[i] });
      });
      onProgress(ids.length, ids.length);
    });
  }

  write(changes) {
    return this.#write(() => changes.forEach((change) => this.entriesById.delete(change.delete)));
  }

  delete(id) {
    return this.#write(() => this.entriesById.delete(id));
  }

  async get(id) {
    return this.entriesById.get(id);
  }

  async *entries() {
    yield* this.entriesById.values();
  }

  async search(query, { k }) {
    const score = ({ vector }) => vector.reduce((sum, value, i) => sum + value * query[i], 0);
    return [...this.entriesById.values()]
      .map((entry) => ({ id: entry.id, metadata: entry.metadata, score: score(entry) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, k);
  }
}

/** Lets calls be made, and not end. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The vector of axis `i`. */
const axis = (i) => Float32Array.from({ length: DIMENSION }, (_, place) => (place === i ? 1 : 0));

/** A model to which all that has "bird" in it is alike; `during` is done while it reads. */
const modelOf = (during = async () => {}) => ({
  read: 0,
  async embed(notes) {
    this.read += notes.length;
    await during(notes);
    return notes.map(({ topic, text }) => axis(/bird|penguin/.test(`${topic} ${text}`) ? 5 : 6));
  },
});

const noteOf = (id, text) => ({ id, topic: '', text });

async function notebookOf(...notes) {
  const db = new FakeDatabase();
  const notebook = await Notebook.over(db);
  await notebook.add(notes);
  return { db, notebook };
}

test('a note is saved without a model, and read when there is one', async () => {
  const { db, notebook } = await notebookOf(noteOf('a', 'penguins'), noteOf('b', 'tea'));
  assert.deepEqual([notebook.size, notebook.waiting], [2, 2]);
  assert.notEqual(db.entriesById.get('a').metadata.space, MEANING);
  assert.deepEqual((await notebook.searchWords('penguin', 5)).notes.map(({ id }) => id), ['a']);
  assert.deepEqual((await notebook.searchMeaning('flying things', axis(5), () => true, 5)).notes, [], 'what is not read has no meaning');
  const told = [];
  await notebook.understand(modelOf(), { onProgress: (done, total) => told.push([done, total]) });
  assert.equal(notebook.waiting, 0);
  assert.deepEqual(told.at(-1), [2, 2]);
  assert.deepEqual((await notebook.searchMeaning('flying things', axis(5), () => true, 5)).notes.map(({ id, shared }) => [id, shared]), [['a', false]]);
  assert.deepEqual(Object.keys(db.entriesById.get('a').metadata).sort(), ['created', 'sample', 'space', 'text', 'topic']);
});

test('words raise what meaning finds, and a note that is not read yet is found by words', async () => {
  const { notebook } = await notebookOf(noteOf('a', 'penguins'), noteOf('b', 'birds of Iceland'));
  await notebook.understand(modelOf());
  await notebook.add([noteOf('c', 'Iceland')]);
  const between = axis(5).map((value, i) => (value + axis(7)[i]) / Math.SQRT2);
  const { notes } = await notebook.searchMeaning('Iceland', between, () => true, 5);
  assert.deepEqual(notes.map(({ id }) => id), ['b', 'a', 'c']);
});

test('a note that is edited while the model reads it stays as it was edited', async () => {
  for (const moment of ['before', 'during']) {
    const { db, notebook } = await notebookOf(noteOf('a', 'old penguins'));
    let edited;
    const model = modelOf(async () => {
      edited = notebook.edit('a', { topic: 'T', text: 'new' });
      if (moment === 'before') {
        await edited;
      }
    });
    await notebook.understand(model);
    await edited;
    assert.equal(db.entriesById.get('a').metadata.text, 'new', moment);
    assert.equal(notebook.waiting, 1, moment);
    assert.deepEqual((await notebook.searchWords('penguins', 5)).notes, [], moment);
  }
});

test('a note that is deleted while the model reads it stays away', async () => {
  for (const remove of ['delete', 'clear']) {
    const { db, notebook } = await notebookOf(noteOf('a', 'penguins'), noteOf('b', 'tea'));
    let removed;
    const model = modelOf(async () => {
      removed ??= notebook[remove]('a');
      await turn();
    });
    await notebook.understand(model);
    await removed;
    assert.equal(db.entriesById.has('a'), false, remove);
    assert.equal(notebook.size, remove === 'clear' ? 0 : 1);
  }
});

test('storage that is full in the middle of reading loses nothing, and reading can be begun anew', async () => {
  const { db, notebook } = await notebookOf(...Array.from({ length: 30 }, (_, i) => noteOf(`n${i}`, `penguin ${i}`)));
  const model = modelOf(async () => (db.failing = model.read > 10));
  await assert.rejects(notebook.understand(model), { code: 'FULL' });
  assert.deepEqual([notebook.size, db.entriesById.size], [30, 30]);
  assert.ok(notebook.waiting > 0 && notebook.waiting < 30);
  db.failing = false;
  const again = await Notebook.over(db);
  assert.equal(again.waiting, notebook.waiting);
  const second = modelOf();
  await again.understand(second);
  assert.deepEqual([again.waiting, second.read], [0, notebook.waiting], 'what was read is not read again');
});

test('reading stops when it is told to', async () => {
  const { notebook } = await notebookOf(...Array.from({ length: 30 }, (_, i) => noteOf(`n${i}`, `penguin ${i}`)));
  const controller = new AbortController();
  await notebook.understand(modelOf(async () => controller.abort()), { signal: controller.signal });
  assert.ok(notebook.waiting > 0 && notebook.waiting < 30);
});

test('samples of before get the vectors that come with the page, unless they were changed', async () => {
  const { db, notebook } = await notebookOf();
  await db.putMany(
    ['sample/1', 'sample/2', 'mine'],
    [axis(1), axis(1), axis(1)],
    ['same', 'changed', 'other'].map((text) => ({ topic: 'T', text, sample: text !== 'other', created: 1 })),
  );
  const old = await Notebook.over(db);
  assert.equal(old.waiting, 3);
  const samples = ['1', '2', '3'].map((id) => ({ id: `sample/${id}`, topic: 'T', text: 'same', vector: axis(9) }));
  await old.understandSamples(samples);
  assert.equal(old.waiting, 2);
  assert.deepEqual(db.entriesById.get('sample/1').vector, axis(9));
  assert.equal(db.entriesById.get('sample/2').metadata.text, 'changed');
  assert.equal(notebook.size, 0);
});

test('what is removed comes back as it was', async () => {
  const { db, notebook } = await notebookOf(noteOf('a', 'penguins'), noteOf('b', 'tea'));
  await notebook.understand(modelOf());
  const before = db.entriesById.get('a');
  await notebook.restore(await notebook.delete('a'));
  assert.deepEqual(db.entriesById.get('a'), before);
  await notebook.add(await notebook.clear());
  assert.deepEqual([notebook.size, notebook.waiting], [2, 0]);
});

test('half a character is mended, since it could not be stored', async () => {
  const { db } = await notebookOf(noteOf('a', 'cut \ud83d'));
  assert.ok(db.entriesById.get('a').metadata.text.isWellFormed?.() ?? true);
});
