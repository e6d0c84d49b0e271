import assert from 'node:assert/strict';
import test from 'node:test';
import { acknowledgedUpTo, batchIds, compare, CRASH_DIMENSION, isWhole, metadataOf, singleId, vectorOf } from '../../main/web/crash-data.js';

const entryOf = (id) => ({ id, vector: vectorOf(id), metadata: metadataOf(id) });
const entries = (ids) => new Map(ids.map((id) => [id, entryOf(id)]));
const singles = [0, 1, 2, 3].map(singleId);
const batch = batchIds(5);

test('an entry follows from its id, and another id gives another entry', () => {
  assert.deepEqual(vectorOf('single/1'), vectorOf('single/1'));
  assert.notDeepEqual(vectorOf('single/1'), vectorOf('single/2'));
  assert.equal(vectorOf('single/1').length, CRASH_DIMENSION);
  assert.ok(isWhole(entryOf('batch/3/1')));
});

test('batches have at least two entries, and ids of their own', () => {
  const all = Array.from({ length: 200 }, (_, number) => batchIds(number));
  assert.ok(all.every((ids) => ids.length >= 2 && ids.length <= 24));
  assert.equal(new Set(all.flat()).size, all.flat().length);
  assert.ok(new Set(all.map((ids) => ids.length)).size > 10, 'of many sizes');
});

test('all there is nothing lost', () => {
  const ids = [...singles, ...batch];
  const result = compare({ submitted: new Set(ids), acknowledged: new Set(ids) }, entries(ids));
  assert.deepEqual(result, {
    submitted: ids.length, acknowledged: ids.length, recovered: ids.length, lost: [], halfBatches: [], wrong: [], inFlight: 0,
  });
});

test('what was in flight may be there whole, or not at all', () => {
  const burst = { submitted: new Set([...singles, ...batch]), acknowledged: new Set(singles) };
  const whole = compare(burst, entries([...singles, ...batch]));
  assert.deepEqual([whole.lost, whole.halfBatches, whole.inFlight], [[], [], batch.length]);
  const absent = compare(burst, entries(singles));
  assert.deepEqual([absent.lost, absent.halfBatches, absent.inFlight], [[], [], 0]);
});

test('a missing acknowledged entry is lost', () => {
  const result = compare({ submitted: new Set(singles), acknowledged: new Set(singles) }, entries(singles.slice(1)));
  assert.deepEqual(result.lost, [singles[0]]);
  assert.equal(result.recovered, singles.length - 1);
});

test('a part of a batch is a half batch, acknowledged or not', () => {
  const result = compare({ submitted: new Set(batch), acknowledged: new Set() }, entries(batch.slice(0, -1)));
  assert.deepEqual(result.halfBatches, ['batch/5']);
});

test('an entry that is not as it was written is lost, and said to be wrong', () => {
  const changes = {
    vector: (entry) => entry.vector.fill(1, 3, 4),
    shorterVector: (entry) => (entry.vector = entry.vector.slice(1)),
    check: (entry) => (entry.metadata = { ...entry.metadata, check: 1 }),
    text: (entry) => (entry.metadata = { ...entry.metadata, text: 'x' }),
    empty: (entry) => (entry.metadata = {}),
  };
  for (const [name, change] of Object.entries(changes)) {
    const found = entries(singles);
    change(found.get(singles[2]));
    const result = compare({ submitted: new Set(singles), acknowledged: new Set(singles) }, found);
    assert.deepEqual([result.lost, result.wrong, result.recovered], [[singles[2]], [singles[2]], 3], name);
  }
});

test('whole numbers may come back as bigints', () => {
  const entry = entryOf('single/7');
  assert.ok(isWhole({ ...entry, metadata: { ...entry.metadata, check: BigInt(entry.metadata.check) } }));
});

test('what was acknowledged follows from the last number of each writer', () => {
  const ids = acknowledgedUpTo({ singles: { 0: 12, 4: 4 }, batches: { 1: 3 } });
  const expected = [...[0, 6, 12, 4].map(singleId), ...batchIds(1), ...batchIds(3)];
  assert.deepEqual([...ids].sort(), expected.sort());
  assert.equal(acknowledgedUpTo({ singles: {}, batches: {} }).size, 0);
});
