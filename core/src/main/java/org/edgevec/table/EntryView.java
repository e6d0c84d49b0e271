package org.edgevec.table;

import org.edgevec.vector.VectorArena;

/**
 * The entries of one moment, for reading without a lock. What lies below {@link #ordinalCount}
 * never changes.
 *
 * @param vectors the vectors
 * @param ids the ids by ordinal
 * @param metadata the encoded metadata by ordinal
 * @param dead the dead ordinals as bits
 * @param ordinalCount how many ordinals were in use
 */
@SuppressWarnings("ArrayRecordComponent") // a view of arrays is what this is
public record EntryView(
    VectorArena vectors, String[] ids, byte[][] metadata, long[] dead, int ordinalCount) {}
