/** Java and the page make the same vectors of the same texts: what examples/notes embeds, the page finds. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { loadModel, modelFolder } from '../../build/model.mjs';
import { DIMENSION } from '../../main/web/minilm.js';
import { cosine } from '../../main/web/ranking.js';

const skip = existsSync(new URL('ort.wasm.min.mjs', modelFolder)) ? false : 'the model is not there: build the module first';
const SENTENCES = new URL('../../../../examples/notes/src/test/resources/sentences.tsv', import.meta.url);

/** A sentence, a tab, and the vector that Java made of it: little-endian floats in base64. */
async function sentences() {
  const lines = (await readFile(SENTENCES, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const [text, encoded] = line.split('\t');
    const bytes = Uint8Array.from(Buffer.from(encoded, 'base64'));
    return { text, vector: new Float32Array(bytes.buffer) };
  });
}

test('vectors of Java and of the page have a cosine of 0.99 or more', { skip }, async () => {
  const model = await loadModel();
  const all = await sentences();
  assert.equal(all.length, 20);
  let least = 1;
  for (const { text, vector } of all) {
    assert.equal(vector.length, DIMENSION);
    const near = cosine(vector, await model.embed(text));
    least = Math.min(least, near);
    assert.ok(near >= 0.99, `${text}: ${near}`);
  }
  console.log(`Least cosine of Java's vectors and the page's, of ${all.length} sentences: ${least.toFixed(4)}`);
});
