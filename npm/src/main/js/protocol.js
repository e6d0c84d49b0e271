/**
 * The engine's calls by name: the one list that the page, the worker and the build go by. The build
 * compares it with what the compiled module exports.
 */

/** The calls that never wait. */
const IMMEDIATE = ['checkPart', 'getMany', 'has', 'recoveryReport', 'search', 'shape', 'size'];

/** The calls that may wait for storage. */
export const WAITING = [
  'awaitIndexed',
  'checkpoint',
  'close',
  'delete',
  'destroy',
  'exportFiles',
  'ids',
  'importFiles',
  'open',
  'put',
  'putPart',
  'salvage',
  'stats',
  'verify',
  'write',
];

export const CALLS = [...IMMEDIATE, ...WAITING];
