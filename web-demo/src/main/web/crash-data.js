/**
 * What the crash test writes, and how it judges what it finds. Every entry follows from its id alone,
 * so whoever finds one can tell whether it is whole without having been told what was written.
 */

export const CRASH_DIMENSION = 32;

/** Under it the browser's localStorage has what a tab that was to be closed had acknowledged. */
export const RECORD_KEY = 'edgevec-demo-close-test';

/** So many writers of single entries and of batches write at a time, each waiting for its last to be durable. */
export const SINGLE_WRITERS = 6;
export const BATCH_WRITERS = 2;

/** Batches have between 2 and this many entries. */
const LARGEST_BATCH = 24;

/** The ids that belong together in batch `number`. */
export function batchIds(number) {
  const size = 2 + (hash(`size ${number}`) % (LARGEST_BATCH - 1));
  return Array.from({ length: size }, (_, part) => `batch/${number}/${part}`);
}

export function singleId(number) {
  return `single/${number}`;
}

/**
 * The ids that were acknowledged, from the last number of each writer: each counts up from its own place by
 * the number of its kind, and goes on only when it is acknowledged.
 *
 * @param {{singles: Record<string, number>, batches: Record<string, number>}} last by the writer's place
 * @returns {Set<string>}
 */
export function acknowledgedUpTo({ singles, batches }) {
  const numbers = (last, step) =>
    Object.entries(last).flatMap(([first, end]) => Array.from({ length: (end - first) / step + 1 }, (_, i) => Number(first) + i * step));
  return new Set([...numbers(singles, SINGLE_WRITERS).map(singleId), ...numbers(batches, BATCH_WRITERS).flatMap(batchIds)]);
}

/** The vector of an entry: numbers from its id that `Float32Array` holds exactly. */
export function vectorOf(id) {
  const vector = new Float32Array(CRASH_DIMENSION);
  for (let i = 0; i < CRASH_DIMENSION; i++) {
    vector[i] = (hash(`${id} ${i}`) % 65_536) / 256;
  }
  return vector;
}

export function metadataOf(id) {
  return { check: hash(id), text: `This is ${id}, written by the crash test.` };
}

/** Whether an entry is, to the last bit, what was written under its id. */
export function isWhole({ id, vector, metadata }) {
  const expected = vectorOf(id);
  const expectedMetadata = metadataOf(id);
  return (
    vector.length === expected.length &&
    expected.every((value, i) => vector[i] === value) &&
    Number(metadata.check) === expectedMetadata.check &&
    metadata.text === expectedMetadata.text
  );
}

/**
 * Compares what was promised with what is there.
 *
 * @param {{submitted: Set<string>, acknowledged: Set<string>}} burst
 * @param {Map<string, {id: string, vector: Float32Array, metadata: object}>} entries
 */
export function compare({ submitted, acknowledged }, entries) {
  const wrong = [...entries.values()].filter((entry) => !isWhole(entry)).map((entry) => entry.id);
  const wrongIds = new Set(wrong);
  const found = (id) => entries.has(id) && !wrongIds.has(id);
  const batches = new Set([...entries.keys()].filter((id) => id.startsWith('batch/')).map((id) => Number(id.split('/')[1])));
  return {
    submitted: submitted.size,
    acknowledged: acknowledged.size,
    recovered: entries.size - wrong.length,
    lost: [...acknowledged].filter((id) => !found(id)),
    halfBatches: [...batches].filter((number) => !batchIds(number).every(found)).map((number) => `batch/${number}`),
    wrong,
    inFlight: [...entries.keys()].filter((id) => !acknowledged.has(id)).length,
  };
}

/** FNV-1a, its bits then mixed; 32 bits, not negative. */
function hash(text) {
  let bits = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  }
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  return (bits ^ (bits >>> 13)) >>> 0;
}
