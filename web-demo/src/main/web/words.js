/**
 * Search by words: which notes have the words of a query, or words like them. Forgives endings, typing
 * errors and words of which only the beginning is there; knows no meanings. Kept in memory, made anew from
 * the notes at every visit.
 */

import { beginsWord, contentWords, fold, sameStem, WORD } from './text.js';

/** What a word in a note is worth where the query's word is 1. */
const SAME = 1;
const LONGER_FORM = 0.95;
const BEGINNING = 0.9;
const OTHER_FORM = 0.85;
const MISSPELT = 0.85;

/** A word in the topic is worth so much more than one in the text. */
const TOPIC_FACTOR = 1.1;

/** Scripts that put no space between words: what a sign is part of is hard to tell. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** Two letters begin half of all words. */
const SHORTEST_BEGINNING = 3;

/** A word may have one typing error from the one length on, and two from the other: shorter ones are too alike. */
const SHORTEST_WITH_ERROR = 4;
const SHORTEST_WITH_ERRORS = 10;

/**
 * @typedef {object} Match
 * @property {Map<string, number>} shares by id of a note: 1 where it has all words of the query, less where
 *   it has some; rare words count more
 * @property {Map<string, string>} corrections the words in which a typing error is supposed, and what they
 *   are taken for
 */

export class WordIndex {
  /** Each word of the notes, and the ids of those that have it: with 2 in the topic, with 1 in the text only. */
  #places = new Map();
  /** The words of each note by its id. */
  #words = new Map();

  put(id, { topic, text }) {
    this.delete(id);
    const words = new Map();
    contentWords(text).forEach((word) => words.set(word, 1));
    contentWords(topic).forEach((word) => words.set(word, 2));
    this.#words.set(id, [...words.keys()]);
    for (const [word, place] of words) {
      if (!this.#places.has(word)) {
        this.#places.set(word, new Map());
      }
      this.#places.get(word).set(id, place);
    }
  }

  delete(id) {
    for (const word of this.#words.get(id) ?? []) {
      const ids = this.#places.get(word);
      ids.delete(id);
      if (ids.size === 0) {
        this.#places.delete(word);
      }
    }
    this.#words.delete(id);
  }

  /**
   * @param {string} query
   * @param {(word: string) => boolean} [isWord] whether a word that no note has is right all the same
   * @returns {Match}
   */
  match(query, isWord = () => false) {
    const wanted = contentWords(query);
    const corrections = new Map();
    const sums = new Map();
    let whole = 0;
    wanted.forEach((word, place) => {
      let alike = this.#alike(word, place === wanted.length - 1);
      if (alike.length === 0 && !isWord(word)) {
        alike = this.#misspelt(word);
        if (alike.length > 0) {
          corrections.set(word, alike[0].word);
        }
      }
      const best = new Map();
      for (const { word: found, worth } of alike) {
        for (const [id, where] of this.#places.get(found)) {
          best.set(id, Math.max(best.get(id) ?? 0, worth * (where === 2 ? TOPIC_FACTOR : 1)));
        }
      }
      const weight = Math.log(1 + this.#words.size / (1 + best.size));
      whole += weight;
      best.forEach((worth, id) => sums.set(id, (sums.get(id) ?? 0) + weight * worth));
    });
    const shares = new Map([...sums].map(([id, sum]) => [id, sum / (whole * TOPIC_FACTOR)]));
    return { shares, corrections };
  }

  /** The query with supposed typing errors corrected. */
  corrected(query, isWord) {
    const { corrections } = this.match(query, isWord);
    return query.replace(WORD, (word) => corrections.get(fold(word)) ?? word);
  }

  /** Words of the notes that are a word of the query but for its ending. */
  #alike(word, last) {
    const alike = [];
    const isUnspaced = UNSPACED.test(word);
    for (const found of this.#places.keys()) {
      if (found === word) {
        alike.push({ word: found, worth: SAME });
      } else if (sameStem(found, word)) {
        alike.push({ word: found, worth: found.length > word.length ? LONGER_FORM : OTHER_FORM });
      } else if (last && word.length >= SHORTEST_BEGINNING && beginsWord(found, word)) {
        alike.push({ word: found, worth: BEGINNING });
      } else if (isUnspaced && found.includes(word)) {
        alike.push({ word: found, worth: BEGINNING });
      }
    }
    return alike;
  }

  /** Words of the notes that are nearest to a word with typing errors, the most frequent first. */
  #misspelt(word) {
    let most = word.length < SHORTEST_WITH_ERROR ? 0 : word.length < SHORTEST_WITH_ERRORS ? 1 : 2;
    let nearest = [];
    for (const found of most === 0 ? [] : this.#places.keys()) {
      if (found[0] === word[0] && Math.abs(found.length - word.length) <= most) {
        const errors = typingErrors(word, found);
        if (errors <= most) {
          nearest = errors < most ? [] : nearest;
          most = errors;
          nearest.push({ word: found, worth: MISSPELT });
        }
      }
    }
    return nearest.sort((a, b) => this.#places.get(b.word).size - this.#places.get(a.word).size);
  }
}

/**
 * How many typing errors lead from one word to the other: letters left out, added, replaced, or swapped with
 * the next. Two letters of a word that are in each other's place count as one, as in "bycicle".
 */
export function typingErrors(a, b) {
  const errors = alignmentDistance(a, b);
  return errors === 2 && [...a].sort().join('') === [...b].sort().join('') ? 1 : errors;
}

/** The optimal string alignment distance. */
function alignmentDistance(a, b) {
  let before = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    before = last;
    last = row;
  }
  return last[b.length];
}
