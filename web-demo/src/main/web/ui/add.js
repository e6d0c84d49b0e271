/** Adding notes: pasted text, and files that are chosen or dropped anywhere on the page. */

import { notesOfExport } from '../exchange.js';
import { filesOfTar } from '../tar.js';
import { counted, formatBytes, splitParagraphs, topicOfFile } from '../text.js';
import { $, act, shared } from './page.js';
import { longWork } from './work.js';

/** A larger file is hardly a text, and would have to fit into memory several times. */
const LARGEST_FILE_BYTES = 32_000_000;

/** A larger database does not fit into a page's memory twice. */
const LARGEST_DATABASE_BYTES = 256_000_000;

/** Lies beside a database's files where Java has it, and is none of them. */
const LOCK = 'edgevec.lock';

/** So many files that were left out are named; of the rest the number is told. */
const MOST_NAMED = 3;

async function addParagraphs(paragraphs, source, leftOut = []) {
  const added = paragraphs.length === 0 ? 0 : await longWork('Adding notes', (options) => shared.notebook.add(paragraphs, options));
  tell(added, source, leftOut);
  return added > 0;
}

function tell(added, source, leftOut) {
  const told = added === 0 ? `There is no paragraph in ${source}.` : `${counted(added, 'note')} added and saved.`;
  $('add-status').textContent = [told, ...leftOutText(leftOut)].join(' ');
}

function leftOutText(leftOut) {
  const named = leftOut.slice(0, MOST_NAMED).map(({ name, why }) => `${name} was left out: ${why}.`);
  return leftOut.length > MOST_NAMED ? [...named, `So were ${leftOut.length - MOST_NAMED} more.`] : named;
}

async function addPasted() {
  const added = await addParagraphs(splitParagraphs($('paste-box').value, $('paste-topic').value.trim()), 'the text');
  if (added) {
    $('add-form').reset();
  }
}

async function addFiles(files) {
  const paragraphs = [];
  const leftOut = [];
  await longWork('Reading files', async ({ onProgress, signal }) => {
    for (const [i, file] of files.entries()) {
      if (signal.aborted) {
        throw Object.assign(new Error('Stopped.'), { code: 'ABORTED' });
      }
      onProgress(i, files.length);
      try {
        paragraphs.push(...(await paragraphsOf(file)));
      } catch (error) {
        leftOut.push({ name: file.name, why: error.message.replace(/\.$/, '') });
      }
    }
  });
  await addParagraphs(paragraphs, counted(files.length, 'file'), leftOut);
}

/** What was chosen or dropped: texts, and the files of a database, which all together are one. */
async function addChosen(chosen) {
  const isPart = ({ name }) => /\.(evec|tar)$/i.test(name);
  const ofDatabase = chosen.filter(isPart);
  const texts = chosen.filter((file) => !isPart(file) && (ofDatabase.length === 0 || file.name !== LOCK));
  if (ofDatabase.length > 0) {
    await addDatabase(ofDatabase);
  }
  if (texts.length > 0) {
    await addFiles(texts);
  }
}

async function addDatabase(parts) {
  const name = parts.length === 1 ? parts[0].name : 'The database';
  try {
    const added = await longWork('Adding a database', async (options) => shared.notebook.addDatabase(await filesOfDatabase(parts), options));
    tell(added, name, []);
  } catch (error) {
    // What is wrong with those files is no fault of the notebook's own.
    tell(0, name, [{ name, why: error.message.replace(/\.$/, '') }]);
  }
}

async function filesOfDatabase(parts) {
  if (parts.reduce((sum, { size }) => sum + size, 0) > LARGEST_DATABASE_BYTES) {
    throw new Error(`it is larger than ${formatBytes(LARGEST_DATABASE_BYTES)}`);
  }
  const files = {};
  for (const part of parts) {
    const bytes = new Uint8Array(await part.arrayBuffer());
    Object.assign(files, /\.tar$/i.test(part.name) ? filesOfTar(bytes) : { [part.name]: bytes });
  }
  delete files[LOCK];
  return files;
}

async function paragraphsOf(file) {
  if (file.size > LARGEST_FILE_BYTES) {
    throw new Error(`it is larger than ${formatBytes(LARGEST_FILE_BYTES)}`);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.includes(0)) {
    throw new Error('it is not a text; the notebook takes .txt and .md files, and its own exports');
  }
  const text = new TextDecoder().decode(bytes);
  if (/\.json$/i.test(file.name)) {
    return notesOfExport(text);
  }
  return splitParagraphs(text, topicOfFile(file.name));
}

export function wireAdding() {
  $('add-form').onsubmit = (event) => {
    event.preventDefault();
    act(addPasted);
  };
  $('file-input').onchange = async () => {
    const files = [...$('file-input').files];
    $('file-input').value = '';
    await act(() => addChosen(files));
  };
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  const setDropping = (dropping) => document.body.classList.toggle('dropping', dropping);
  document.addEventListener('dragover', (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      setDropping(true);
    }
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) {
      setDropping(false);
    }
  });
  document.addEventListener('drop', (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      setDropping(false);
      const files = [...event.dataTransfer.files];
      act(() => addChosen(files));
    }
  });
}
