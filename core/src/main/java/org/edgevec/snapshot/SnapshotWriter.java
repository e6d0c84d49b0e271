package org.edgevec.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.Bits;
import org.edgevec.snapshot.SnapshotManager.Prepared;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageIOException;

/** Writes the files of a snapshot but for its manifest. Not thread-safe. */
final class SnapshotWriter {

  private final StorageBackend storage;
  private long nextSegmentNumber;

  SnapshotWriter(StorageBackend storage, long nextSegmentNumber) {
    this.storage = storage;
    this.nextSegmentNumber = nextSegmentNumber;
  }

  /**
   * What was written.
   *
   * @param manifest to be written, which makes the snapshot exist
   * @param spans the runs of ordinals, all of which segments hold
   */
  record Written(Manifest manifest, List<Span> spans) {}

  /**
   * Writes the segments that are missing and the derived parts that changed. If that fails, nothing
   * of it is left.
   *
   * @param spans the runs of ordinals, some without a segment
   * @param newest the snapshot before
   */
  Written write(
      Prepared prepared,
      List<Span> spans,
      Manifest newest,
      List<StoredPart> parts,
      long nowMillis,
      ProgressListener listener) {
    List<String> fresh = new ArrayList<>();
    try {
      List<Span> written = writeSegments(prepared, spans, newest, fresh, listener);
      List<PartRef> refs = writeParts(prepared, newest, parts, fresh, listener);
      return new Written(manifest(prepared, written, refs, newest, nowMillis), written);
    } catch (RuntimeException e) {
      deleteAll(fresh, e);
      throw e;
    }
  }

  private List<Span> writeSegments(
      Prepared prepared,
      List<Span> spans,
      Manifest newest,
      List<String> fresh,
      ProgressListener listener) {
    List<Span> written = new ArrayList<>();
    int from = 0;
    for (Span span : spans) {
      written.add(
          span.segment() == null
              ? writeSegment(prepared, from, span.count(), newest, fresh, listener)
              : span);
      from += span.count();
    }
    return written;
  }

  private Span writeSegment(
      Prepared prepared,
      int from,
      int count,
      Manifest newest,
      List<String> fresh,
      ProgressListener listener) {
    long number = nextSegmentNumber++;
    SegmentRef ref =
        SegmentFormat.write(
            storage,
            newest.storeId(),
            number,
            newest.metric(),
            prepared.view(),
            from,
            from + count,
            listener);
    fresh.add(ref.fileName());
    return new Span(count, ref);
  }

  private List<PartRef> writeParts(
      Prepared prepared,
      Manifest newest,
      List<StoredPart> parts,
      List<String> fresh,
      ProgressListener listener) {
    List<PartRef> refs = new ArrayList<>();
    for (StoredPart part : parts) {
      PartRef ref = part.write(storage, newest, prepared.contents(), fresh, listener);
      if (ref != null) {
        refs.add(ref);
      }
    }
    return refs;
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

  private static Manifest manifest(
      Prepared prepared, List<Span> written, List<PartRef> refs, Manifest newest, long nowMillis) {
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
        dead,
        refs);
  }
}
