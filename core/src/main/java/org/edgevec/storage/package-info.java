/**
 * The one port to the outside: a flat set of named byte sequences, and the errors it may end in.
 *
 * <p>{@link org.edgevec.storage.StorageBackend} is what a platform implements; everything above it
 * is ordinary Java. {@link org.edgevec.storage.MemoryStorage} is the reference implementation.
 * {@link org.edgevec.storage.StoreFiles} builds and parses every file name the database uses.
 */
@NullMarked
package org.edgevec.storage;

import org.jspecify.annotations.NullMarked;
