/** What a script of a `@JSBody` method may use besides its parameters: see `StaticBodies` in `teavm`. */
declare const held: Set<
  Promise<unknown> | { abort?: () => void; close?: (value?: unknown) => unknown }
>;
