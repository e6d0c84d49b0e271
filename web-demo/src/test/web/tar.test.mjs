import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { filesOfTar, tarOf } from '../../main/web/tar.js';

const bytesOf = (size) => Uint8Array.from({ length: size }, (_, i) => (i * 31) % 256);

test('tar unpacks the files, byte for byte, of every size around a block', async () => {
  const files = Object.fromEntries([0, 1, 511, 512, 513, 100_000].map((size) => [`file-${size}.evec`, bytesOf(size)]));
  const folder = await mkdtemp(join(tmpdir(), 'tar-test-'));
  try {
    await writeFile(join(folder, 'archive.tar'), Buffer.from(await tarOf(files, 1_700_000_000_000).arrayBuffer()));
    execFileSync('tar', ['-xf', 'archive.tar'], { cwd: folder });
    assert.deepEqual((await readdir(folder)).sort(), ['archive.tar', ...Object.keys(files)].sort());
    for (const [name, bytes] of Object.entries(files)) {
      assert.ok(bytes.length === 0 || Buffer.from(bytes).equals(await readFile(join(folder, name))), name);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an archive is whole blocks, and equal files give equal bytes', async () => {
  const archive = Buffer.from(await tarOf({ a: bytesOf(700) }, 5_000).arrayBuffer());
  assert.equal(archive.length, 512 + 1024 + 1024);
  assert.deepEqual(Buffer.from(await tarOf({ a: bytesOf(700) }, 5_000).arrayBuffer()), archive);
});

test('a name that does not fit is refused', () => {
  for (const name of ['', 'x'.repeat(101), 'ä', 'a b']) {
    assert.throws(() => tarOf({ [name]: bytesOf(1) }, 0), RangeError, name);
  }
});

test('an archive gives its files back, also one that tar made with folders', async () => {
  const files = Object.fromEntries([0, 1, 511, 512, 513, 100_000].map((size) => [`file-${size}.evec`, bytesOf(size)]));
  const archive = new Uint8Array(await tarOf(files, 1_700_000_000_000).arrayBuffer());
  assert.deepEqual(filesOfTar(archive), files);
  const folder = await mkdtemp(join(tmpdir(), 'tar-test-'));
  try {
    await writeFile(join(folder, 'a.evec'), bytesOf(700));
    const made = execFileSync('tar', ['--format=ustar', '-cf', '-', './a.evec'], { cwd: folder });
    assert.deepEqual(filesOfTar(new Uint8Array(made)), { 'a.evec': bytesOf(700) });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what is no archive, or is cut off, is refused', async () => {
  const archive = new Uint8Array(await tarOf({ a: bytesOf(700) }, 5_000).arrayBuffer());
  for (const bytes of [new Uint8Array(0), new Uint8Array(2048), bytesOf(4096), archive.subarray(0, 1000)]) {
    assert.throws(() => filesOfTar(bytes), RangeError);
  }
});
