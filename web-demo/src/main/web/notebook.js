/**
 * The notebook's data: notes in one EdgeVec database. A note is an entry whose vector is that of
 * its text, and whose metadata holds the text itself, so the database is all there is to keep.
 *
 * A note is put at once, with a vector that stands for none; resolved means durable, model or no model.
 * Later the model's vector replaces that one in place, and the metadata's `space` says which of the two it
 * is. So a notebook from before the model, one that a Java program wrote with the model's vectors, and one
 * whose model never comes are all the same kind of database.
 */

import { DIMENSION, MEANING } from './minilm.js';
import { blended, cosine, LEAST_SCORE, simplerForms } from './ranking.js';
import { WordIndex } from './words.js';

const NAME = 'notebook';

/** Where another notebook's database lies while its notes are read. */
const VISITING = 'notebook-visiting';

/** Late, so that tests in Node can have a notebook over a database of theirs. */
const edgevec = () => import('./node_modules/edgevec-java/index.js');

/** Notes that are written in one go: enough to be quick, few enough to show progress. */
const PART = 512;

/** Notes that the model reads in one go; each takes some hundredths of a second. */
const MODEL_PART = 8;

/** What a query asks for beyond what it shows, because words may raise what lies behind. */
const MORE_HITS = 32;

/** The vector of a note that the model has not read yet. Its `space` says so. */
const NO_VECTOR = Float32Array.from({ length: DIMENSION }, (_, i) => (i === 0 ? 1 : 0));
const NO_SPACE = 'none';

/**
 * @typedef {object} Note
 * @property {string} id
 * @property {string} topic may be empty
 * @property {string} text
 * @property {boolean} sample one of the notes that came with the page, unchanged
 * @property {number} created milliseconds since 1970
 * @property {number} [score] in search results: at most 1, larger is nearer
 * @property {boolean} [shared] in search results: whether it has a word of the query
 */

/**
 * @typedef {object} Found
 * @property {Note[]} notes best first
 * @property {Map<string, string>} corrections see {@link import('./words.js').Match}
 */

export class Notebook {
  #db;
  #words = new WordIndex();
  /** By id, in the order in which notes were last written: whether each is a sample, and its space. */
  #notes = new Map();

  constructor(db) {
    this.#db = db;
  }

  /**
   * Opens the notebook, or begins one.
   *
   * @param {{ifLost?: 'error' | 'create', salvage?: boolean}} [options]
   */
  static async open(options = {}) {
    const { open } = await edgevec();
    return Notebook.over(await open(NAME, { dimension: DIMENSION, metric: 'cosine', lockWaitMillis: 2000, ...options }));
  }

  /** A notebook over a database that is open. */
  static async over(db) {
    const notebook = new Notebook(db);
    for await (const entry of db.entries()) {
      notebook.#remember(toNote(entry), entry.metadata.space);
    }
    return notebook;
  }

  get size() {
    return this.#notes.size;
  }

  get sampleCount() {
    return this.#count((note) => note.sample);
  }

  /** How many notes the model has not read yet. */
  get waiting() {
    return this.#count((note) => note.space !== MEANING);
  }

