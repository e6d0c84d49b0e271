package org.edgevec.snapshot;

import org.edgevec.table.Bits;
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
  public float[] array(int index) {
    return table.vectors().chunk(base + index);
  }

  @Override
  public int start(int index) {
    return table.vectors().start(base + index);
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
