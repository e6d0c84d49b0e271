/**
 * EdgeVec: an embedded vector database whose acknowledged writes survive the crash.
 *
 * Every method that touches the database returns a promise. A promise of a write resolves when the
 * write is durable, never earlier. Every rejection is an {@link EdgeVecError}, but for what your own
 * `onProgress` throws, which comes back as it is; nothing is thrown at the call. What getters, proxies
 * and the like throw while arguments are read is the `cause` of such an error.
 *
 * Arguments are read and copied when a method is called, exactly what is given and no more: arrays,
 * objects and buffers may be changed, reused or transferred at once. They may come from another window,
 * or lie in shared, resizable or large buffers. What messages say about them is for people.
 */

/** How nearness is measured; fixed when a database is created. */
export type Metric =
  /**
   * Squared Euclidean distance, 0 or more and finite. A smaller score is nearer. Vectors longer than
   * 9.2e18 are refused, since floats could not hold their distances. Distances below 2.6e-23 are 0.
   */
  | 'l2'
  /**
   * Cosine similarity, -1 to 1. A larger score is nearer. Zero vectors are refused, and others
   * shorter than 1e-30 or longer than 1e30.
   */
  | 'cosine'
  /**
   * Inner product, any finite number. A larger score is nearer. Vectors longer than 1.8e19 are
   * refused, since floats could not hold their products. Products below 7e-46 are 0.
   */
  | 'dot';

/** What a resolved write survives. */
export type Durability =
  /** The loss of power: a `strict` IndexedDB transaction has completed. The default. */
  | 'strict'
  /** The end of the tab, but not a power cut. Faster; only where asked for. */
  | 'relaxed';

/**
 * A value that metadata may hold. Whole numbers up to `Number.MAX_SAFE_INTEGER` and bigints of at most
 * 64 bits are stored alike, as 64-bit integers. Such an integer comes back as a number where a number
 * holds it exactly, and else as a bigint, whichever it was given as: `5n` comes back as `5`, and
 * `2n ** 60n` as it was. A larger bigint is refused (`INVALID_METADATA`). All other numbers, `NaN` and
 * `-0` included, come back to the bit.
 */
export type MetadataValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | readonly MetadataValue[]
  | { readonly [key: string]: MetadataValue };

/**
 * What is stored beside a vector: a plain object with its own enumerable keys of 1 to 255 UTF-8 bytes,
 * at most 65,535 of them, at most 1 MiB when encoded. Arrays and objects in it may be up to 32 levels deep
 * in each other. A `Date` comes back as a `Date` of the same millisecond; one that is invalid is refused.
 * Keys come back sorted. Anything else in it, `undefined`, functions, symbols, typed arrays and instances
 * of classes among it, is refused (`INVALID_METADATA`), and nothing is written.
 */
export type Metadata = Record<string, MetadataValue>;

/** A vector; copied when a method is called, so that the array may be reused at once. */
export type VectorLike = Float32Array | Float64Array | readonly number[];

/** An option of all that is done with a database that may be open elsewhere. */
export interface LockOptions {
  /**
   * How long whoever has the database open is waited for, in milliseconds, 0 to 2,147,483,647: another
   * tab, window or worker, this page itself, or one that is just closing or going away. Then it rejects
   * with `LOCKED`; 0 does so at once. Who waits gets it in the order of asking. Default 10,000.
   */
  lockWaitMillis?: number;
}

export interface OpenOptions extends LockOptions {
  /** Number of components of every vector, 1 to 4096. Needed to create; checked on reopening. */
  dimension?: number;
  /** Needed to create; checked on reopening. */
  metric?: Metric;
  /** Default `strict`. Chosen at every opening, not stored. */
  durability?: Durability;
  /**
   * `false`: a database that is not there is an error (`NOT_FOUND`) instead of being created.
   * Default `true`.
   */
  create?: boolean;
  /**
   * What to do when a database of this name was used before in this browser and has vanished (the
   * browser can lose or evict it). `error`, the default, rejects with `LOST`; `create` starts an
   * empty one, and its recovery report says `vanished: true`.
   */
  ifLost?: 'error' | 'create';
  /**
   * Read what can still be read of a damaged database: it opens read-only in the last state before
   * the damage. Default `false`.
   */
  salvage?: boolean;
  /** Host the database in a dedicated worker, so that no work happens on the page. Default `false`. */
  worker?: boolean;
  /** How the search graph is built. Chosen at every opening, not stored. */
  hnsw?: HnswOptions;
}

/**
 * How the search graph is built (HNSW). Larger numbers make a graph that finds more and takes longer
 * to build. They hold for a graph that is begun anew; one that is stored keeps its own `m`. A number
 * that is not whole or outside its range is refused with `INVALID_ARGUMENT`.
 */
