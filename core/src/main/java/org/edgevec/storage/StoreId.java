package org.edgevec.storage;

import org.jspecify.annotations.Nullable;

/**
 * The random identity of one database, in the header of each of its files, so that a file of
 * another database is never taken for its own.
 */
public record StoreId(long high, long low) {

  // Spelt out: a record's own are linked at run time, which every opening in a new JVM would wait
  // some 15 ms for.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoreId id && high == id.high && low == id.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high ^ low);
  }
}
