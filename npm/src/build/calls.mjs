/** Holds the list of calls, in protocol.js, to the functions that a compiled module exports. */

/** Fails where a call is exported and not in the list, or in it and not exported, or in it twice. */
export function checkCalls(calls, exported) {
  const wrong = [
    [exported.filter((it) => !calls.includes(it)), 'exported and not in protocol.js'],
    [calls.filter((it) => !exported.includes(it)), 'in protocol.js and not exported'],
    [calls.filter((it, i) => calls.indexOf(it) !== i), 'in protocol.js twice'],
  ].filter(([names]) => names.length > 0);
  if (wrong.length > 0) {
    throw new Error(
      `Calls do not fit: ${wrong.map(([names, what]) => `${names.join(', ')} ${what}`).join('; ')}.`,
    );
  }
}
