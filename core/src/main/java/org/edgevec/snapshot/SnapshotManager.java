package org.edgevec.snapshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.Bits;
import org.edgevec.index.HnswGraph;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.edgevec.table.Table;
import org.edgevec.wal.WriteAheadLog;
import org.jspecify.annotations.Nullable;

/**
 * Makes snapshots, and deletes what they replace.
 *
 * <p>A checkpoint has four steps. {@link #draft} decides what to write and leaves dead entries
 * behind, beside searches and commits. {@link #prepare} runs while no batch is committed: it
 * catches up and takes a view of the entries. {@link #write} runs beside searches and commits:
 * segments first, the manifest last. {@link #cleanUp} deletes what neither the new snapshot nor the
 * one before it needs; the log since that one is kept, so that it can serve should the new one turn
 * out damaged.
 *
 * <p>If writing fails, the old snapshot and the log are untouched. One thread at a time
 * checkpoints; {@link #newest} and {@link #firstLogNumberKept} may be read by any.
 */
public final class SnapshotManager {

  /** Linking so many again at the next opening would take about a second. */
  private static final int MIN_STALE = 2000;

  /** No graph's version. */
  private static final long NOT_STORED = -1;

  private static final int CHECKPOINT_NODES = 300;
  private static final int STORED_NODES = 64;
  private static final int STORED_BYTES = 16 << 10;

  private final StorageBackend storage;
  private final WriteAheadLog log;
  private volatile Manifest newest;
  private volatile @Nullable Manifest previous;
  private List<Span> spans;
  private long nextSegmentNumber;
  private long nextGraphNumber;
  private volatile long storedGraphVersion;
  private volatile int storedGraphSize;

  /**
   * @param newest the snapshot that the entries were loaded from
   * @param previous the one before it, if that is whole
   * @param graph the graph as it was loaded, or an empty one
   * @param moved the runs of ordinals, if entries of that snapshot were left behind already, or
   *     null
   */
  public SnapshotManager(
      StorageBackend storage,
      WriteAheadLog log,
      Manifest newest,
      @Nullable Manifest previous,
      HnswGraph graph,
      @Nullable List<Span> moved) {
    this.storage = storage;
    this.log = log;
    this.newest = newest;
    this.previous = previous;
    this.spans = moved == null ? spansOf(newest) : moved;
    this.nextSegmentNumber = highest(StoreFiles.Kind.SEGMENT) + 1;
    this.nextGraphNumber = highest(StoreFiles.Kind.GRAPH) + 1;
    noteStored(graph);
    if (moved != null || (graph.size() == 0 && newest.graph() != null)) {
      // The stored one is of other ordinals, could not be read, or was not to be used.
      storedGraphVersion = NOT_STORED;
    }
  }

  /** The runs of ordinals that a snapshot's segments hold. */
  public static List<Span> spansOf(Manifest manifest) {
    List<Span> spans = new ArrayList<>();
    for (SegmentRef segment : manifest.segments()) {
      spans.add(new Span(segment.count(), segment));
    }
    return spans;
  }

  private long highest(StoreFiles.Kind kind) {
    long highest = 0;
    for (String name : storage.list()) {
      highest = Math.max(highest, kind.number(name));
    }
    return highest;
  }

  private void noteStored(HnswGraph graph) {
    storedGraphVersion = graph.version();
    storedGraphSize = graph.size();
  }

  /** Whether so much of a graph is not stored that a snapshot should be made for its sake. */
  public boolean isStale(HnswGraph graph) {
    return graph.size() - storedGraphSize > Math.max(MIN_STALE, storedGraphSize / 4);
  }

  /**
   * Whether storing a graph takes less than linking anew what is not stored of it. A checkpoint
   * takes as long as linking some hundred nodes, and then as long as one for every {@value
   * #STORED_NODES} nodes or {@value #STORED_BYTES} bytes that it writes, at the least.
   *
   * @param logBytes about as many as it would write of entries
   */
  public boolean isWorthStoring(HnswGraph graph, long logBytes) {
    long unstored = graph.size() - (long) storedGraphSize;
    return graph.version() != storedGraphVersion
        && unstored > CHECKPOINT_NODES + graph.size() / STORED_NODES + logBytes / STORED_BYTES;
  }

