package org.edgevec.snapshot;

import org.edgevec.bytes.Bits;
import org.edgevec.table.Table;

/**
 * Adds a segment's entries to a table.
 *
 * @param table where they go, behind those that it has
 * @param base how many it has
 * @param dead which of the segment's entries are dead, as bits; no bits at all if none is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EntryLoad(Table table, int base, long[] dead) implements EntryTarget {

  @Override
  public void reserve(int count) {
    table.reserve(count);
  }

  @Override
  public void read(int index, int component, byte[] source, int offset, int count) {
    table.vectors().read(base + index, component, source, offset, count);
  }

  @Override
  public void vectorRead(int index) {
    // Adding the entry checks it.
  }

  @Override
  public void add(int index, byte[] id, byte[] metadata) {
    table.addLoaded(id, metadata, dead.length > 0 && Bits.get(dead, index));
  }
}
