/**
 * Makes the package's files small: wasm-opt for the WebAssembly, esbuild's minifier for each
 * JavaScript file by itself. The files stay apart, so that bundlers see `new URL(…,
 * import.meta.url)` as it was written.
 *
 * Arguments: the folder with the raw files, the package's, and that of the tools.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [rawFolder, packageFolder, toolsFolder] = process.argv.slice(2);
const tools = createRequire(join(toolsFolder, 'package.json'));
const { transformSync } = tools('esbuild');

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
].map((feature) => `--enable-${feature}`);

for (const name of readdirSync(rawFolder)) {
  const from = join(rawFolder, name);
  const to = join(packageFolder, name);
  if (name.endsWith('.js')) {
    const { code } = transformSync(readFileSync(from, 'utf8'), {
      minify: true,
      format: 'esm',
      target: 'es2022',
    });
    writeFileSync(to, code);
  } else if (name.endsWith('.wasm')) {
    const wasmOpt = join(toolsFolder, 'node_modules', 'binaryen', 'bin', 'wasm-opt');
    execFileSync(process.execPath, [wasmOpt, from, '-o', to, ...FEATURES, '-Os', '--converge'], {
      stdio: 'inherit',
    });
  }
}
