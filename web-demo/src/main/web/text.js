/** Text without a page: paragraphs, note files, and which words of a note a query matched. */

/**
 * Longer paragraphs are cut at the end of a sentence, so that each note stays about one thing and is not
 * longer than a sentence encoder reads: some 128 tokens.
 */
const LONGEST_PARAGRAPH = 500;

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
    for (const part of cutText(paragraph, LONGEST_PARAGRAPH)) {
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

/**
 * A text in parts, each of at most `longest` characters: cut behind the last sentence that fits, else the
 * last word, else in mid word (but not mid character).
 *
 * @param {string} text
 * @param {number} longest
 * @param {number} [most] so many parts at most; the rest is left out
 * @returns {string[]} none of them blank
 */
export function cutText(text, longest, most = Infinity) {
  const parts = [];
  let rest = text;
  while (rest.length > longest && parts.length < most) {
    const end = cutPosition(rest, longest);
    parts.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  if (parts.length < most) {
    parts.push(rest);
  }
  return parts.filter((part) => part !== '');
}

function cutPosition(text, longest) {
  const start = text.slice(0, longest);
  const sentenceEnd = Math.max(...['. ', '! ', '? ', '.\n', '\n'].map((end) => start.lastIndexOf(end)));
  if (sentenceEnd > longest / 4) {
    return sentenceEnd + 1;
  }
  const space = start.lastIndexOf(' ');
  if (space > longest / 4) {
    return space + 1;
  }
  const code = text.charCodeAt(longest - 1);
  const splitsPair = code >= 0xd800 && code <= 0xdbff;
  return splitsPair ? longest - 1 : longest;
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
  const wanted = contentWords(query);
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
    const last = wanted.at(-1);
    add(found[0], wanted.some((query) => sameStem(word, query)) || (last !== undefined && beginsWord(word, last)));
    position = found.index + found[0].length;
  }
  add(text.slice(position), false);
  return pieces;
}

/** A word, or a sign that stands for one. */
export const WORD = /[\p{L}\p{M}\p{N}]+|\p{Extended_Pictographic}/gu;

/** Marking these would colour every note and tell nothing, and nobody looks for them. */
const SMALL_WORDS = new Set(
  ('a am an and are as at be been but by can did do does for from had has have how i if in is it its me my of off on or our ' +
    'so that the their then they this to too up was we were what when where which who why will with you your').split(' '),
);

/** The words of a text that say something, folded, each once. */
export function contentWords(text) {
  const words = new Set((text.match(WORD) ?? []).map(fold));
  return [...words].filter((word) => !SMALL_WORDS.has(word));
}

/** A word so that it equals itself in other letter cases and forms. */
export function fold(word) {
  return word.normalize('NFKC').toLowerCase();
}

/** What English words end in, and German ones; of other alphabets any two letters may be an ending. */
const ENDING = /^(s|es|e|ed|d|ing|er|ers|r|y|ies|ied|ier|ly|n|en|em|al|ic|ion|[^a-z]{1,2})?$/;

/** Whether two words differ in their endings only. */
export function sameStem(word, query) {
  const common = commonPrefixLength(word, query);
  const longestEnding = Math.max(word.length, query.length) - common;
  return (
    longestEnding === 0 ||
    (common >= 3 &&
      longestEnding <= Math.min(3, common - 1) &&
      common >= query.length - 2 &&
      ENDING.test(word.slice(common)) &&
      ENDING.test(query.slice(common)))
  );
}

/** Whether a query's word, of which more may still be typed, is the beginning of a word. */
export function beginsWord(word, typed) {
  return typed.length >= 2 && word.startsWith(typed);
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
