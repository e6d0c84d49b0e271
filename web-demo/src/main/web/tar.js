/** Tar archives (POSIX ustar) of files in memory: a header of 512 bytes before each, and padding behind. */

const BLOCK = 512;

/**
 * @param {Record<string, Uint8Array>} files by name, of at most 100 ASCII characters
 * @param {number} modifiedMillis the time that every file is given
 * @returns {Blob}
 */
export function tarOf(files, modifiedMillis) {
  const parts = [];
  for (const [name, bytes] of Object.entries(files)) {
    parts.push(header(name, bytes.length, modifiedMillis), bytes, new Uint8Array(-bytes.length & (BLOCK - 1)));
  }
  parts.push(new Uint8Array(2 * BLOCK)); // Two empty blocks are the end.
  return new Blob(parts, { type: 'application/x-tar' });
}

/**
 * The files of an archive, by name without folders.
 *
 * @param {Uint8Array} archive
 * @returns {Record<string, Uint8Array>}
 * @throws {RangeError} if it is none, or is cut off
 */
export function filesOfTar(archive) {
  const text = (from, length) => new TextDecoder('latin1').decode(archive.subarray(from, from + length)).replace(/\0.*$/s, '');
  const files = {};
  let at = 0;
  while (at + BLOCK <= archive.length && archive[at] !== 0) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (text(at + 257, 5) !== 'ustar' || !(size >= 0) || at + BLOCK + size > archive.length) {
      throw new RangeError('This is no tar archive, or it is cut off.');
    }
    if (text(at + 156, 1) === '0' || text(at + 156, 1) === '') {
      files[text(at, 100).replace(/^.*\//, '')] = archive.slice(at + BLOCK, at + BLOCK + size);
    }
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  if (at === 0) {
    throw new RangeError('This is no tar archive, or an empty one.');
  }
  return files;
}

function header(name, size, modifiedMillis) {
  if (!/^[\x21-\x7e]{1,100}$/.test(name)) {
    throw new RangeError(`The file name "${name}" does not fit into a tar header.`);
  }
  const block = new Uint8Array(BLOCK);
  const put = (offset, text) => block.set(new TextEncoder().encode(text), offset);
  put(0, name);
  put(100, octal(0o644, 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(size, 12));
  put(136, octal(Math.floor(modifiedMillis / 1000), 12));
  put(148, ' '.repeat(8)); // The checksum counts as spaces while it is computed.
  put(156, '0');
  put(257, 'ustar\u000000');
  put(148, `${octal(block.reduce((sum, byte) => sum + byte), 7)} `);
  return block;
}

/** Digits that fill `length` bytes, the last of which is a zero byte. */
function octal(number, length) {
  return `${number.toString(8).padStart(length - 1, '0')}\0`;
}
