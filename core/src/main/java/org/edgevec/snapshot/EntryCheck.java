package org.edgevec.snapshot;

import java.util.Set;
import org.edgevec.Metric;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.MalformedException;
import org.edgevec.table.RecordCodec;
import org.edgevec.vector.Vectors;

/**
 * Checks a segment's entries as loading them would, and lets go of them.
 *
 * @param metric how nearness is measured
 * @param dead which of the entries are dead, as bits; no bits at all if none is
 * @param liveIds the ids that are live in the segments before; this one's are added
 * @param vector where each vector is put
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EntryCheck(Metric metric, long[] dead, Set<String> liveIds, float[] vector)
    implements EntryTarget {

  @Override
  public void reserve(int count) {
    // Nothing is kept.
  }

  @Override
  public void read(int index, int component, byte[] source, int offset, int count) {
    LittleEndian.getFloats(source, offset, vector, component, count);
  }

  @Override
  public void vectorRead(int index) {
    RecordCodec.checkNorm(Vectors.norm(vector, 0, vector.length), metric);
  }

  @Override
  public void add(int index, byte[] id, byte[] metadata) {
    String text = RecordCodec.checkedId(id, metadata);
    boolean isDead = dead.length > 0 && Bits.get(dead, index);
    if (!isDead && !liveIds.add(text)) {
      throw new MalformedException("the id \"" + text + "\" twice");
    }
  }
}
