package org.edgevec.snapshot;

import org.edgevec.bytes.Bits;
import org.edgevec.contents.Contents;

/**
 * Adds a segment's entries to contents.
 *
 * @param contents where they go, behind those that they have
 * @param base how many those are
 * @param dead which of the segment's entries are dead, as bits; no bits at all if none is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EntryLoad(Contents contents, int base, long[] dead) implements EntryTarget {

  @Override
  public void reserve(int count) {
    contents.reserve(count);
  }

  @Override
  public void read(int index, int component, byte[] source, int offset, int count) {
    contents.vectors().read(base + index, component, source, offset, count);
  }

  @Override
  public void vectorRead(int index) {
    // Adding the entry checks it.
  }

  @Override
  public void add(int index, byte[] id, byte[] metadata) {
    contents.addLoaded(id, metadata, dead.length > 0 && Bits.get(dead, index));
  }
}