export interface HnswOptions {
  /**
   * Neighbors of a vector on the upper levels, and half of those on the lowest, 2 to 128. Default 16.
   * Memory is about `8 * m` bytes a vector.
   */
  m?: number;
  /**
   * Candidates among which linking a vector chooses neighbors, `m` to 10,000; the neighbors of the
   * nearest half of them, of 100 at least, are looked at to find them. Default 200.
   */
  efConstruction?: number;
  /**
   * No graph is begun while fewer entries are stored, 1 to 2,147,483,647: scoring all of few is as
   * fast. Default 1000.
   */
  minEntries?: number;
}

export interface Hit {
  id: string;
  /** See {@link Metric} for its range and which way is nearer. Hits come nearest first. */
  score: number;
  metadata: Metadata;
}

export interface Entry {
  id: string;
  vector: Float32Array;
  metadata: Metadata;
}

export interface SearchOptions {
  /** How many hits at most, 1 to 10,000. Default 10. */
  k?: number;
  /**
   * How many candidates the walk through the search graph keeps, 1 to 100,000: more finds more of the
   * true nearest and takes longer. Less than `k` counts as `k`. Default 100. Outside its range, as
   * with `k`: `INVALID_ARGUMENT`.
   */
  efSearch?: number;
  /** Scores every vector, so that the true nearest are found for certain. Default `false`. */
  exact?: boolean;
}

export interface AwaitIndexedOptions {
  /**
   * Called every few milliseconds with the number of entries linked so far, and of all that were there
   * at the call, deleted ones that are not reclaimed yet included. What it throws is what the promise
   * rejects with.
   */
  onProgress?: (done: number, total: number) => void;
  /** Stops the waiting, not the indexing. Rejects with `ABORTED`. */
  signal?: AbortSignal;
}

export interface PutManyOptions {
  /** Called as parts become durable, with the number of entries durable so far, and of all. */
  onProgress?: (done: number, total: number) => void;
  /** Stops between two parts; what was reported as done stays. Rejects with `ABORTED`. */
  signal?: AbortSignal;
}

/** One change in a {@link Database.write}. */
export type Change =
  | { put: string; vector: VectorLike; metadata?: Metadata }
  | { delete: string };

export interface Stats {
  /** Live entries. */
  size: number;
  dimension: number;
  metric: Metric;
  durability: Durability;
  /** Bytes of log that the next opening would replay. */
  logBytes: number;
  /** Bytes of log kept only so that the previous snapshot can serve should the newest be damaged. */
  retainedLogBytes: number;
  /** Bytes and number of the segment files of the newest snapshot. */
  segmentBytes: number;
  segmentCount: number;
  /** Deleted or replaced entries whose space is not reclaimed yet. */
  deadEntries: number;
  /** Entries, live and dead, that the search graph links. */
  indexedEntries: number;
  /** Entries that are not linked yet; a search scores them one by one, and finds them all the same. */
  tailEntries: number;
  /** About how many searches since opening walked the graph; others scored every entry. */
  graphSearches: number;
  /** How many of them byte codes could not decide: the vectors themselves did. */
  undecidedSearches: number;
  /** The number of the last batch that is durable. */
  lastSequence: number;
  /** The number of the newest snapshot; grows by one with each checkpoint. */
  generation: number;
  /** When the newest snapshot was made (milliseconds since 1970). */
  lastCheckpointMillis: number;
  /** Batches acknowledged since opening, and the syncs that they shared. */
  batches: number;
  syncs: number;
  /** True after a failed write or sync, and in salvage: writes are refused until reopened. */
  readOnly: boolean;
  /**
   * What the last checkpoint or seal in the background failed with, or else the last slice of linking;
   * null if they went well. Nothing is lost, and it is tried again.
   */
  maintenanceError: string | null;
}

/** What opening found, and what it had to do. */
export interface RecoveryReport {
  /** Nothing was there, and a new database was made. */
  created: boolean;
  /** It had been there before and was gone; see {@link OpenOptions.ifLost}. */
  vanished: boolean;
  /** The number of the snapshot that served. */
  generation: number;
  /** The newest snapshot was damaged, and the one before and the log served. Nothing is lost. */
  usedPreviousSnapshot: boolean;
  /** Entries that the snapshot held. */
  snapshotEntries: number;
  /** Batches, and changes in them, that were replayed from the log. */
  replayedBatches: number;
  replayedRecords: number;
  /** The number of the last batch that is part of the recovered state. */
  lastSequence: number;
  /** Bytes of writes never acknowledged that were cut from the log's end and kept aside. */
  tornBytes: number;
  /** Whatever was out of the ordinary, in sentences. Empty after an ordinary opening. */
  notes: string[];
  durationMillis: number;
}