  /**
   * Whether so many entries are dead and no longer linked that a snapshot should be made to leave
   * them behind. One that is made leaves fewer, since of a larger share of all than it suffers in a
   * segment some segment has too large a share.
   */
  public static boolean isWorthDropping(int removable, int ordinalCount) {
    return removable >= MIN_STALE && SnapshotPlan.isMostlyDead(removable, ordinalCount);
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
   * What a checkpoint is going to write, as of a moment.
   *
   * @param table the table at work
   * @param since its moment
   * @param plan what to keep and what to write
   * @param compact the table without what the plan drops, or null if that is nothing
   */
  public record Draft(Table table, Table.View since, SnapshotPlan plan, @Nullable Table compact) {

    /** Gives back what it holds. For one that comes to nothing. */
    public void release() {
      if (compact != null) {
        compact.release();
      }
    }
  }

  /**
   * A checkpoint between its steps.
   *
   * @param table the table to go on with; another than was given if dead entries were left behind
   * @param drop their ordinals in the table that was given, as bits, or null if there are none
   * @param view its entries, to be written
   * @param graph its graph, to be written; it must not change meanwhile
   * @param spans the runs of ordinals that segments hold or shall hold
   * @param logNumber the first log file that is not part of the snapshot
   * @param lastSequence the last batch that is
   */
  @SuppressWarnings("ArrayRecordComponent") // bits
  public record Prepared(
      Table table,
      long @Nullable [] drop,
      Table.View view,
      HnswGraph graph,
      List<Span> spans,
      long logNumber,
      long lastSequence) {}

  /**
   * Decides what to write, and copies the table if dead entries are left behind. Searches and
   * commits go on meanwhile; the graph must not change until {@link #adopt}.
   *
   * @param since the table at this moment
   */
  public Draft draft(Table table, Table.View since) {
    return draft(table, since, plan(table, since));
  }

  /**
   * The same.
   *
   * @return null if there is no memory for a copy; they may be left behind by a {@link #compaction}
   */
  public @Nullable Draft draftIfRoom(Table table, Table.View since, Platform platform) {
    try {
      SnapshotPlan plan = plan(table, since);
      return isRoomFor(plan.drop(), table, since, platform) ? draft(table, since, plan) : null;
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** Decides what to write, and leaves nothing behind. */
  public Draft draftOfAll(Table table, Table.View since) {
    return new Draft(table, since, planOfAll(since), null);
  }

  private SnapshotPlan plan(Table table, Table.View since) {
    // If nothing has changed, hardly anything will until the next step, and that is then added.
    return isNewest(table)
        ? planOfAll(since)
        : SnapshotPlan.of(spans, since.ordinalCount(), table.removableBits(since));
  }

  private SnapshotPlan planOfAll(Table.View since) {
    int count = since.ordinalCount();
    return SnapshotPlan.of(spans, count, new long[Bits.words(count)]);
  }

  private static boolean isRoomFor(
      long @Nullable [] drop, Table table, Table.View since, Platform platform) {
    return drop == null
        || platform.hasMemoryFor(table.bytesWithout(Bits.count(drop, 0, since.ordinalCount())));
  }

  private static Draft draft(Table table, Table.View since, SnapshotPlan plan) {
    long[] drop = plan.drop();
    return new Draft(table, since, plan, drop == null ? null : table.without(since, drop));
  }

  /**
   * What can be left behind in the table itself, which then moves up; {@link #moved} is to be told.
   *
   * @param since the table at this moment
   * @param isPressing whether the graph may be given up for it
   * @return null if that is next to nothing
   */
  public @Nullable CompactionPlan compaction(Table table, Table.View since, boolean isPressing) {
    return CompactionPlan.of(spans, table, since, isPressing);
  }

  /**
   * Takes notice that the table has moved up. Takes no memory.
   *
   * @param now the runs of ordinals from now on
   */
  public void moved(List<Span> now, boolean isGraphGivenUp) {
    spans = now;
    storedGraphVersion = NOT_STORED;
    if (isGraphGivenUp) {
      storedGraphSize = 0;
    }
  }

  private boolean isNewest(Table table) {
    return log.lastSequence() == newest.lastSequence()
        && table.index().graph().version() == storedGraphVersion;
  }

  /**
   * Ends the log file and catches up with what was committed since the draft. Nothing may be
   * committed meanwhile; searches may run, on the table at work. Who goes on with the table that
   * comes of it says so by {@link #adopt}.
   *
   * @return null if the newest snapshot holds everything already
   */
  public @Nullable Prepared prepare(Draft draft) {
    if (isNewest(draft.table())) {
      log.rotate();
      return null;
    }
    Table compact = draft.compact();
    long[] drop = draft.plan().drop();
    int ordinalCount = draft.table().ordinalCount();
    if (compact != null && drop != null) {
      compact.catchUp(draft.table(), draft.since(), drop);
      drop = Arrays.copyOf(drop, Bits.words(ordinalCount));
    }
    Table table = compact == null ? draft.table() : compact;
    Table.View view = table.view();
    List<Span> all = draft.plan().spansWith(ordinalCount - draft.since().ordinalCount());
    // Behind all that memory may not suffice for: otherwise each attempt would leave a log file.
    long logNumber = log.rotate();
    return new Prepared(
        table, drop, view, table.index().graph(), all, logNumber, log.lastSequence());
  }

  /** Takes notice that the prepared table serves from now on. Takes no memory. */
  public void adopt(Prepared prepared) {
    spans = prepared.spans();
  }

  /**
   * Writes the segments that are missing and the graph if it changed, and then the manifest: the
   * snapshot exists.
   *
   * @param listener told of the bytes of each segment; what it throws leaves all as it was
   */
  public void write(Prepared prepared, long nowMillis, ProgressListener listener) {
    List<String> fresh = new ArrayList<>();
    List<Span> written;
    GraphRef graph;
    try {
      written = writeSegments(prepared, fresh, listener);
      graph = writeGraph(prepared.graph(), fresh, listener);
    } catch (RuntimeException e) {
      deleteAll(fresh, e);
      throw e;
    }
    Manifest manifest = manifest(prepared, written, graph, nowMillis);
    // If this fails, nobody knows whether the manifest is there, so its files are left alone.
    // They cost space until the next checkpoint or opening finds that nothing names them.
    ManifestFormat.write(storage, manifest);
    spans = written;
    previous = newest;
    newest = manifest;
    noteStored(prepared.graph());
    log.attested(manifest.lastSequence());
  }

  private List<Span> writeSegments(
      Prepared prepared, List<String> fresh, ProgressListener listener) {
    List<Span> written = new ArrayList<>();
    int from = 0;
    for (Span span : spans) {
      written.add(
          span.segment() == null ? writeSegment(prepared, from, span, fresh, listener) : span);
      from += span.count();
    }
    return written;
  }

  private @Nullable GraphRef writeGraph(
      HnswGraph graph, List<String> fresh, ProgressListener listener) {
    if (graph.version() == storedGraphVersion) {
      return newest.graph();
    }
    if (graph.linkedCount() == 0) {
      return null;
    }
    long number = nextGraphNumber++;
    GraphRef ref = GraphFormat.write(storage, newest.storeId(), number, graph, listener);
    fresh.add(ref.fileName());
    return ref;
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

  private Manifest manifest(
      Prepared prepared, List<Span> written, @Nullable GraphRef graph, long nowMillis) {
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
        graph);
  }

  /**
   * Deletes the log files, segments and manifests that neither the newest snapshot nor the one
   * before it needs, and the torn tails of such log files.
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
    long torn = StoreFiles.tornNumber(name);
    if (torn >= 0) {
      return torn < firstLogNumberKept();
    }
    Manifest before = previous;
    return isPart(name) && !newest.names(name) && (before == null || !before.names(name));
  }

  /** Whether a file may be part of a snapshot, which a manifest names. */
  public static boolean isPart(String name) {
    return StoreFiles.Kind.SEGMENT.number(name) >= 0 || StoreFiles.Kind.GRAPH.number(name) >= 0;
  }

  private boolean isPrevious(long generation) {
    Manifest before = previous;
    return before != null && before.generation() == generation;
  }
}
