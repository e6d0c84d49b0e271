/**
 * The notebook's data: notes in one EdgeVec database. A note is an entry whose vector is that of
 * its text, and whose metadata holds the text itself, so the database is all there is to keep.
 */

import { exportFiles, open } from './node_modules/edgevec-java/index.js';
import { dimension, embed } from './embed.js';
import { embeddedText } from './text.js';

const NAME = 'notebook';

/** Notes that are embedded and written in one go: enough to be quick, few enough to show progress. */
const PART = 128;

/**
 * @typedef {object} Note
 * @property {string} id
 * @property {string} topic may be empty
 * @property {string} text
 * @property {boolean} sample one of the notes that came with the page, unchanged
 * @property {number} created milliseconds since 1970
 * @property {number} [score] in search results: cosine, larger is nearer
 */

export class Notebook {
  #db;
  /** Ids of all notes, in the order in which they were last written; whether each is a sample. */
  #ids = new Map();

  constructor(db) {
    this.#db = db;
  }

  /**
   * Opens the notebook, or begins one.
   *
   * @param {{ifLost?: 'error' | 'create', salvage?: boolean}} [options]
   */
  static async open(options = {}) {
    const notebook = new Notebook(await open(NAME, { dimension, metric: 'cosine', lockWaitMillis: 2000, ...options }));
    for await (const entry of notebook.#db.entries()) {
      notebook.#ids.set(entry.id, entry.metadata.sample === true);
    }
    return notebook;
  }

  get size() {
    return this.#ids.size;
  }

  get sampleCount() {
    let count = 0;
    for (const sample of this.#ids.values()) {
      count += sample ? 1 : 0;
    }
    return count;
  }

  /**
   * Adds paragraphs as notes, those whose id is taken replacing what is there. What was reported as
   * done is durable, and stays if the rest is given up.
   *
   * @param {{id?: string, topic: string, text: string, created?: number, sample?: boolean}[]} paragraphs
   * @param {{onProgress?: (done: number, total: number) => void, signal?: AbortSignal}} [options]
   * @returns {Promise<number>} how many were added
   */
  async add(paragraphs, { onProgress = () => {}, signal } = {}) {
    const notes = paragraphs.map((paragraph) => newNote(paragraph));
    onProgress(0, notes.length);
    for (let start = 0; start < notes.length; start += PART) {
      const part = notes.slice(start, start + PART);
      const vectors = part.map((note) => embed(embeddedText(note)));
      await this.#db.putMany(
        part.map((note) => note.id),
        vectors,
        part.map(toMetadata),
        { signal, onProgress: (done) => onProgress(start + done, notes.length) },
      );
      part.forEach((note) => this.#remember(note));
      await nextTask();
    }
    return notes.length;
  }

  /** Adds those of the sample notes that are not there. */
  async addSamples(samples, options) {
    const missing = samples.filter((sample) => !this.#ids.has(sample.id));
    return this.add(
      missing.map((sample) => ({ ...sample, sample: true })),
      options,
    );
  }

  /** Removes the sample notes that were not edited, all or none of them. */
  async removeSamples() {
    const ids = [...this.#ids].filter(([, sample]) => sample).map(([id]) => id);
    if (ids.length > 0) {
      await this.#db.write(ids.map((id) => ({ delete: id })));
      ids.forEach((id) => this.#ids.delete(id));
    }
    return ids.length;
  }

  /** Changes a note's topic and text. An edited sample is the visitor's own from then on. */
  async edit(id, { topic, text }) {
    const entry = await this.#db.get(id);
    const note = { ...toNote({ id, metadata: entry?.metadata ?? {} }), topic, text, sample: false };
    await this.#put(note);
    return note;
  }

  /**
   * Deletes a note.
   *
   * @returns {Promise<Note | undefined>} what {@link restore} takes to undo it
   */
  async delete(id) {
    const entry = await this.#db.get(id);
    await this.#db.delete(id);
    this.#ids.delete(id);
    return entry === undefined ? undefined : toNote(entry);
  }

  async restore(note) {
    await this.#put(note);
  }

  /**
   * The notes nearest to a query, nearest first.
   *
   * @returns {Promise<Note[]>}
   */
  async search(query, k) {
    const hits = await this.#db.search(embed(query), { k });
    return hits.map((hit) => ({ ...toNote(hit), score: hit.score }));
  }

  /**
   * The notes written last, the visitor's own before the samples.
   *
   * @returns {Promise<Note[]>}
   */
  async latest(count) {
    const own = [...this.#ids].filter(([, sample]) => !sample).map(([id]) => id);
    const samples = [...this.#ids].filter(([, sample]) => sample).map(([id]) => id);
    const ids = [...own.reverse(), ...samples].slice(0, count);
    const entries = await Promise.all(ids.map((id) => this.#db.get(id)));
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

  async #put(note) {
    await this.#db.put(note.id, embed(embeddedText(note)), toMetadata(note));
    this.#remember(note);
  }

  #remember({ id, sample }) {
    this.#ids.delete(id); // A replaced note moves to the end, as it does in the database.
    this.#ids.set(id, sample);
  }
}

/** The files of the notebook's database, which must not be open. */
export function notebookFiles() {
  return exportFiles(NAME);
}

function newNote({ id = `note/${randomId()}`, topic, text, created = Date.now(), sample = false }) {
  return { id, topic, text, sample, created };
}

/** 128 random bits. `crypto.randomUUID` is there in secure contexts only. */
function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function toMetadata({ topic, text, sample, created }) {
  return { topic, text, sample, created };
}

function toNote({ id, metadata }) {
  const { topic = '', text = '', sample = false, created = 0 } = metadata;
  return { id, topic, text, sample, created: Number(created) };
}

/** Lets the page paint and take input before the next part. */
function nextTask() {
  return new Promise((resolve) => setTimeout(resolve));
}
