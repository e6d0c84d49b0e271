// Runs the contract bundle with the package's loader and kernels; with `?scalar`, without kernels.
import { COMPILE_OPTIONS, load } from '/npm/edgevec-java/engine.js';

const fetched = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

/** TeaVM allows the memory 2 GiB. The package's build makes it 4, and the loader insists on it. */
function allowFullMemory(module) {
  const memory = new TextEncoder().encode('\x03env\x06memory\x02\x01');
  const at = module.findIndex((_, i) => memory.every((byte, j) => module[i + j] === byte));
  const max = module.indexOf(0x80, at + memory.length);
  if (at < 0 || module[max + 1] !== 0x80 || module[max + 2] !== 0x02) {
    throw new Error('The bundle does not import a memory of at most 32768 pages.');
  }
  module[max + 2] = 0x04;
  return module;
}

const compile = async (bytes) => WebAssembly.compile(bytes, COMPILE_OPTIONS);
const section = (module, name) => WebAssembly.Module.customSections(module, name)[0];

const bundle = await compile(allowFullMemory(await fetched('/bundle/contract.wasm')));
const bodies = new Blob([section(bundle, 'edgevec.bodies')], { type: 'text/javascript' });
const { default: bodiesOf } = await import(URL.createObjectURL(bodies));

const published = await compile(await fetched('/npm/edgevec-java/edgevec.wasm'));
const scalar = new URLSearchParams(location.search).has('scalar');
const kernels = scalar ? null : await compile(section(published, 'edgevec.kernels'));

window.contract = await load(bundle, bodiesOf, kernels);
window.ready = true;
