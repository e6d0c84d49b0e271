/**
 * The notes that the notebook opens with, in Markdown files, one heading per note; some questions to ask
 * of them; and the vectors of both, so that the first search by meaning need not wait for the model.
 */

import { splitParagraphs } from './text.js';

/** The files in `corpus/`, in the order in which the notebook shows them. */
export const corpusFiles = [
  'kitchen', 'science', 'garden', 'repairs', 'travel', 'history', 'computing', 'letters', 'books', 'home', 'meetings',
];

/** Questions that share no word with the note which answers them. */
export const exampleQuestions = [
  'the automobile will not start when it is freezing',
  'my faucet leaks',
  'wireless internet keeps cutting out',
  'fraudulent emails pretending to be my bank',
  'groggy after a flight to Tokyo',
];

/**
 * The notes of one file. Their ids are equal at every visit, so that they can be told apart from
 * the visitor's own and brought back.
 *
 * @param {string} file a name from {@link corpusFiles}
 * @param {string} markdown its content
 * @returns {{id: string, topic: string, text: string}[]}
 */
export function corpusNotes(file, markdown) {
  return splitParagraphs(markdown).map((paragraph, index) => ({
    id: `sample/${file}/${String(index + 1).padStart(2, '0')}`,
    ...paragraph,
  }));
}

/**
 * All sample notes, read from beside this module, with their vectors.
 *
 * @returns {Promise<{notes: {id: string, topic: string, text: string, vector?: Float32Array}[],
 *   questions: Map<string, Float32Array>}>} without vectors, where the file that has them is missing or
 *   was made of other texts
 */
export async function loadCorpus() {
  const [vectors, ...parts] = await Promise.all([
    fetchBeside('corpus/vectors.bin').then((response) => response.arrayBuffer()).catch(() => new ArrayBuffer(0)),
    ...corpusFiles.map(async (file) => corpusNotes(file, await (await fetchBeside(`corpus/${file}.md`)).text())),
  ]);
  return withVectors(parts.flat(), vectors);
}

async function fetchBeside(path) {
  const response = await fetch(new URL(path, import.meta.url));
  if (!response.ok) {
    throw new Error(`The sample notes ${path} could not be read: the server answered ${response.status}.`);
  }
  return response;
}

/** The vectors in `corpus/vectors.bin` given to the notes and questions that they are of. */
export function withVectors(notes, buffer) {
  const vectors = decodeVectors(buffer, notes);
  return {
    notes: notes.map((note, i) => (vectors === undefined ? note : { ...note, vector: vectors[i] })),
    questions: new Map(vectors === undefined ? [] : exampleQuestions.map((question, i) => [question, vectors[notes.length + i]])),
  };
}

/*
 * vectors.bin: a hash of all texts (32 bits), then for each note and each question the components as 16-bit
 * integers, the largest of them 32,767; all little-endian. The direction is kept to 1e-8, and the file is
 * half as large as one of floats.
 */

const LARGEST = 32_767;

/**
 * @param {Float32Array[]} vectors of all notes, then of all questions
 * @returns {Uint8Array} the bytes of `vectors.bin`
 */
export function encodeVectors(vectors, notes) {
  const dimension = vectors[0].length;
  const view = new DataView(new ArrayBuffer(4 + 2 * dimension * vectors.length));
  view.setUint32(0, textHash(notes), true);
  vectors.forEach((vector, row) => {
    const scale = LARGEST / Math.max(...vector.map(Math.abs));
    vector.forEach((value, i) => view.setInt16(4 + 2 * (row * dimension + i), Math.round(value * scale), true));
  });
  return new Uint8Array(view.buffer);
}

function decodeVectors(buffer, notes) {
  const count = notes.length + exampleQuestions.length;
  const view = new DataView(buffer);
  if (buffer.byteLength <= 4 || view.getUint32(0, true) !== textHash(notes)) {
    return undefined;
  }
  const dimension = (buffer.byteLength - 4) / 2 / count;
  return Array.from({ length: count }, (_, row) => {
    const vector = Float32Array.from({ length: dimension }, (_, i) => view.getInt16(4 + 2 * (row * dimension + i), true));
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

/** FNV-1a over all that was embedded. */
function textHash(notes) {
  let bits = 0x811c9dc5;
  for (const text of [...notes.flatMap(({ topic, text }) => [topic, text]), ...exampleQuestions]) {
    for (let i = 0; i < text.length; i++) {
      bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
    }
    bits = Math.imul(bits ^ 0xff, 0x01000193);
  }
  return bits >>> 0;
}
