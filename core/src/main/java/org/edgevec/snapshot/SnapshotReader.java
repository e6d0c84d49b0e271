package org.edgevec.snapshot;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.table.Table;
import org.edgevec.vector.VectorArena;

/** Loads the entries of a snapshot. */
public final class SnapshotReader {

  private SnapshotReader() {}

  /**
   * A table with what a manifest's segments hold.
   *
   * <p>A graph that cannot be read, or was linked by code that did it badly, leaves the table
   * without one: it is made of what the segments hold, and can be made again.
   *
   * @param arenas makes the place where the vectors lie
   * @param onGraphDamage is told why the graph cannot be read
   * @param onOldGraph is told that the graph is whole and was not used, and in which file it is
   * @throws CorruptDataException if a segment is missing, damaged, or not the one that is named
   */
  public static Table load(
      StorageBackend storage,
      Manifest manifest,
      VectorArena.Factory arenas,
      Consumer<CorruptDataException> onGraphDamage,
      Consumer<String> onOldGraph) {
    Table table = new Table(manifest.dimension(), manifest.metric(), arenas);
    try {
      load(storage, manifest, table);
      loadGraph(storage, manifest, table, onGraphDamage, onOldGraph);
    } catch (RuntimeException | Error e) {
      table.release();
      throw e;
    }
    return table;
  }

  private static void load(StorageBackend storage, Manifest manifest, Table table) {
    Set<String> names = new HashSet<>(storage.list());
    for (int i = 0; i < manifest.segments().size(); i++) {
      SegmentRef ref = manifest.segments().get(i);
      expect(names, ref.fileName(), manifest);
      SegmentFormat.load(storage, manifest.storeId(), ref, manifest.dead().get(i), table);
    }
  }

  private static void loadGraph(
      StorageBackend storage,
      Manifest manifest,
      Table table,
      Consumer<CorruptDataException> onGraphDamage,
      Consumer<String> onOldGraph) {
    GraphRef ref = manifest.graph();
    if (ref == null) {
      return;
    }
    try {
      expect(new HashSet<>(storage.list()), ref.fileName(), manifest);
      GraphFormat.StoredGraph stored =
          GraphFormat.load(
              storage, manifest.storeId(), ref, table.ordinalCount(), manifest.segmentBytes());
      if (stored.isLinkedWell()) {
        table.useGraph(stored.graph());
      } else {
        onOldGraph.accept(ref.fileName());
      }
    } catch (CorruptDataException e) {
      onGraphDamage.accept(e);
    }
  }

  /** Insists that a part is among the files. */
  static void expect(Set<String> names, String part, Manifest manifest) {
    if (!names.contains(part)) {
      throw new CorruptDataException(
          part, 0, "it is missing, and " + manifest.fileName() + " names it");
    }
  }
}
