/** The notes that the notebook opens with: our own, in Markdown files, one heading per note. */

import { splitParagraphs } from './text.js';

/** The files in `corpus/`, in the order in which the notebook shows them. */
export const corpusFiles = [
  'kitchen', 'science', 'garden', 'repairs', 'travel', 'history', 'computing', 'letters', 'books', 'home', 'meetings',
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

/** All sample notes, read from beside this module. */
export async function loadCorpus() {
  const parts = await Promise.all(
    corpusFiles.map(async (file) => {
      const response = await fetch(new URL(`corpus/${file}.md`, import.meta.url));
      if (!response.ok) {
        throw new Error(`The sample notes corpus/${file}.md could not be read: the server answered ${response.status}.`);
      }
      return corpusNotes(file, await response.text());
    }),
  );
  return parts.flat();
}
