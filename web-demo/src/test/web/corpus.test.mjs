import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import test from 'node:test';
import { corpusFolder, readNotes } from '../../build/notes.mjs';
import { corpusFiles } from '../../main/web/corpus.js';
import { WordIndex } from '../../main/web/words.js';

const notes = await readNotes();
const index = new WordIndex();
notes.forEach((note) => index.put(note.id, note));

/** By words alone, as the page searches until it has the model. */
function search(query) {
  const { shares } = index.match(query);
  return notes.map(({ id, topic }) => ({ topic, score: shares.get(id) ?? 0 })).sort((a, b) => b.score - a.score);
}

test('the corpus is worth searching', async () => {
  assert.ok(notes.length >= 300, `${notes.length} notes`);
  assert.equal(new Set(notes.map((note) => note.id)).size, notes.length, 'ids are unique');
  assert.equal(new Set(notes.map((note) => note.text)).size, notes.length, 'texts are unique');
  assert.deepEqual((await readdir(corpusFolder)).sort(), [...corpusFiles.map((file) => `${file}.md`), 'vectors.bin'].sort(), 'every file is listed');
  for (const note of notes) {
    assert.ok(note.topic.length > 0 && note.topic.length < 60, note.id);
    assert.ok(note.text.length > 60 && note.text.length < 600, note.id);
  }
});

const firstHits = {
  'how long to boil an egg': 'Boiling an egg',
  'bicycle chain': 'Cleaning a bicycle chain',
  'mould on bread': 'Mould on bread',
  'why is the sky blue': 'Why the sky is blue',
  'why do stars twinkle': 'Why stars twinkle',
  'when to sow tomatoes': 'When to sow tomatoes',
  'mend a puncture': 'Mending a puncture',
  'sleep better': 'How to sleep better',
  'coffee': 'Strong coffee, not bitter',
  'car battery': 'Weak battery in winter',
  'dripping tap': 'Dripping tap',
  'red wine stain': 'Red wine on the carpet',
  'remove tick': 'Removing a tick',
  'good password': 'A good password',
  'undo last git commit': 'Git: undo the last commit',
  'night train': 'Night train to Vienna',
  'northern lights': 'Northern lights',
  'jet lag': 'Jet lag',
  'pruning apple tree': 'Pruning apple trees',
  'slugs in lettuce': 'Slugs and lettuce',
  'printing press gutenberg': 'Printing with movable type',
  'berlin wall': 'The Berlin Wall',
  'octopus': 'Octopus hearts',
  'sourdough': 'Sourdough starter',
  'sharpen a knife': 'Sharpening knives',
  'learning to swim': 'Learning to swim at fifty',
  'floating point': 'Floating point',
  'thunderstorm in the mountains': 'Thunderstorm on the ridge',
  'frankenstein': 'Frankenstein',
};

for (const [query, topic] of Object.entries(firstHits)) {
  test(`"${query}" finds "${topic}" first`, () => {
    const hits = search(query);
    assert.equal(hits[0].topic, topic, JSON.stringify(hits.slice(0, 4)));
  });
}

test('what matches stands out from what collides by chance', () => {
  for (const query of Object.keys(firstHits)) {
    const hits = search(query);
    assert.ok(hits[0].score > 0.25, `${query}: ${hits[0].score}`);
    assert.ok(hits[150].score < 0.1, `${query}: ${hits[150].score}`);
  }
});
