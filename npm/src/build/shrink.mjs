/**
 * Makes the package's files of the compiled and the written ones, and makes them small: coroutines.mjs,
 * constants.mjs, called.mjs and wasm-opt for the WebAssembly, esbuild's minifier for the JavaScript. Parts become
 * parts of the one file that imports them; what page and worker share is in engine.js. Bundlers
 * see `new URL(…, import.meta.url)` as it was written.
 *
 * Arguments: the folder with the raw files, the package's, that of the tools, and the kernels' text.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withCalledMarked } from '../../../teavm/src/build/called.mjs';
import { withConstants } from '../../../teavm/src/build/constants.mjs';
import { withSmallCoroutines } from '../../../teavm/src/build/coroutines.mjs';
import {
  customSection,
  exportNames,
  imports,
  withCustomSection,
  withExports,
  withMaxMemory,
  withoutCustomSections,
} from '../../../teavm/src/build/module.mjs';
import { checkCalls } from './calls.mjs';
import { stampOf, stamped } from './stamp.mjs';
import { parse, printModule } from '../../../teavm/src/build/text.mjs';

const [rawFolder, packageFolder, toolsFolder, kernelsText] = process.argv.slice(2);
const tools = createRequire(join(toolsFolder, 'package.json'));
const { buildSync } = tools('esbuild');

/** The raw folder is no package, so that Node.js would not take its files for ES modules. */
const importScript = (name) =>
  import('data:text/javascript,' + encodeURIComponent(readFileSync(join(rawFolder, name), 'utf8')));

/** What TeaVM's output uses, and every browser with WebAssembly GC has. */
const FEATURES = [
  'gc',
  'reference-types',
  'exception-handling',
  'bulk-memory',
  'sign-ext',
  'nontrapping-float-to-int',
  'mutable-globals',
  'multivalue',
];

/**
 * The module is all there is (see called.mjs), so types that differ in nothing become one, and wasm-opt
 * follows what may lie where. Functions that are called once stay so if they are large: what they have
 * in common with others packs better.
 */
const SMALL = [
  '--closed-world',
  '--type-merging',
  '--gufa',
  '-Os',
  '--converge',
  '--one-caller-inline-max-function-size=95',
  '--type-merging',
  '--remove-unused-types',
  '--minimize-rec-groups',
];

/** About 164 coroutines are in the module, which keep a third of their variables. */
const BANDS = { coroutines: [120, 260], kept: [0.2, 0.5] };

/** The least number of classes and tables of methods that begin filled; there are about 775. */
const FILLED_OBJECTS = 600;

/** The least share of its imports that a module still has when wasm-opt is done. */
const USED_IMPORTS = 0.9;

/** What the loader uses of the exports that do not belong to org.edgevec.js.Exports. */
const USED_EXPORTS = /^teavm\.(javaException|stringToJs|exceptionMessage|js\..*|jso\.createWrapper)$/;

const isUsedExport = (name) => (/^teavm[._]/.test(name) ? USED_EXPORTS.test(name) : name !== 'main');

/** Parts of index.js and of engine.js, which no other file imports. */
const PARTS = ['input.js', 'remote.js', 'bodies.js', 'errors.js', 'loader.js', 'loading.js', 'limits.js', 'metadata.js', 'protocol.js'];

/** 4 GiB; TeaVM would allow 2. */
const MAX_PAGES = 65536;

function tool(name, ...args) {
  execFileSync(process.execPath, [join(toolsFolder, 'node_modules', 'binaryen', 'bin', name), ...args], {
    stdio: 'inherit',
  });
}

const enabled = (features) => features.map((feature) => `--enable-${feature}`);

/** Compiles the text of the kernels. */
function kernels() {
  const raw = join(rawFolder, 'kernels.wasm');
  const features = enabled(['simd', 'bulk-memory', 'bulk-memory-opt', 'nontrapping-float-to-int']);
  tool('wasm-as', kernelsText, '-o', raw, ...features);
  tool('wasm-opt', raw, '-o', raw, ...features, '-O3');
  return readFileSync(raw);
}

