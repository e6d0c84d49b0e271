import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

const WEB = new URL('../../main/web/', import.meta.url);
const PACKAGE = 'node_modules/edgevec-java/';

/** All modules that a module imports, and they. What is imported on use is named by the caller. */
async function importsOf(name, found = new Set()) {
  if (!found.has(name)) {
    found.add(name);
    const text = name.startsWith(PACKAGE) ? '' : await readFile(new URL(name, WEB), 'utf8');
    for (const [, path] of text.matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)';/gms)) {
      await importsOf(new URL(path, new URL(name, WEB)).href.slice(WEB.href.length), found);
    }
  }
  return found;
}

test('the page asks at once for every module that stands between a visitor and the first note', async () => {
  const html = await readFile(new URL('index.html', WEB), 'utf8');
  const preloaded = [...html.matchAll(/<link rel="modulepreload" href="([^"]+)">/g)].map(([, path]) => path);
  const needed = await importsOf('app.js');
  await importsOf('notebook.js', needed);
  const expected = [...needed, `${PACKAGE}index.js`, `${PACKAGE}engine.js`].filter((name) => name !== 'app.js');
  assert.deepEqual([...preloaded].sort(), [...new Set(expected)].sort());
});
