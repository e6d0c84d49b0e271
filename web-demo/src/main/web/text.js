/** Text without a page: paragraphs, note files, and which words of a note a query matched. */

/** Longer paragraphs are cut at the end of a sentence, so that each note stays about one thing. */
const LONGEST_PARAGRAPH = 2000;

/**
 * The paragraphs of a text: what blank lines separate. A Markdown heading is the topic of the
 * paragraphs below it; its line is no paragraph of its own.
 *
 * @param {string} text
 * @param {string} [topic] the topic until the first heading
 * @returns {{topic: string, text: string}[]}
 */
export function splitParagraphs(text, topic = '') {
  const paragraphs = [];
  let current = topic;
  let lines = [];
  let inFence = false;
  const endParagraph = () => {
    const paragraph = lines.join('\n').trim();
    lines = [];
    for (const part of cutLong(paragraph)) {
      paragraphs.push({ topic: current, text: part });
    }
  };
  for (const line of text.replace(/\r\n?/g, '\n').replace(/^\uFEFF/, '').split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) {
      inFence = !inFence;
    }
    const heading = inFence ? null : line.match(/^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/);
    if (heading !== null) {
      endParagraph();
      current = heading[1];
    } else if (line.trim() === '' && !inFence) {
      endParagraph();
    } else {
      lines.push(line.trimEnd());
    }
  }
  endParagraph();
  return paragraphs;
}

function cutLong(paragraph) {
  const parts = [];
  let rest = paragraph;
  while (rest.length > LONGEST_PARAGRAPH) {
    const end = cutPosition(rest);
    parts.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  if (rest !== '') {
    parts.push(rest);
  }
  return parts;
}

/** Behind the last sentence that fits, else the last word, else in mid word (but not mid character). */
function cutPosition(text) {
  const start = text.slice(0, LONGEST_PARAGRAPH);
  const sentenceEnd = Math.max(...['. ', '! ', '? ', '.\n', '\n'].map((end) => start.lastIndexOf(end)));
  if (sentenceEnd > LONGEST_PARAGRAPH / 4) {
    return sentenceEnd + 1;
  }
  const space = start.lastIndexOf(' ');
  if (space > LONGEST_PARAGRAPH / 4) {
    return space + 1;
  }
  const code = text.charCodeAt(LONGEST_PARAGRAPH - 1);
  const splitsPair = code >= 0xd800 && code <= 0xdbff;
  return splitsPair ? LONGEST_PARAGRAPH - 1 : LONGEST_PARAGRAPH;
}

/** The topic that a file's name suggests: without folder, ending and dashes. */
export function topicOfFile(name) {
  return name
    .replace(/^.*[/\\]/, '')
    .replace(/\.[^.]+$/, '')
    .replace(/[-_]+/g, ' ')
    .trim();
}

/**
 * A text in pieces, in order, each marked if it is a word that the query has, too: the same word or
 * one with the same stem. The query's last word may still be being typed, so it marks all words that
 * begin with it.
 *
 * @param {string} text
 * @param {string} query
 * @returns {{text: string, match: boolean}[]}
 */
export function markMatches(text, query) {
  const wanted = wordsOf(query);
  const pieces = [];
  const add = (piece, match) => {
    if (piece === '') {
      return;
    }
    const last = pieces.at(-1);
    if (last !== undefined && last.match === match) {
      last.text += piece;
    } else {
      pieces.push({ text: piece, match });
    }
  };
  let position = 0;
  for (const found of text.matchAll(WORD)) {
    add(text.slice(position, found.index), false);
    const word = fold(found[0]);
    add(found[0], wanted.some((query) => sameStem(word, query)) || beginsWithLast(word, wanted));
    position = found.index + found[0].length;
  }
  add(text.slice(position), false);
  return pieces;
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Marking these would colour every note and tell nothing. */
const UNMARKED = new Set(
  'a an and are as at be by can do does for from how i in is it my of on or that the to was what when where which who why with you'.split(' '),
);

function wordsOf(query) {
  return (query.match(WORD) ?? []).map(fold).filter((word) => !UNMARKED.has(word));
}

function fold(word) {
  return word.normalize('NFKC').toLowerCase();
}

function sameStem(word, query) {
  const common = commonPrefixLength(word, query);
  const longestEnding = Math.max(word.length, query.length) - common;
  return longestEnding === 0 || (common >= 3 && longestEnding <= Math.min(3, common - 1) && common >= query.length - 2);
}

function beginsWithLast(word, wanted) {
  const last = wanted.at(-1);
  return last !== undefined && last.length >= 2 && word.startsWith(last);
}

function commonPrefixLength(a, b) {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) {
    length++;
  }
  return length;
}

/** A number of bytes as people read it: "0 bytes", "12.3 KB". */
export function formatBytes(bytes) {
  if (bytes < 1000) {
    return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  }
  const units = ['KB', 'MB', 'GB'];
  let value = bytes;
  let unit = -1;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** "1 note", "2 notes". */
export function counted(count, noun, plural = `${noun}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** What is embedded of a note: its topic counts like the same words three times in the text. */
export function embeddedText({ topic, text }) {
  return topic === '' ? text : `${topic}\n${topic}\n${topic}\n${text}`;
}
