/**
 * Turns a text into a vector: the one module to replace for another kind of search.
 *
 * It is lexical. Words and pieces of words (character 3- to 5-grams) are hashed to places in the
 * vector and added there with a sign that the hash decides, too ("feature hashing"). Texts are near
 * when they share words or word stems; meaning is not understood: "car" does not find "automobile".
 * In exchange it is a page of code, needs no download and takes a fraction of a millisecond.
 *
 * A neural model fits behind the same two exports; see README.md.
 */

/** Number of components of every vector. */
export const dimension = 384;

/**
 * The vector of a text: `dimension` numbers, of length 1. Equal texts have equal vectors, on every
 * platform; texts are compared by cosine.
 *
 * @param {string} text anything but blank
 * @returns {Float32Array}
 * @throws {RangeError} if the text is blank
 */
export function embed(text) {
  const normalized = text.normalize('NFKC').toLowerCase();
  const vector = new Float32Array(dimension);
  for (const [word, count] of countedWords(normalized)) {
    addWord(vector, word, (1 + Math.log(count)) * wordWeight(word));
  }
  return toUnitLength(vector);
}

/** Words that say little about what a text is about. They weigh little, so that topics decide. */
const COMMON_WORDS = new Set(
  ('a about after again all also am an and any are as at be because been before being both but by can could did do ' +
    'does doing done down each else even every few for from get gets go goes had has have having he her here hers him his ' +
    'how i if in into is it its itself just let like long made make makes many may me might more most much must my no nor not ' +
    'now of off on once one only or other our out over own put same she should since so some such take than that the ' +
    'their them then there these they this those through to too two under until up upon us use used very was we well ' +
    'were what when where which while who whom whose why will with without would you your').split(' '),
);
const COMMON_WEIGHT = 0.08;

/** What all pieces of a word weigh together, and how it begins, where the word itself weighs 1. */
const PIECES_WEIGHT = 1;
const BEGINNING_WEIGHT = 0.8;
const SHORTEST_PIECE = 3;
const LONGEST_PIECE = 5;
const BEGINNING_LENGTH = 4;

function wordWeight(word) {
  return COMMON_WORDS.has(word) ? COMMON_WEIGHT : 1;
}

/** How often each word occurs. A text of signs alone ("☕ :-)") counts its signs instead. */
function countedWords(text) {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? text.match(/\S/gu);
  if (words === null) {
    throw new RangeError('A blank text has no vector. Give a text with at least one visible character.');
  }
  const counts = new Map();
  for (const word of words) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function addWord(vector, word, weight) {
  addFeature(vector, `word ${stem(word)}`, weight);
  const pieces = piecesOf(word);
  const pieceWeight = (weight * PIECES_WEIGHT) / Math.sqrt(pieces.length);
  for (const piece of pieces) {
    addFeature(vector, `piece ${piece}`, pieceWeight);
  }
  const characters = [...word];
  if (characters.length >= BEGINNING_LENGTH) {
    addFeature(vector, `begins ${characters.slice(0, BEGINNING_LENGTH).join('')}`, weight * BEGINNING_WEIGHT);
  }
}

/** An English word without the commonest endings, so that "chains" meets "chain" and "pruned" meets "pruning". */
function stem(word) {
  if (!/^[a-z]{4,}$/.test(word)) {
    return word;
  }
  const singular = word
    .replace(/(.{2})ies$/, '$1y')
    .replace(/(ss|x|ch|sh|o)es$/, '$1')
    .replace(/([^su])s$/, '$1');
  const bare = singular.replace(/(.{3})ing$/, '$1').replace(/(.{3})ed$/, '$1');
  const single = bare === singular ? bare : bare.replace(/([bdgklmnprt])\1$/, '$1');
  return single.replace(/(.{4})e$/, '$1');
}

/** The character n-grams of a word, its beginning and end marked: "cat" has "^ca", "cat", "at$", … */
function piecesOf(word) {
  const characters = ['^', ...word, '$'];
  const pieces = [];
  for (let length = SHORTEST_PIECE; length <= LONGEST_PIECE; length++) {
    for (let start = 0; start + length <= characters.length; start++) {
      pieces.push(characters.slice(start, start + length).join(''));
    }
  }
  return pieces;
}

/**
 * Each feature goes to several places. With one, two words that happen to share it would look
 * alike; with several, sharing all of them is next to impossible and chance stays small.
 */
const PLACES = 8;

function addFeature(vector, feature, weight) {
  const share = weight / Math.sqrt(PLACES);
  let hash = hash32(feature);
  for (let i = 0; i < PLACES; i++) {
    const sign = hash & 0x80000000 ? -1 : 1;
    vector[(hash & 0x7fffffff) % dimension] += sign * share;
    hash = mix(hash + 0x9e3779b9);
  }
}

/** FNV-1a over UTF-16 code units, its bits then mixed. */
function hash32(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return mix(hash);
}

/** The finalizer of MurmurHash3: every bit of the result depends on every bit of the argument. */
function mix(bits) {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Scales to length 1. Features that cancel out to nothing, a rare chance, leave the first axis. */
function toUnitLength(vector) {
  let squares = 0;
  for (const value of vector) {
    squares += value * value;
  }
  if (squares < 1e-12) {
    vector[0] = 1;
    squares = 1;
  }
  const scale = 1 / Math.sqrt(squares);
  return vector.map((value) => value * scale);
}