/** Insists that the loader has everything: a browser would only say that instantiating failed. */
async function checkImports(module, kernelsModule) {
  const { importsOf } = await importScript('loader.js');
  const { default: bodies } = await importScript('bodies.js');
  const provided = {
    ...importsOf({ held: new Set() }, bodies, new WebAssembly.Memory({ initial: 1 })),
    kernels: Object.fromEntries(
      WebAssembly.Module.exports(new WebAssembly.Module(kernelsModule)).map(({ name }) => [name, true]),
    ),
  };
  const missing = imports(module)
    .filter((it) => provided[it.module]?.[it.name] === undefined)
    .map((it) => `${it.module}.${it.name}`);
  if (missing.length > 0) {
    throw new Error(
      `The compiled module imports ${missing.join(', ')}, which loader.js does not provide. Add it ` +
        `there (TeaVM's own loader shows what it has to do), or avoid what needs it in Java.`,
    );
  }
}

function write(name, content) {
  writeFileSync(join(packageFolder, name), content);
}

/** A script as the package has it, with those of its imports that are no files of their own there. */
function minified(name) {
  const { outputFiles } = buildSync({
    entryPoints: [join(rawFolder, name)],
    bundle: true,
    external: names.filter((other) => !PARTS.includes(other)).map((other) => `./${other}`),
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0].text;
}

/** A text of the module in which is shorter what wasm-opt could not know to be needless. */
function rewritten(module) {
  const file = join(rawFolder, 'bare.wasm');
  const text = join(rawFolder, 'bare.wat');
  writeFileSync(file, module);
  tool('wasm-opt', file, '-o', text, ...enabled(FEATURES), '-S', '--quiet');
  const fields = parse(readFileSync(text, 'utf8'));
  writeFileSync(text, printModule(withCalledMarked(withConstants(withSmallCoroutines(fields, BANDS), FILLED_OBJECTS))));
  return text;
}

/** The module, whose scripts become a part of engine.js. */
async function smallModule() {
  const raw = readFileSync(join(rawFolder, 'edgevec.wasm'));
  writeFileSync(join(rawFolder, 'bodies.js'), customSection(raw, 'edgevec.bodies'));
  const kernelsModule = kernels();
  await checkImports(raw, kernelsModule);
  const bare = withMaxMemory(withExports(withoutCustomSections(raw), isUsedExport), MAX_PAGES);
  const { CALLS } = await importScript('protocol.js');
  checkCalls(
    CALLS,
    exportNames(bare).filter((name) => !USED_EXPORTS.test(name)),
  );
  const small = join(rawFolder, 'small.wasm');
  tool('wasm-opt', rewritten(bare), '-o', small, ...enabled(FEATURES), ...SMALL);
  const optimized = withoutCustomSections(readFileSync(small)); // the marks
  const [before, after] = [bare, optimized].map((it) => imports(it).length);
  if (after < USED_IMPORTS * before) {
    throw new Error(`Of ${before} imports wasm-opt left ${after}: it takes what is called for unused.`);
  }
  return withCustomSection(optimized, 'edgevec.kernels', kernelsModule);
}

const module = await smallModule();
const names = readdirSync(rawFolder).filter((name) => name.endsWith('.js'));
const files = names.filter((name) => !PARTS.includes(name));
const scripts = Object.fromEntries(files.map((name) => [name, minified(name)]));
const stamp = stampOf(scripts, module);
for (const name of readdirSync(packageFolder).filter((old) => old.endsWith('.js'))) {
  rmSync(join(packageFolder, name)); // Of an earlier build, which may have had others.
}
files.forEach((name) => write(name, stamped(name, scripts[name], stamp)));
write('edgevec.wasm', withCustomSection(module, 'edgevec.build', Buffer.from(stamp)));
process.exit(); // The loader's channel is open.
