package org.edgevec.snapshot;

import java.util.Set;
import org.edgevec.bytes.MalformedException;
import org.edgevec.table.Bits;
import org.edgevec.table.Table;

/**
 * Reads a segment's entries and lets go of them: whether loading the segment would take them.
 *
 * @param manifest whose segment it is
 * @param dead which of its entries are dead, as bits
 * @param liveIds the ids that are live in the segments before; this one's are added
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EntryCheck(Manifest manifest, long[] dead, Set<String> liveIds) {

  void read(BlockReader in, int count) {
    int dimension = manifest.dimension();
    SegmentFormat.expectRoom(in, count, dimension);
    float[] vector = new float[dimension];
    for (int i = 0; i < count; i++) {
      in.floats(vector, 0, dimension);
      Table.checkedNorm(vector, 0, dimension, manifest.metric());
    }
    for (int i = 0; i < count; i++) {
      entry(in, Bits.get(dead, i));
    }
    in.expectEnd();
  }

  private void entry(BlockReader in, boolean isDead) {
    int idLength = in.u16();
    int metadataLength = SegmentFormat.metadataLength(in);
    String id = Table.checkedId(in.bytes(idLength), in.bytes(metadataLength));
    if (!isDead && !liveIds.add(id)) {
      throw new MalformedException("the id \"" + id + "\" twice");
    }
  }
}
