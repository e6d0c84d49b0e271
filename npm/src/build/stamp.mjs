/**
 * The stamp of a build: the same text in every script and in the module, so that they know each other.
 * It is made of their content, so the same files have the same stamp wherever they are built.
 */
import { createHash } from 'node:crypto';

/** What stands for it in a script, exactly once. */
const PLACEHOLDER = '%build%';

/** The stamp of scripts, by name, and a module. */
export function stampOf(scripts, module) {
  const hash = createHash('sha256').update(module);
  for (const name of Object.keys(scripts).sort()) {
    hash.update(`\0${name}\0${scripts[name]}`);
  }
  return hash.digest('hex').slice(0, 12);
}

/** A script with the stamp in it. */
export function stamped(name, script, stamp) {
  const parts = script.split(PLACEHOLDER);
  if (parts.length !== 2) {
    throw new Error(`${name} has ${parts.length - 1} places for the build's stamp; it must have one.`);
  }
  return parts.join(stamp);
}
