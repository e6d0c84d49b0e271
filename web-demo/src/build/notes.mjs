/** The sample notes, read from their files. */

import { readFile } from 'node:fs/promises';
import { corpusFiles, corpusNotes } from '../main/web/corpus.js';

export const corpusFolder = new URL('../main/web/corpus/', import.meta.url);

export async function readNotes() {
  const parts = corpusFiles.map(async (file) => corpusNotes(file, await readFile(new URL(`${file}.md`, corpusFolder), 'utf8')));
  return (await Promise.all(parts)).flat();
}
