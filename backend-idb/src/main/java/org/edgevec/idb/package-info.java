/**
 * The browser's storage: a database's files in one IndexedDB database.
 *
 * <p>{@link org.edgevec.idb.IndexedDbStorage} keeps the contract of {@code StorageBackend}. Below
 * it, {@code StoredFile} knows where a file's bytes lie, {@code IdbConnection} runs transactions as
 * blocking calls, {@code WebLock} keeps other tabs out, and {@code LossMarker} remembers outside
 * IndexedDB that a database was there. {@code Promises} turns a promise into a blocking call: a
 * coroutine that sleeps until the promise settles.
 */
@NullMarked
package org.edgevec.idb;

import org.jspecify.annotations.NullMarked;
