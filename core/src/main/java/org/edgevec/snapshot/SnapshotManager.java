package org.edgevec.snapshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.bytes.Bits;
import org.edgevec.contents.Contents;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.table.EntryView;
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

  /** Fewer dead entries are not worth a checkpoint. */
  private static final int MIN_DROPPED = 2000;

  private final StorageBackend storage;
  private final WriteAheadLog log;
  private volatile Manifest newest;
  private volatile @Nullable Manifest previous;
  private List<Span> spans;
  private final SnapshotWriter writer;
  private final List<StoredPart> parts = new ArrayList<>();

  /**
   * @param newest the snapshot that the entries were loaded from
   * @param previous the one before it, if that is whole
   * @param contents as they were recovered
   * @param moved the runs of ordinals, if entries of that snapshot were left behind already, or
   *     null
   */
  public SnapshotManager(
      StorageBackend storage,
      WriteAheadLog log,
      Manifest newest,
      @Nullable Manifest previous,
      Contents contents,
      @Nullable List<Span> moved) {
    this.storage = storage;
    this.log = log;
    this.newest = newest;
    this.previous = previous;
    this.spans = moved == null ? spansOf(newest) : moved;
    this.writer = new SnapshotWriter(storage, highest(StoreFiles.Kind.SEGMENT) + 1);
    for (DerivedPart part : DerivedParts.ALL) {
      // What is stored may be of other ordinals, not be readable, or not to be used.
      boolean isLost = part.size(contents) == 0 && newest.part(part.kind()) != null;
      long next = highest(part.kind()) + 1;
      parts.add(new StoredPart(part, next, contents, moved == null && !isLost));
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

  /** Whether so much of a derived part is not stored that a snapshot should be made for it. */
  public boolean isStale(Contents contents) {
    boolean any = false;
    for (StoredPart part : parts) {
      any |= part.isStale(contents);
    }
    return any;
  }

  /**
   * Whether storing what is derived takes less than making it anew at the next opening.
   *
   * @param logBytes about as many as would be written of entries
   */
  public boolean isWorthStoring(Contents contents, long logBytes) {
    boolean any = false;
    for (StoredPart part : parts) {
      any |= part.isWorthStoring(contents, logBytes);
    }
    return any;
  }

  /**
   * Whether so many entries are dead and no longer linked that a snapshot should be made to leave
   * them behind. One that is made leaves fewer, since of a larger share of all than it suffers in a
   * segment some segment has too large a share.
   */
  public static boolean isWorthDropping(int removable, int ordinalCount) {
    return removable >= MIN_DROPPED && SnapshotPlan.isMostlyDead(removable, ordinalCount);
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
   * @param contents those at work
   * @param since their moment
   * @param plan what to keep and what to write
   * @param compact the contents without what the plan drops, or null if that is nothing
   */
  public record Draft(
      Contents contents, EntryView since, SnapshotPlan plan, @Nullable Contents compact) {

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
   * @param contents those to go on with; others than were given if dead entries were left behind.
   *     What is derived of them must not change until it is written
   * @param drop their ordinals in those that were given, as bits, or null if there are none
   * @param view the entries, to be written
   * @param spans the runs of ordinals that segments hold or shall hold
   * @param logNumber the first log file that is not part of the snapshot
   * @param lastSequence the last batch that is
   */
  @SuppressWarnings("ArrayRecordComponent") // bits
  public record Prepared(
      Contents contents,
      long @Nullable [] drop,
      EntryView view,
      List<Span> spans,
      long logNumber,
      long lastSequence) {}

  /**
   * Decides what to write, and copies the contents if dead entries are left behind. Searches and
   * commits go on meanwhile; the graph must not change until {@link #adopt}.
   *
   * @param since the contents at this moment
   */
  public Draft draft(Contents contents, EntryView since) {
    return draft(contents, since, plan(contents, since));
  }

  /**
   * The same.
   *
   * @return null if there is no memory for a copy; they may be left behind by a {@link #compaction}
   */
  public @Nullable Draft draftIfRoom(Contents contents, EntryView since, Platform platform) {
    try {
      SnapshotPlan plan = plan(contents, since);
      return isRoomFor(plan.drop(), contents, since, platform)
          ? draft(contents, since, plan)
          : null;
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** Decides what to write, and leaves nothing behind. */
  public Draft draftOfAll(Contents contents, EntryView since) {
    return new Draft(contents, since, planOfAll(since), null);
  }

  private SnapshotPlan plan(Contents contents, EntryView since) {
    // If nothing has changed, hardly anything will until the next step, and that is then added.
    return isNewest(contents)
        ? planOfAll(since)
        : SnapshotPlan.of(spans, since.ordinalCount(), contents.removableBits(since));
  }

  private SnapshotPlan planOfAll(EntryView since) {
    int count = since.ordinalCount();
    return SnapshotPlan.of(spans, count, new long[Bits.words(count)]);
  }

  private static boolean isRoomFor(
      long @Nullable [] drop, Contents contents, EntryView since, Platform platform) {
    return drop == null
        || platform.hasMemoryFor(contents.bytesWithout(Bits.count(drop, 0, since.ordinalCount())));
  }

  private static Draft draft(Contents contents, EntryView since, SnapshotPlan plan) {
    long[] drop = plan.drop();
    return new Draft(contents, since, plan, drop == null ? null : contents.without(since, drop));
  }

  /**
   * What can be left behind in the contents themselves, which then move up; {@link #moved} is to be
   * told.
   *
   * @param since the contents at this moment
   * @param isPressing whether the graph may be given up for it
   * @return null if that is next to nothing
   */
  public @Nullable CompactionPlan compaction(
      Contents contents, EntryView since, boolean isPressing) {
    return CompactionPlan.of(spans, contents, since, isPressing);
  }

  /**
   * Takes notice that the contents have moved up. Takes no memory.
   *
   * @param now the runs of ordinals from now on
   */
  public void moved(List<Span> now, Contents contents) {
    spans = now;
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).renumbered(contents);
    }
  }

  private boolean isNewest(Contents contents) {
    boolean isNewest = log.lastSequence() == newest.lastSequence();
    for (StoredPart part : parts) {
      isNewest &= part.isNewest(contents);
    }
    return isNewest;
  }

  /**
   * Ends the log file and catches up with what was committed since the draft. Nothing may be
   * committed meanwhile; searches may run, on the contents at work. Who goes on with those that
   * come of it says so by {@link #adopt}.
   *
   * @return null if the newest snapshot holds everything already
   */
  public @Nullable Prepared prepare(Draft draft) {
    if (isNewest(draft.contents())) {
      log.rotate();
      return null;
    }
    Contents compact = draft.compact();
    long[] drop = draft.plan().drop();
    int ordinalCount = draft.contents().ordinalCount();
    if (compact != null && drop != null) {
      compact.catchUp(draft.contents(), draft.since(), drop);
      drop = Arrays.copyOf(drop, Bits.words(ordinalCount));
    }
    Contents next = compact == null ? draft.contents() : compact;
    EntryView view = next.view();
    List<Span> all = draft.plan().spansWith(ordinalCount - draft.since().ordinalCount());
    // Behind all that memory may not suffice for: otherwise each attempt would leave a log file.
    long logNumber = log.rotate();
    return new Prepared(next, drop, view, all, logNumber, log.lastSequence());
  }

  /** Takes notice that the prepared contents serve from now on. Takes no memory. */
  public void adopt(Prepared prepared) {
    spans = prepared.spans();
  }

  /**
   * Writes the segments that are missing and the derived parts that changed, and then the manifest:
   * the snapshot exists.
   *
   * @param listener told of the bytes of each segment; what it throws leaves all as it was
   */
  public void write(Prepared prepared, long nowMillis, ProgressListener listener) {
    SnapshotWriter.Written written =
        writer.write(prepared, spans, newest, parts, nowMillis, listener);
    Manifest manifest = written.manifest();
    // If this fails, nobody knows whether the manifest is there, so its files are left alone.
    // They cost space until the next checkpoint or opening finds that nothing names them.
    ManifestFormat.write(storage, manifest);
    spans = written.spans();
    previous = newest;
    newest = manifest;
    for (StoredPart part : parts) {
      part.note(prepared.contents());
    }
    log.attested(manifest.lastSequence());
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
    return StoreFiles.Kind.SEGMENT.number(name) >= 0 || DerivedParts.ofFile(name) != null;
  }

  private boolean isPrevious(long generation) {
    Manifest before = previous;
    return before != null && before.generation() == generation;
  }
}
