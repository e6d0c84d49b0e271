/** See loading.js. */
export const build = '%build%';

/** The one type of error; index.d.ts documents it. */
export class EdgeVecError extends Error {
  /** @param {{code: string, message: string, file?: string, offset?: number}} failure */
  constructor(failure) {
    super(failure.message);
    this.name = 'EdgeVecError';
    this.code = failure.code;
    if (failure.file !== undefined) {
      this.file = failure.file;
      this.offset = failure.offset;
    }
  }
}

/** An error as the plain object that it was made of, to cross to another thread. */
export function failureOf(error) {
  if (error instanceof EdgeVecError) {
    const { code, message, file, offset } = error;
    return { code, message, file, offset };
  }
  return { code: 'INTERNAL', message: `A defect of EdgeVec: ${error?.stack ?? error}` };
}

/** What a rejection should carry: an EdgeVecError, whatever it was. */
export function asError(error) {
  return error instanceof EdgeVecError ? error : new EdgeVecError(failureOf(error));
}