  /**
   * Adds paragraphs as notes, those whose id is taken replacing what is there. What was reported as
   * done is durable, and stays if the rest is given up.
   *
   * @param {{id?: string, topic: string, text: string, created?: number, sample?: boolean, vector?: Float32Array}[]} paragraphs
   *   `vector` is the model's, where it is known
   * @param {{onProgress?: (done: number, total: number) => void, signal?: AbortSignal}} [options]
   * @returns {Promise<number>} how many were added
   */
  async add(paragraphs, { onProgress = () => {}, signal } = {}) {
    const notes = paragraphs.map((paragraph) => newNote(paragraph));
    onProgress(0, notes.length);
    for (let start = 0; start < notes.length; start += PART) {
      await this.#putMany(notes.slice(start, start + PART), {
        signal,
        onProgress: (done) => onProgress(start + done, notes.length),
      });
      await nextTask();
    }
    return notes.length;
  }

  /** Adds those of the sample notes that are not there. */
  async addSamples(samples, options) {
    const missing = samples.filter((sample) => !this.#notes.has(sample.id));
    return this.add(
      missing.map((sample) => ({ ...sample, sample: true })),
      options,
    );
  }

  /**
   * Adds the notes of another notebook's database, with the vectors that the model made of them; they replace notes of
   * the same id.
   *
   * @param {Record<string, Uint8Array>} files the database's, by name
   * @param {{onProgress?: (done: number, total: number) => void, signal?: AbortSignal}} [options]
   * @returns {Promise<number>} how many were added
   */
  async addDatabase(files, options) {
    return this.add(await notesOfDatabase(files), options);
  }

  /** Gives the sample notes of an earlier version the model's vectors, which came with the page. */
  async understandSamples(samples) {
    const waiting = samples.filter(({ id, vector }) => vector !== undefined && this.#notes.has(id) && this.#notes.get(id).space !== MEANING);
    const stored = await Promise.all(waiting.map(({ id }) => this.#db.get(id)));
    const same = stored
      .map((entry, i) => ({ note: entry && toNote(entry), sample: waiting[i] }))
      .filter(({ note, sample }) => note?.text === sample.text && note.topic === sample.topic)
      .map(({ note, sample }) => ({ ...note, vector: sample.vector }));
    await this.#putMany(same);
  }

  /** Removes the sample notes that were not edited, all or none of them. */
  async removeSamples() {
    return this.#deleteAll([...this.#notes].filter(([, { sample }]) => sample).map(([id]) => id));
  }

  /**
   * Removes all notes, all or none of them.
   *
   * @returns {Promise<Note[]>} what {@link add} takes to undo it
   */
  async clear() {
    const notes = [];
    for await (const entry of this.#db.entries()) {
      notes.push(withVector(entry));
    }
    await this.#deleteAll(notes.map(({ id }) => id));
    return notes;
  }

  /** Changes a note's topic and text. An edited sample is the visitor's own from then on. */
  async edit(id, { topic, text }) {
    const entry = await this.#db.get(id);
    const note = { ...toNote({ id, metadata: entry?.metadata ?? {} }), topic: wellFormed(topic), text: wellFormed(text), sample: false };
    await this.#putMany([note]);
    return note;
  }

  /**
   * Deletes a note.
   *
   * @returns {Promise<Note | undefined>} what {@link restore} takes to undo it
   */
  async delete(id) {
    const entry = await this.#db.get(id);
    this.#touch([id]);
    await this.#db.delete(id);
    this.#forget(id);
    return entry && withVector(entry);
  }

  async restore(note) {
    await this.#putMany([note]);
  }

  /**
   * Lets the model read the notes that it has not read yet. Can be left off and begun again at any time:
   * every part is durable for itself, and a note that is changed meanwhile stays as it was changed.
   *
   * @param {import('./meaning.js').Model} model
   * @param {{onProgress?: (done: number, total: number) => void, signal?: AbortSignal}} [options]
   */
  async understand(model, { onProgress = () => {}, signal } = {}) {
    const waiting = [...this.#notes].filter(([, { space }]) => space !== MEANING);
    for (let start = 0; start < waiting.length && !signal?.aborted; start += MODEL_PART) {
      const part = waiting.slice(start, start + MODEL_PART);
      const entries = await Promise.all(part.map(([id]) => this.#db.get(id)));
      const read = part.map(([id, state], i) => ({ id, state, entry: entries[i] })).filter(({ entry }) => entry !== undefined);
      const vectors = await model.embed(read.map(({ entry }) => toNote(entry)));
      const unchanged = read
        .map(({ id, state, entry }, i) => ({ state, note: { ...toNote(entry), id, vector: vectors[i] } }))
        .filter(({ state, note }) => this.#notes.get(note.id) === state);
      await this.#store(unchanged.map(({ note }) => note));
      for (const { state, note } of unchanged) {
        if (this.#notes.get(note.id) === state) {
          this.#notes.set(note.id, { ...state, space: MEANING });
        }
      }
      onProgress(Math.min(start + MODEL_PART, waiting.length), waiting.length);
    }
  }

  /**
   * The notes that have words of a query, or words like them.
   *
   * @returns {Promise<Found>}
   */
  async searchWords(query, k) {
    const { shares, corrections } = this.#words.match(query);
    const best = [...shares].filter(([, share]) => share >= LEAST_SCORE).sort(([, a], [, b]) => b - a).slice(0, k);
    const entries = await Promise.all(best.map(([id]) => this.#db.get(id)));
    const notes = entries.flatMap((entry, i) => (entry === undefined ? [] : [{ ...toNote(entry), score: best[i][1], shared: true }]));
    return { notes, corrections };
  }

  /** A query with supposed typing errors corrected; the same if there are none. See {@link searchMeaning}. */
  corrected(query, isWord) {
    return this.#words.corrected(query, orForm(isWord));
  }

  /**
   * The notes that mean what a query means, those first that have its words as well.
   *
   * @param {string} query
   * @param {Float32Array} vector the query's
   * @param {(word: string) => boolean} isWord whether the model was taught a word
   * @param {number} k
   * @returns {Promise<Found>}
   */
  async searchMeaning(query, vector, isWord, k) {
    const { shares, corrections } = this.#words.match(query, orForm(isWord));
    const hits = await this.#db.search(vector, { k: k + MORE_HITS });
    const cosines = new Map(hits.filter((hit) => hit.metadata.space === MEANING).map((hit) => [hit.id, hit.score]));
    const found = new Map(hits.map((hit) => [hit.id, hit]));
    const byWords = [...shares].sort(([, a], [, b]) => b - a).slice(0, k).map(([id]) => id);
    for (const entry of await Promise.all(byWords.filter((id) => !cosines.has(id)).map((id) => this.#db.get(id)))) {
      if (entry !== undefined) {
        found.set(entry.id, entry);
        cosines.set(entry.id, entry.metadata.space === MEANING ? cosine(entry.vector, vector) : 0);
      }
    }
    const notes = [...cosines]
      .map(([id, near]) => ({ ...toNote(found.get(id)), score: blended(near, shares.get(id) ?? 0), shared: shares.has(id) }))
      .filter(({ score }) => score >= LEAST_SCORE)
      .sort((a, b) => b.score - a.score)
      .slice(0, k);
    return { notes, corrections };
  }

  /**
   * The notes written last, the visitor's own before the samples.
   *
   * @returns {Promise<Note[]>}
   */
  async latest(count) {
    const ids = (samples) => [...this.#notes].filter(([, { sample }]) => sample === samples).map(([id]) => id);
    const first = [...ids(false).reverse(), ...ids(true)].slice(0, count);
    const entries = await Promise.all(first.map((id) => this.#db.get(id)));
    return entries.filter((entry) => entry !== undefined).map(toNote);
  }

  /** All notes, in the order in which they were last written. */
  async all() {
    const notes = [];
    for await (const entry of this.#db.entries()) {
      notes.push(toNote(entry));
    }
    return notes;
  }

  checkpoint() {
    return this.#db.checkpoint();
  }

  stats() {
    return this.#db.stats();
  }

  recoveryReport() {
    return this.#db.recoveryReport();
  }

  close() {
    return this.#db.close();
  }

  async #putMany(notes, options) {
    this.#touch(notes.map(({ id }) => id));
    await this.#store(notes, options);
    notes.forEach((note) => this.#remember(note, spaceOf(note)));
  }

  async #store(notes, options) {
    if (notes.length > 0) {
      await this.#db.putMany(
        notes.map(({ id }) => id),
        notes.map(({ vector }) => vector ?? NO_VECTOR),
        notes.map((note) => toMetadata(note)),
        options,
      );
    }
  }

  async #deleteAll(ids) {
    if (ids.length > 0) {
      this.#touch(ids);
      await this.#db.write(ids.map((id) => ({ delete: id })));
      ids.forEach((id) => this.#forget(id));
    }
    return ids.length;
  }

  /**
   * Tells {@link understand}, which may be reading these notes, that they are no longer what it reads.
   * Before the database is called, whose writes happen in the order of the calls.
   */
  #touch(ids) {
    for (const id of ids) {
      if (this.#notes.has(id)) {
        this.#notes.set(id, { ...this.#notes.get(id) });
      }
    }
  }

  #remember(note, space) {
    this.#notes.delete(note.id); // A replaced note moves to the end, as it does in the database.
    this.#notes.set(note.id, { sample: note.sample, space });
    this.#words.put(note.id, note);
  }

  #forget(id) {
    this.#notes.delete(id);
    this.#words.delete(id);
  }

  #count(condition) {
    let count = 0;
    for (const note of this.#notes.values()) {
      count += condition(note) ? 1 : 0;
    }
    return count;
  }
}

/** The files of the notebook's database, which must not be open. */
export async function notebookFiles() {
  return (await edgevec()).exportFiles(NAME);
}

/** The notes of a database, which is put beside the notebook's for a moment. */
async function notesOfDatabase(files) {
  const { destroy, importFiles, open } = await edgevec();
  await destroy(VISITING); // It is there if a tab was closed in such a moment.
  await importFiles(VISITING, files);
  try {
    const db = await open(VISITING, { create: false, dimension: DIMENSION, metric: 'cosine' });
    try {
      return await notesIn(db);
    } finally {
      await db.close();
    }
  } finally {
    await destroy(VISITING);
  }
}

async function notesIn(db) {
  const notes = [];
  for await (const entry of db.entries()) {
    if (typeof entry.metadata.text !== 'string') {
      throw new TypeError(`Its entry "${entry.id}" is no note: it has no text.`);
    }
    notes.push(withVector(entry));
  }
  return notes;
}

function newNote({ id = `note/${randomId()}`, topic, text, created = Date.now(), sample = false, vector }) {
  return { id, topic: wellFormed(topic), text: wellFormed(text), sample, created, vector };
}

/** Half a character, as a cut file may end in, cannot be stored. */
function wellFormed(text) {
  return text.toWellFormed?.() ?? text;
}

/** 128 random bits. `crypto.randomUUID` is there in secure contexts only. */
function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function orForm(isWord) {
  return (word) => [word, ...simplerForms(word)].some(isWord);
}

function spaceOf({ vector }) {
  return vector === undefined ? NO_SPACE : MEANING;
}

function toMetadata(note) {
  const { topic, text, sample, created } = note;
  return { topic, text, sample, created, space: spaceOf(note) };
}

function toNote({ id, metadata }) {
  const { topic = '', text = '', sample = false, created = 0 } = metadata;
  return { id, topic: String(topic), text: String(text), sample: sample === true, created: Number(created) };
}

/** A note as it is written, with the model's vector if it has one. */
function withVector(entry) {
  return { ...toNote(entry), vector: entry.metadata.space === MEANING ? entry.vector : undefined };
}

/** Lets the page paint and take input before the next part. */
function nextTask() {
  return new Promise((resolve) => setTimeout(resolve));
}
