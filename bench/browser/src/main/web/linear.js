// Counts linear memory: every WebAssembly.Memory that is made from JavaScript or exported by a module.
// Loaded before everything else where memory is measured, and nowhere else.
const memories = new Set();
const { Memory, instantiate, instantiateStreaming, Instance } = WebAssembly;

function note(instance) {
  for (const value of Object.values(instance.exports)) {
    if (value instanceof Memory) {
      memories.add(value);
    }
  }
  return instance;
}

const noteResult = (result) => (note(result.instance ?? result), result);

WebAssembly.Memory = new Proxy(Memory, {
  construct(target, args) {
    const memory = new target(...args);
    memories.add(memory);
    return memory;
  },
});
WebAssembly.Instance = new Proxy(Instance, {
  construct: (target, args) => note(new target(...args)),
});
WebAssembly.instantiate = async (...args) => noteResult(await instantiate(...args));
WebAssembly.instantiateStreaming = async (...args) => noteResult(await instantiateStreaming(...args));

/** Bytes of all linear memories. */
export const linearBytes = () =>
  [...memories].reduce((total, memory) => total + memory.buffer.byteLength, 0);
