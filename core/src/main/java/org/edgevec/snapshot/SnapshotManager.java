package org.edgevec.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.ProgressListener;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.edgevec.table.Bits;
import org.edgevec.table.Table;
import org.edgevec.wal.WriteAheadLog;
import org.jspecify.annotations.Nullable;

/**
 * Makes snapshots, and deletes what they replace.
 *
 * <p>A checkpoint has three steps. {@link #prepare} runs while no batch is committed: it decides
 * what to write and takes a view of the entries. {@link #write} runs beside searches and commits:
 * segments first, the manifest last. {@link #cleanUp} deletes what neither the new snapshot nor the
 * one before it needs; the log since that one is kept, so that it can serve should the new one turn
 * out damaged.
 *
 * <p>If writing fails, the old snapshot and the log are untouched. One thread at a time
 * checkpoints; {@link #newest} and {@link #firstLogNumberKept} may be read by any.
 */
public final class SnapshotManager {

  private final StorageBackend storage;
  private final WriteAheadLog log;
  private volatile Manifest newest;
  private volatile @Nullable Manifest previous;
  private List<Span> spans;
  private long nextSegmentNumber;

  /**
   * @param newest the snapshot that the entries were loaded from
   * @param previous the one before it, if that is whole
   */
  public SnapshotManager(
      StorageBackend storage, WriteAheadLog log, Manifest newest, @Nullable Manifest previous) {
    this.storage = storage;
    this.log = log;
    this.newest = newest;
    this.previous = previous;
    this.spans = new ArrayList<>();
    for (SegmentRef segment : newest.segments()) {
      spans.add(new Span(segment.count(), segment));
    }
    this.nextSegmentNumber = highest(StoreFiles.Kind.SEGMENT) + 1;
  }

  private long highest(StoreFiles.Kind kind) {
    long highest = 0;
    for (String name : storage.list()) {
      highest = Math.max(highest, kind.number(name));
    }
    return highest;
  }

  /** The newest snapshot that is durable. */
  public Manifest newest() {
    return newest;
  }

  /** The first log file that is kept, for the previous snapshot's sake. */
  public long firstLogNumberKept() {
    Manifest before = previous;
    return before == null ? newest.logNumber() : before.logNumber();
  }

  /**
   * A checkpoint between its steps.
   *
   * @param table the table to go on with; another than was given if dead entries were left behind
   * @param view its entries, to be written
   * @param logNumber the first log file that is not part of the snapshot
   * @param lastSequence the last batch that is
   */
  public record Prepared(Table table, Table.View view, long logNumber, long lastSequence) {}

  /**
   * Ends the log file and decides what to write. Nothing may be committed meanwhile; searches may
   * run, on {@code table}.
   *
   * @return null if the newest snapshot holds everything already
   */
  public @Nullable Prepared prepare(Table table) {
    long logNumber = log.rotate();
    if (log.lastSequence() == newest.lastSequence()) {
      return null;
    }
    SnapshotPlan plan = SnapshotPlan.of(spans, table);
    long[] drop = plan.drop();
    Table compact = drop == null ? table : table.without(drop);
    spans = plan.spans();
    return new Prepared(compact, compact.view(), logNumber, log.lastSequence());
  }

  /**
   * Writes the segments that are missing, and then the manifest: the snapshot exists.
   *
   * @param listener told of the bytes of each segment; what it throws leaves all as it was
   */
  public void write(Prepared prepared, long nowMillis, ProgressListener listener) {
    List<Span> written = writeSegments(prepared, listener);
    Manifest manifest = manifest(prepared, written, nowMillis);
    // If this fails, nobody knows whether the manifest is there, so its segments are left alone.
    // They cost space until the next checkpoint or opening finds that nothing names them.
    ManifestFormat.write(storage, manifest);
    spans = written;
    previous = newest;
    newest = manifest;
    log.attested(manifest.lastSequence());
  }

  private List<Span> writeSegments(Prepared prepared, ProgressListener listener) {
    List<Span> written = new ArrayList<>();
    List<String> fresh = new ArrayList<>();
    try {
      int from = 0;
      for (Span span : spans) {
        written.add(
            span.segment() == null ? writeSegment(prepared, from, span, fresh, listener) : span);
        from += span.count();
      }
    } catch (RuntimeException e) {
      deleteAll(fresh, e);
      throw e;
    }
    return written;
  }

  private Span writeSegment(
      Prepared prepared, int from, Span span, List<String> fresh, ProgressListener listener) {
    long number = nextSegmentNumber++;
    SegmentRef ref =
        SegmentFormat.write(
            storage,
            newest.storeId(),
            number,
            newest.metric(),
            prepared.view(),
            from,
            from + span.count(),
            listener);
    fresh.add(ref.fileName());
    return new Span(span.count(), ref);
  }

  private void deleteAll(List<String> names, RuntimeException because) {
    for (String name : names) {
      try {
        storage.delete(name);
      } catch (PersistenceException e) {
        because.addSuppressed(e);
      }
    }
  }

  private Manifest manifest(Prepared prepared, List<Span> written, long nowMillis) {
    List<SegmentRef> segments = new ArrayList<>();
    List<long[]> dead = new ArrayList<>();
    int from = 0;
    for (Span span : written) {
      SegmentRef segment = span.segment();
      if (segment == null) {
        throw new StorageIOException("a span was not written");
      }
      segments.add(segment);
      dead.add(Bits.range(prepared.view().dead(), from, from + span.count()));
      from += span.count();
    }
    return new Manifest(
        newest.storeId(),
        newest.generation() + 1,
        nowMillis,
        newest.dimension(),
        newest.metric(),
        prepared.logNumber(),
        prepared.lastSequence(),
        segments,
        dead);
  }

  /**
   * Deletes the log files, segments and manifests that neither the newest snapshot nor the one
   * before it needs.
   */
  public void cleanUp() {
    log.deleteBefore(firstLogNumberKept());
    for (String name : storage.list()) {
      if (isSuperfluous(name)) {
        storage.delete(name);
      }
    }
  }

  private boolean isSuperfluous(String name) {
    long generation = StoreFiles.Kind.MANIFEST.number(name);
    if (generation >= 0) {
      return generation != newest.generation() && !isPrevious(generation);
    }
    long segment = StoreFiles.Kind.SEGMENT.number(name);
    Manifest before = previous;
    return segment >= 0 && !newest.names(segment) && (before == null || !before.names(segment));
  }

  private boolean isPrevious(long generation) {
    Manifest before = previous;
    return before != null && before.generation() == generation;
  }
}
