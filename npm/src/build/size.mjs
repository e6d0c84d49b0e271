/**
 * Prints what a page downloads, and fails the build above the limits: compressed file by file with
 * brotli 11, as most hosts serve it, and with gzip -9, as the others do.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ENCODINGS = [
  { name: 'brotli 11', limitBytes: 100_000, compress: brotli },
  { name: 'gzip -9', limitBytes: 120_000, compress: (bytes) => gzipSync(bytes, { level: 9 }) },
];

function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

const folder = process.argv[2];
const totals = ENCODINGS.map(() => 0);
for (const name of readdirSync(folder).sort()) {
  if (name.endsWith('.js') || name.endsWith('.wasm')) {
    const bytes = readFileSync(join(folder, name));
    const lengths = ENCODINGS.map(({ compress }) => compress(bytes).length);
    lengths.forEach((length, i) => (totals[i] += length));
    const each = ENCODINGS.map((encoding, i) => `${encoding.name} ${String(lengths[i]).padStart(7)}`);
    console.log(`${name.padEnd(26)} ${String(bytes.length).padStart(8)} bytes, ${each.join(', ')}`);
  }
}
let fits = true;
ENCODINGS.forEach(({ name, limitBytes }, i) => {
  console.log(`download: ${(totals[i] / 1000).toFixed(1)} KB with ${name}, of at most ${limitBytes / 1000} KB`);
  fits &&= totals[i] <= limitBytes;
});
if (!fits) {
  console.error('The package is larger than it may be.');
  process.exit(1);
}
