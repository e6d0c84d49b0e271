/** What a WebAssembly module consists of: its sections, what it imports and what it exports. */

const CUSTOM = 0;
const IMPORT = 2;
const EXPORT = 7;

/** Kinds of imports. */
const FUNCTION = 0;
const MEMORY = 2;
const GLOBAL = 3;
const TAG = 4;

class Reader {
  at;

  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        return value;
      }
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return new TextDecoder().decode(this.take(this.number()));
  }
}

function number(value) {
  const bytes = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) {
    bytes.push((value & 0x7f) | 0x80);
  }
  return Buffer.from([...bytes, value]);
}

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

const HEADER_BYTES = 8;

/** The sections in order: `{id, name, content}`, the name of a custom one only. */
function sections(module) {
  const reader = new Reader(module, HEADER_BYTES);
  const found = [];
  while (reader.at < module.length) {
    const id = reader.number();
    const inner = new Reader(reader.take(reader.number()));
    const name = id === CUSTOM ? inner.text() : undefined;
    found.push({ id, name, content: inner.bytes.subarray(inner.at) });
  }
  return found;
}

function section({ id, name, content }) {
  const payload = id === CUSTOM ? Buffer.concat([text(name), content]) : content;
  return Buffer.concat([number(id), number(payload.length), payload]);
}

/** The content of a custom section. */
export function customSection(module, name) {
  const found = sections(module).find((it) => it.name === name);
  if (!found) {
    throw new Error(`The module has no section "${name}".`);
  }
  return found.content;
}

/** The module without custom sections. */
export function withoutCustomSections(module) {
  const kept = sections(module).filter(({ id }) => id !== CUSTOM);
  return Buffer.concat([module.subarray(0, HEADER_BYTES), ...kept.map(section)]);
}

/** The module with a further custom section. */
export function withCustomSection(module, name, content) {
  return Buffer.concat([module, section({ id: CUSTOM, name, content })]);
}

/** The module with `change(content)` in the place of a section's content. */
function withSection(module, id, change) {
  const changed = sections(module).map((it) => (it.id === id ? { ...it, content: change(it.content) } : it));
  return Buffer.concat([module.subarray(0, HEADER_BYTES), ...changed.map(section)]);
}

/** What an import section says: `{module, name, kind, limits}`, the limits of a memory only. */
function readImports(content) {
  const reader = new Reader(content);
  return Array.from({ length: reader.number() }, () => {
    const it = { module: reader.text(), name: reader.text(), kind: reader.number() };
    if (it.kind === FUNCTION) {
      reader.number();
    } else if (it.kind === MEMORY) {
      const hasMax = reader.number() === 1;
      it.limits = { min: reader.number(), max: hasMax ? reader.number() : undefined, end: reader.at };
    } else if (it.kind === GLOBAL) {
      reader.take(2); // a type of one byte, and whether it is mutable
    } else if (it.kind === TAG) {
      reader.number();
      reader.number();
    } else {
      throw new Error(`${it.module}.${it.name} is an import of kind ${it.kind}, which is not known here.`);
    }
    return it;
  });
}

/** What a module imports. */
export function imports(module) {
  return readImports(sections(module).find(({ id }) => id === IMPORT).content);
}

/** The module with its memory's maximum in pages changed. */
export function withMaxMemory(module, pages) {
  return withSection(module, IMPORT, (content) => {
    const memory = readImports(content).find(({ kind }) => kind === MEMORY);
    if (memory?.limits.max === undefined) {
      throw new Error('The module imports no memory with a maximum.');
    }
    const { max, end } = memory.limits;
    return Buffer.concat([
      content.subarray(0, end - number(max).length),
      number(pages),
      content.subarray(end),
    ]);
  });
}

/** The names of a module's exports. */
export function exportNames(module) {
  const reader = new Reader(sections(module).find(({ id }) => id === EXPORT).content);
  return Array.from({ length: reader.number() }, () => {
    const name = reader.text();
    reader.number(); // its kind
    reader.number(); // its index
    return name;
  });
}

/** The module with those of its exports whose name is to be kept. */
export function withExports(module, isKept) {
  return withSection(module, EXPORT, (content) => {
    const reader = new Reader(content);
    const kept = [];
    for (let left = reader.number(); left > 0; left--) {
      const start = reader.at;
      const name = reader.text();
      reader.number(); // its kind
      reader.number(); // its index
      if (isKept(name)) {
        kept.push(content.subarray(start, reader.at));
      }
    }
    return Buffer.concat([number(kept.length), ...kept]);
  });
}