export interface ProgressOptions {
  /**
   * Called at the beginning, at least every 4 MiB, and at the end, with the bytes done, which never
   * shrink, and those of all, which stay the same. What it throws ends the work and is what the
   * promise rejects with.
   */
  onProgress?: (done: number, total: number) => void;
}

/** A place where bytes are not what was written. */
export interface Damage {
  file: string;
  /** Where the part that does not hold begins, in bytes from the start of the file. */
  offset: number;
  /** What is wrong there. */
  what: string;
}

/** What reading a whole database found. Nothing was changed. */
export interface VerifyReport {
  /** Whether no damage was found: it opens with everything that was acknowledged. */
  intact: boolean;
  /** How many files were checked, and how many bytes they have. */
  files: number;
  bytes: number;
  /** Entries found whole in the snapshots, deleted ones that are not reclaimed yet included. */
  entries: number;
  /** Batches found whole in the log, that kept for the previous snapshot included. */
  batches: number;
  /** All damage. Empty if there is none. */
  damage: Damage[];
  /** Files that nothing needs and that were not read. */
  leftovers: string[];
  /** What is out of the ordinary and no damage, such as a torn write, in sentences. */
  notes: string[];
}

/** What {@link salvage} copied into the new database, and what it could not. */
export interface SalvageReport {
  /** How many entries were copied: the state after batch `lastSequence`. */
  entries: number;
  /** The last batch that could be read, and the last that is known to have been durable. */
  lastSequence: number;
  attestedSequence: number;
  /** The difference. Batches that nothing attests may be missing, too. */
  lostBatches: number;
  /** The newest snapshot was damaged, and the one before served. */
  usedPreviousSnapshot: boolean;
  /** The damage that was met, in sentences; {@link verify} lists all. */
  notes: string[];
}

/** An open database. Only one handle on a name exists at a time, over all tabs and workers. */
export interface Database {
  readonly name: string;
  readonly dimension: number;
  readonly metric: Metric;

  /**
   * Stores a vector under an id of 1 to 512 UTF-8 bytes, replacing what was there. Writes of the same
   * id, by whatever method, happen in the order in which they were called.
   */
  put(id: string, vector: VectorLike, metadata?: Metadata): Promise<void>;
  /**
   * Stores many vectors. `vectors` holds them one after the other (`ids.length * dimension`
   * numbers), or is an array of vectors. All are checked first, and nothing is written if one is
   * refused. Then they are written in parts of at most a thousand entries and a few MiB; each part is
   * durable whole or not at all. A later write of one of the ids waits for all parts, others go ahead;
   * `close` ends it after the part under way, with `CLOSED`. While searches come, parts wait until the
   * search graph is nearly up with them, so that searches stay quick beside; a load that nobody searches
   * beside goes at full speed.
   */
  putMany(
    ids: readonly string[],
    vectors: Float32Array | Float64Array | readonly VectorLike[],
    metadatas?: readonly (Metadata | undefined)[] | null,
    options?: PutManyOptions,
  ): Promise<void>;
  /**
   * Makes all of the changes durable, or none; they apply in order. They take at most 64 MiB
   * (`INVALID_BATCH`); none are fine.
   */
  write(changes: readonly Change[]): Promise<void>;
  /** Removes an entry; resolves to whether there was one. */
  delete(id: string): Promise<boolean>;

  get(id: string): Promise<Entry | undefined>;
  has(id: string): Promise<boolean>;
  size(): Promise<number>;
  /**
   * Every entry that was live when the iteration began and still is when it is reached, in the
   * order in which they were last put. They are read a hundred at a time, each as it is then: what is
   * put for the first time meanwhile does not show. Every few milliseconds the page gets its turn.
   */
  entries(): AsyncIterableIterator<Entry>;
  /**
   * The `k` nearest entries, nearest first. Equal scores come in the order of insertion. Among many
   * entries the search walks a graph (HNSW) and may miss a few of the true nearest, fewer with a larger
   * `efSearch`, none with `exact`. What was just written is found at once.
   */
  search(query: VectorLike, options?: SearchOptions): Promise<Hit[]>;
  /**
   * Waits until the search graph links every entry that is there now, so that searches are as fast as
   * they get. Linking happens by itself, in slices of a few milliseconds between the tasks of the page
   * or worker; nobody has to wait for it. Resolves at once where there are too few entries for a graph
   * ({@link HnswOptions.minEntries}). Rejects with `CLOSED` if the database is closed meanwhile, and
   * with `INTERNAL` if linking fails, which the next write or call of this tries again, a second after
   * the failure or later; searches and writes go on.
   */
  awaitIndexed(options?: AwaitIndexedOptions): Promise<void>;

