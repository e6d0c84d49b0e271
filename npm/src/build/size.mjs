/** Prints what a page downloads, compressed with gzip -9, and fails the build above the limit. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT_BYTES = 100_000;
const folder = process.argv[2];
let total = 0;
for (const name of readdirSync(folder).sort()) {
  if (name.endsWith('.js') || name.endsWith('.wasm')) {
    const bytes = readFileSync(join(folder, name));
    const zipped = gzipSync(bytes, { level: 9 }).length;
    total += zipped;
    console.log(
      `${name.padEnd(26)} ${String(bytes.length).padStart(8)} bytes, gzip -9 ${String(zipped).padStart(7)}`,
    );
  }
}
console.log(`download: ${(total / 1000).toFixed(1)} KB with gzip -9, of at most ${LIMIT_BYTES / 1000} KB`);
if (total > LIMIT_BYTES) {
  console.error('The package is larger than it may be.');
  process.exit(1);
}
