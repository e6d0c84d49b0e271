package org.edgevec.snapshot;

import java.util.HashSet;
import java.util.Set;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.table.Table;

/** Loads the entries of a snapshot. */
public final class SnapshotReader {

  private SnapshotReader() {}

  /**
   * A table with what a manifest's segments hold.
   *
   * @throws CorruptDataException if a segment is missing, damaged, or not the one that is named
   */
  public static Table load(StorageBackend storage, Manifest manifest) {
    Table table = new Table(manifest.dimension(), manifest.metric());
    Set<String> names = new HashSet<>(storage.list());
    for (int i = 0; i < manifest.segments().size(); i++) {
      SegmentRef ref = manifest.segments().get(i);
      expect(names, ref, manifest);
      SegmentFormat.load(storage, manifest.storeId(), ref, manifest.dead().get(i), table);
    }
    return table;
  }

  /** Insists that a segment is among the files. */
  static void expect(Set<String> names, SegmentRef ref, Manifest manifest) {
    if (!names.contains(ref.fileName())) {
      throw new CorruptDataException(
          ref.fileName(), 0, "it is missing, and " + manifest.fileName() + " names it");
    }
  }
}
