/**
 * Puts the modules of a site together: the page, each worker, and what is loaded on use become one file
 * each, with what they share in others; the modules themselves go, and source maps have them. Of forty
 * requests before the first note ten are left, and the page asks for these at once.
 *
 * The npm package and the model stay as they are: a visitor sees the package's own files at work.
 *
 *   node bundle.mjs SITE TOOLS    TOOLS has node_modules/esbuild
 */

import { readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';

const [site, toolsFolder] = process.argv.slice(2).map((path) => resolve(path));
const { build } = createRequire(join(toolsFolder, 'package.json'))('esbuild');

const ENTRIES = ['app.js', 'meaning-worker.js', 'crash-worker.js'];

/** Loaded on use, and stands between a visitor and the first note all the same. */
const AT_ONCE = 'notebook.js';

const PACKAGE = ['node_modules/edgevec-java/index.js', 'node_modules/edgevec-java/engine.js'];
const MARKER = '<!-- preloads -->';

const { metafile } = await build({
  absWorkingDir: site,
  entryPoints: ENTRIES,
  outdir: '.',
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  sourcemap: true,
  external: ['./node_modules/*', './model/*'],
  chunkNames: 'part-[hash]',
  metafile: true,
  logLevel: 'warning',
});

for (const path of Object.keys(metafile.inputs)) {
  if (!ENTRIES.includes(path)) {
    await rm(join(site, path));
  }
}

for (const entry of await readdir(site, { withFileTypes: true })) {
  if (entry.isDirectory() && (await readdir(join(site, entry.name))).length === 0) {
    await rmdir(join(site, entry.name));
  }
}

/** A built file and all that it imports before it runs. */
function needs(path, found = new Set()) {
  if (metafile.outputs[path] !== undefined && !found.has(path)) {
    found.add(path);
    metafile.outputs[path].imports.filter(({ kind }) => kind === 'import-statement').forEach((imported) => needs(imported.path, found));
  }
  return found;
}

const [atOnce] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === AT_ONCE);
const modules = [...needs(atOnce, needs('app.js')), ...PACKAGE].filter((path) => path !== 'app.js');
const corpus = (await readdir(join(site, 'corpus'))).map((name) => `corpus/${name}`);
const links = [
  ...modules.map((path) => `<link rel="modulepreload" href="${path}">`),
  ...corpus.sort().map((path) => `<link rel="preload" href="${path}" as="fetch" crossorigin>`),
];
const page = join(site, 'index.html');
const html = await readFile(page, 'utf8');
if (html.split(MARKER).length !== 2) {
  throw new Error(`${relative(process.cwd(), page).split(sep).join('/')} needs ${MARKER} once.`);
}
await writeFile(page, html.replace(MARKER, links.join('\n    ')));
