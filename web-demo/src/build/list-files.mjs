/**
 * Writes files.json into a site: every file that the page consists of, with a hash of its bytes. The service
 * worker keeps a copy of these. Not the large files of the model, which the page keeps itself, nor source maps.
 *
 *   node list-files.mjs SITE
 */

import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

const [site] = process.argv.slice(2);
const list = join(site, 'files.json');
const left = /^(model\/.*\.(onnx|wasm|json)$|node_modules\/\.|sw\.js$|package(-lock)?\.json$|.*\.map$)/;

await rm(list, { force: true });
const entries = await readdir(site, { recursive: true, withFileTypes: true });
const paths = entries
  .filter((entry) => entry.isFile())
  .map((entry) => relative(site, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
  .filter((path) => !left.test(path))
  .sort();

const files = {};
for (const path of paths) {
  const hash = createHash('sha256').update(await readFile(join(site, path))).digest('hex');
  files[path] = hash.slice(0, 16);
  if (path === 'index.html') {
    files['./'] = files[path];
  }
}
await writeFile(list, `${JSON.stringify(files, null, 1)}\n`);