  /** Writes a snapshot, so that the next opening has no log to replay. Runs by itself when due. */
  checkpoint(): Promise<void>;
  stats(): Promise<Stats>;
  recoveryReport(): Promise<RecoveryReport>;
  /**
   * Reads every stored byte of this moment and reports all damage; see {@link verify}. Searches and
   * writes go on meanwhile. Closing the database ends it with `CLOSED`.
   */
  verify(options?: ProgressOptions): Promise<VerifyReport>;
  /**
   * Waits for writes that were called before, two seconds at most: what has not begun then is rejected
   * with `CLOSED`. Then releases the lock. Later calls reject with `CLOSED`. Where much of the search
   * graph is not stored yet, stores it first, so that the next opening need not link it
   * again. Always ends: what the browser has not answered a dozen seconds later is rejected with
   * `LOST`, as it would be after a minute without closing.
   */
  close(): Promise<void>;
}

/** Stable reasons of an {@link EdgeVecError}. */
export type ErrorCode =
  // Wrong input; nothing was written.
  | 'INVALID_DIMENSION'
  | 'INVALID_VECTOR'
  | 'INVALID_ID'
  | 'INVALID_METADATA'
  | 'INVALID_BATCH'
  | 'INVALID_ARGUMENT'
  | 'OPTIONS_MISMATCH'
  | 'NOT_FOUND'
  | 'NOT_A_DATABASE'
  | 'CLOSED'
  | 'ABORTED'
  // Storage.
  | 'CORRUPT'
  | 'FULL'
  | 'LOCKED'
  | 'LOST'
  | 'READ_ONLY'
  | 'UNSUPPORTED_VERSION'
  | 'IO'
  // There is no memory for more vectors; nothing was written.
  | 'OUT_OF_MEMORY'
  // The browser lacks what EdgeVec needs; the message says what.
  | 'UNSUPPORTED_PLATFORM'
  // A file of the package did not come, did not answer for a minute, or is of another build than the
  // others, as after a deployment when a cache has some of the old ones. Nothing was opened. The
  // message says which and what to do: reload, clear caches, deploy all files together. The next call
  // tries anew; scripts that the page has loaded already stay until it is reloaded.
  | 'NOT_LOADED'
  // A defect of EdgeVec itself.
  | 'INTERNAL'
  // It crashed in the middle of its work, by a defect or at the end of the stack, or its worker was
  // ended: nothing more can be done with any database that is open there. What was acknowledged is
  // stored, and other writes may be. `open` begins anew, at once; the message says what happened.
  | 'CRASHED';

/** The one type of error, with a stable {@link ErrorCode} and a message that says what to do. */
export class EdgeVecError extends Error {
  readonly code: ErrorCode;
  /** What the caller's own code threw while an argument was read, if it did. */
  readonly cause?: unknown;
  /** With `CORRUPT`: which file, and how many bytes into it. */
  readonly file?: string;
  readonly offset?: number;
}

/**
 * Opens a database of this origin, creating it if there is none.
 *
 * @param name 1 to 200 characters
 */
export function open(name: string, options?: OpenOptions): Promise<Database>;

/**
 * Reads every stored byte of a database that is not open, and reports all damage with file and
 * offset. Changes nothing.
 */
export function verify(name: string, options?: ProgressOptions & LockOptions): Promise<VerifyReport>;

/**
 * Copies what can still be read of a damaged database that is not open into a new one: the state
 * before the damage, as `open` with `salvage` shows it. The damaged one is only read. The new one is
 * written whole or not at all; a name that exists is refused (`INVALID_ARGUMENT`). Rejects with
 * `CORRUPT` if no snapshot can be read. Progress counts the bytes of the damaged database twice:
 * read, and written anew.
 */
export function salvage(
  name: string,
  newName: string,
  options?: ProgressOptions & LockOptions,
): Promise<SalvageReport>;

/**
 * Deletes a database that is not open, with everything in it. Resolves to whether there was one. What
 * is rejected with `LOCKED` was not deleted, and will not be; code of others that has the IndexedDB
 * database open and does not let it go counts as open, too, after five seconds.
 */
export function destroy(name: string, options?: LockOptions): Promise<boolean>;

/**
 * The files of a database that is not open, byte for byte: put in a folder, the Java version opens
 * them. Records that the browser cannot read any more are zeros, which `verify` of the copy tells as
 * damage; it opens if the rest suffices.
 */
export function exportFiles(name: string, options?: LockOptions): Promise<Record<string, Uint8Array>>;

/** Makes a new database of such files, all of them or none. Refuses a name that exists. */
export function importFiles(
  name: string,
  files: Record<string, Uint8Array>,
  options?: LockOptions,
): Promise<void>;

/** The version of this package. */
export const version: string;
