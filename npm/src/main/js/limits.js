/** Limits and names, as Java has them. Written and compared by src/build/Limits.java. */

export const MAX_DIMENSION = 4096;
export const MAX_K = 10000;
export const MAX_EF_SEARCH = 100000;
export const MIN_M = 2;
export const MAX_M = 128;
export const MAX_EF_CONSTRUCTION = 10000;
export const MAX_ID_BYTES = 512;
export const MAX_KEY_BYTES = 255;
export const MAX_KEYS = 65535;
export const MAX_DEPTH = 32;
export const MAX_METADATA_BYTES = 1048576;
export const MAX_INT = 2147483647;
export const METRICS = ['l2', 'cosine', 'dot'];
export const DURABILITIES = ['strict', 'relaxed'];
