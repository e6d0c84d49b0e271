/**
 * The browser's storage: a database's files in one IndexedDB database.
 *
 * <p>{@link org.edgevec.idb.IndexedDbStorage} keeps the contract of {@code StorageBackend}; {@code
 * Opening} makes it, and {@code Removal} removes what it would open. Of its files {@code FileTable}
 * knows the names, and {@code StoredFile} where the bytes lie. Bytes take one of three ways: {@code
 * ChunkAppender} for logs, {@code ChunkSink} for whole files, {@code ChunkReader} back. All three
 * go through {@code IdbSession}, the database while it is open: {@code WebLock} keeps other tabs
 * out, {@code IdbConnection} runs {@code Changes} in transactions, as blocking calls, and {@code
 * IdbFailures} tells what their failures mean. {@code LossMarker} remembers outside IndexedDB that
 * a database was there. {@code Promises} turns a promise into a blocking call: a coroutine that
 * sleeps until the promise settles.
 */
@NullMarked
package org.edgevec.idb;

import org.jspecify.annotations.NullMarked;
