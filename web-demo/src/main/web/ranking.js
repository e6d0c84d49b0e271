/**
 * What comes first: words and meaning together.
 *
 * Meaning leads, and the words of the query raise a note towards 1 by how many of them it has. The cube
 * keeps out what has only one of many: a sentence is decided by what it means, a name or a number by who
 * has it. Ranks of both lists put together ("reciprocal rank fusion") would ruin it: where no word is shared
 * the list by words is noise, and would have half the say.
 */

/** How far towards 1 a note is raised that has all words of the query. */
const WORDS_WEIGHT = 0.6;

/** Hits below the one are left out, hits below the other shown as weak: unrelated notes come up to 0.3. */
export const LEAST_SCORE = 0.2;
export const WEAK_SCORE = 0.3;

/** The cosine of two vectors of any length. */
export function cosine(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0) / Math.hypot(...a) / Math.hypot(...b);
}

/**
 * @param {number} near the cosine of the query's and the note's vector
 * @param {number} share of the query's words that the note has, 0 to 1; see {@link WordIndex#match}
 * @returns {number} at most 1
 */
export function blended(near, share) {
  return near + (1 - near) * WORDS_WEIGHT * share ** 3;
}

/**
 * The vector of a query in which a typing error is supposed: mostly that of the corrected one, since a
 * misspelt word means nothing to the model, and a little that of what was typed, which may have been right.
 */
export function mostly(corrected, typed) {
  const sum = corrected.map((value, i) => 2 * value + typed[i]);
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

/**
 * Forms of an English word that a vocabulary may have where it lacks the word itself: "chopping" gives
 * "chop", "chopp" and "choppe".
 */
export function simplerForms(word) {
  return ['ing', 'ed', 'es', 's', 'er', 'ly']
    .filter((ending) => word.endsWith(ending) && word.length > ending.length + 2)
    .flatMap((ending) => {
      const stem = word.slice(0, -ending.length);
      return [stem, `${stem}e`, stem.replace(/(.)\1$/, '$1')];
    });
}
