package org.edgevec.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.Bits;
import org.edgevec.contents.Contents;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreId;
import org.edgevec.table.EntryView;

/**
 * A snapshot of one segment for every entry. The format allows it, {@link SnapshotPlan} never makes
 * it: it is how a manifest grows to 64 KiB over a snapshot that is still quick to load.
 */
public final class WideSnapshot {

  private WideSnapshot() {}

  /**
   * Writes the segments, numbered by ordinal from 1, and then the manifest. A segment that an
   * earlier snapshot of the same contents has is replaced by the same bytes.
   */
  public static void write(
      StorageBackend storage,
      StoreId id,
      long generation,
      long createdMillis,
      long logNumber,
      long lastSequence,
      Contents contents) {
    EntryView view = contents.view();
    List<SegmentRef> segments = new ArrayList<>();
    List<long[]> dead = new ArrayList<>();
    for (int ordinal = 0; ordinal < view.ordinalCount(); ordinal++) {
      segments.add(
          SegmentFormat.write(
              storage,
              id,
              ordinal + 1L,
              contents.metric(),
              view,
              ordinal,
              ordinal + 1,
              ProgressListener.NONE));
      dead.add(Bits.range(view.dead(), ordinal, ordinal + 1));
    }
    ManifestFormat.write(
        storage,
        new Manifest(
            id,
            generation,
            createdMillis,
            contents.dimension(),
            contents.metric(),
            logNumber,
            lastSequence,
            segments,
            dead,
            List.of()));
  }
}
