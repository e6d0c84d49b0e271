package org.edgevec.storage;

/**
 * The random identity of one database, in the header of each of its files, so that a file of
 * another database is never taken for its own.
 */
public record StoreId(long high, long low) {}
