package org.edgevec.recovery;

import org.edgevec.Metric;
import org.edgevec.contents.Contents;
import org.edgevec.table.Records;
import org.edgevec.vector.HeapArena;

/** Decodes batches as an opening would, and forgets them. Not thread-safe. */
final class BatchCheck implements LogReplay.Target {

  /** Entries that are decoded into one place before they are thrown away. */
  private static final int SCRATCH_ENTRIES = 1000;

  private final int dimension;
  private final Metric metric;
  private Contents scratch;

  BatchCheck(int dimension, Metric metric) {
    this.dimension = dimension;
    this.metric = metric;
    this.scratch = new Contents(dimension, metric, HeapArena.SCALAR);
  }

  @Override
  public void apply(byte[] payload, int offset, int length, int count) {
    if (scratch.ordinalCount() > SCRATCH_ENTRIES) {
      scratch = new Contents(dimension, metric, HeapArena.SCALAR);
    }
    scratch.apply(Records.decode(payload, offset, length, count, dimension));
  }
}
