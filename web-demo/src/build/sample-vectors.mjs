/**
 * Makes the vectors of the sample notes and of the example questions anew, with the model that the build has
 * put into target/model. To be run when a sample note or question has changed; takes half a minute.
 *
 *   node src/build/sample-vectors.mjs
 */

import { writeFile } from 'node:fs/promises';
import { encodeVectors, exampleQuestions } from '../main/web/corpus.js';
import { loadModel } from './model.mjs';
import { corpusFolder, readNotes } from './notes.mjs';

const notes = await readNotes();
const model = await loadModel();
const vectors = [];
for (const { topic, text } of [...notes, ...exampleQuestions.map((text) => ({ topic: '', text }))]) {
  vectors.push(await model.embed(text, topic));
}
const bytes = encodeVectors(vectors, notes);
await writeFile(new URL('vectors.bin', corpusFolder), bytes);
console.log(`${vectors.length} vectors, ${bytes.length.toLocaleString('en')} bytes`);
