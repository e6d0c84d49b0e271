/** All errors of this type; `instanceof` would run code of what is looked at. */
const made = new WeakSet();

/** The one type of error; index.d.ts documents it. */
export class EdgeVecError extends Error {
  /**
   * @param {{code: string, message: string, file?: string, offset?: number}} failure
   * @param cause what the caller's code threw, if it did
   */
  constructor(failure, ...cause) {
    super(failure.message, cause.length > 0 ? { cause: cause[0] } : undefined);
    made.add(this);
    this.name = 'EdgeVecError';
    this.code = failure.code;
    if (failure.file !== undefined) {
      this.file = failure.file;
      this.offset = failure.offset;
    }
  }
}

export const isTyped = (error) => made.has(error);

/** A thrown value as text, whatever it is. */
export function textOf(error, property = 'message') {
  try {
    return String(error?.[property] ?? error);
  } catch {
    return 'something without a text';
  }
}

/** An error as the plain object that it was made of, to cross to another thread. */
export function failureOf(error) {
  if (isTyped(error)) {
    const { code, message, file, offset } = error;
    return { code, message, file, offset };
  }
  return { code: 'INTERNAL', message: `A defect of EdgeVec: ${textOf(error, 'stack')}` };
}

/** What a rejection should carry: an EdgeVecError, whatever it was. */
export function asError(error) {
  return isTyped(error) ? error : new EdgeVecError(failureOf(error));
}
