package org.edgevec.snapshot;

import java.util.List;
import org.edgevec.ProgressListener;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageBackend.Sink;
import org.edgevec.storage.StoreId;
import org.edgevec.table.Bits;
import org.edgevec.table.Table;

/**
 * Makes a new database of entries in memory: one segment, and then the manifest, which is the
 * moment in which the database begins to exist.
 */
public final class FirstSnapshot {

  private static final long SEGMENT = 1;

  private FirstSnapshot() {}

  /**
   * Writes it to an empty storage. If that fails, or the listener throws, what was written is
   * removed.
   *
   * @param table entries without dead ones
   * @param listener told of the bytes of the segment that are written, and of all
   */
  public static void write(
      StorageBackend storage, StoreId id, Table table, long nowMillis, ProgressListener listener) {
    Manifest empty = Manifest.first(id, nowMillis, table.dimension(), table.metric());
    try {
      ManifestFormat.write(
          storage,
          table.ordinalCount() == 0
              ? empty
              : with(segment(storage, empty, table, listener), empty));
    } catch (RuntimeException | Error e) {
      remove(storage, empty.fileName(), e);
      remove(storage, new SegmentRef(SEGMENT, 0, 0, 0).fileName(), e);
      throw e;
    }
  }

  private static SegmentRef segment(
      StorageBackend storage, Manifest manifest, Table table, ProgressListener listener) {
    Table.View view = table.view();
    int count = view.ordinalCount();
    long total = SegmentFormat.fileBytes(view, 0, count);
    return SegmentFormat.write(
        storage,
        manifest.storeId(),
        SEGMENT,
        manifest.metric(),
        view,
        0,
        count,
        sink -> new Counted(sink, total, listener));
  }

  private static Manifest with(SegmentRef segment, Manifest empty) {
    return new Manifest(
        empty.storeId(),
        empty.generation(),
        empty.createdMillis(),
        empty.dimension(),
        empty.metric(),
        empty.logNumber(),
        empty.lastSequence(),
        List.of(segment),
        List.of(new long[Bits.words(segment.count())]));
  }

  private static void remove(StorageBackend storage, String name, Throwable because) {
    try {
      storage.delete(name);
    } catch (PersistenceException e) {
      because.addSuppressed(e);
    }
  }

  /** Tells how much went through. */
  private static final class Counted implements Sink {
    private final Sink sink;
    private final long total;
    private final ProgressListener listener;
    private long done;

    Counted(Sink sink, long total, ProgressListener listener) {
      this.sink = sink;
      this.total = total;
      this.listener = listener;
    }

    @Override
    public void write(byte[] data, int offset, int length) {
      sink.write(data, offset, length);
      done += length;
      listener.progress(done, total);
    }
  }
}
