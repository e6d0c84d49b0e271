// The page of BrowserKills: writes as fast as it can, tells what is acknowledged, reads all back.
// What it writes is what KillScript.java says.
import { open } from 'edgevec-java';

const parameters = new URLSearchParams(location.search);
const options = {
  dimension: 16,
  metric: 'l2',
  worker: parameters.has('worker'),
};

const IN_FLIGHT = 64;
const CHECKPOINT_EVERY = 700;

/** For the harness's own test: tells of writes long before they are made. */
const LYING = parameters.has('lying') ? 5000 : 0;

/** Likewise: writes a batch as if it need not be whole. */
const SPLITTING = parameters.has('splitting');

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

const vector = (round, number, part) => {
  let state = (round * 1000003 + number * 101 + part) | 0;
  return Float32Array.from({ length: 16 }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 13)) >>> 8) / 0x1000000 - 0.5;
  });
};

const writeBatch = async (db, changes) => {
  if (!SPLITTING) return db.write(changes);
  for (const change of changes) await db.write([change]);
};

const write = (db, round, number) => {
  const metadata = { round, number };
  const put = (id, part) => ({ put: id, vector: vector(round, number, part), metadata });
  switch (number % 10) {
    case 8:
      return writeBatch(db, Array.from({ length: 7 }, (_, k) => put(`batch-${number}-${k}`, k)));
    case 9:
      return writeBatch(db, [
        put(`mixed-${number}`, 0),
        put('hot', 99),
        { delete: `single-${number - 9}` },
      ]);
    default:
      return db.put(`single-${number}`, vector(round, number, 0), metadata);
  }
};

const connected = () =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${location.host}/messages`);
    socket.onopen = () => resolve(socket);
    socket.onerror = reject;
  });

const writeForever = async (round) => {
  const socket = await connected();
  const db = await open('kills', options);
  const pending = new Set();
  const track = (promise) => {
    const tracked = promise.finally(() => pending.delete(tracked));
    pending.add(tracked);
  };
  for (let number = 0; ; number++) {
    if (LYING) socket.send(`${round} ${number + LYING}`);
    track(write(db, round, number).then(() => socket.send(`${round} ${number}`)));
    if (number % CHECKPOINT_EVERY === CHECKPOINT_EVERY - 1) track(db.checkpoint());
    if (pending.size >= IN_FLIGHT) await Promise.race(pending);
  }
};

window.startWriting = (round) => {
  writeForever(round).catch((e) => {
    window.failed = String(e.stack);
  });
};

/** Whether the browser still has files of the database, asked without making one. */
const browserHasFiles = async () => {
  const names = (await indexedDB.databases()).map((database) => database.name);
  if (!names.includes('edgevec/kills')) return false;
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open('edgevec/kills');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  try {
    if (!database.objectStoreNames.contains('files')) return false;
    return await new Promise((resolve, reject) => {
      const request = database.transaction('files').objectStore('files').count();
      request.onsuccess = () => resolve(request.result > 0);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
};

const base64 = (floats) =>
  btoa(String.fromCharCode(...new Uint8Array(floats.buffer, floats.byteOffset, 64)));

/** Waits until the browser has noticed that the writer is gone, which frees its lock. */
const writerIsGone = async () => {
  const deadline = Date.now() + 20_000;
  while ((await navigator.locks.query()).held.length > 0 && Date.now() < deadline) await sleep(20);
};

window.readAll = async () => {
  await writerIsGone();
  const had = await browserHasFiles();
  let db;
  try {
    db = await open('kills', options);
  } catch (e) {
    if (e.code === 'LOST') await (await open('kills', { ...options, ifLost: 'create' })).close();
    return JSON.stringify({ browserHasFiles: had, error: `${e.code}: ${e.message}` });
  }
  const entries = [];
  for await (const entry of db.entries()) {
    const { round, number } = entry.metadata;
    entries.push({ id: entry.id, vector: base64(entry.vector), round, number });
  }
  const { tornBytes } = await db.recoveryReport();
  await db.close();
  return JSON.stringify({ browserHasFiles: had, entries, tornBytes });
};

window.ready = true;
