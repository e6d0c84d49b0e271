package org.edgevec.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.edgevec.SearchRequest;
import org.edgevec.bytes.Bits;
import org.edgevec.contents.Compaction;
import org.edgevec.contents.Contents;
import org.edgevec.engine.CommitQueue.Ticket;
import org.edgevec.index.GraphMaintenance;
import org.edgevec.query.Found;
import org.edgevec.query.Query;
import org.edgevec.query.Searcher;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.table.EntryView;
import org.edgevec.table.StoredEntry;
import org.edgevec.vector.HeapArena;
import org.jspecify.annotations.Nullable;

/**
 * The contents at work, and the lock that guards them: reads share it, and whoever applies a batch,
 * exchanges the contents or moves them up has it alone, for moments.
 *
 * <p>Nobody takes another lock, waits or does I/O while he holds this one; in the browser, where it
 * is a lock that does nothing, all rests on that.
 *
 * <p>Error Prone does not check who holds a read-write lock, so all that this one guards is in here
 * and goes out by the methods of this class alone.
 *
 * <p>Only one who has the lead exchanges them, after he has become alone with their graph. So who
 * has either may use them without the lock: {@link #present}.
 */
final class LiveContents {

  private final Lifecycle life;
  private final int minEntries;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  @GuardedBy("lock")
  private Contents contents;

  @GuardedBy("lock")
  private Searcher searcher;

  @GuardedBy("lock")
  private Renumbering renumbering = new Renumbering(new long[0]);

  /**
   * @param minEntries so many are needed for a graph to be begun
   */
  LiveContents(Contents contents, Lifecycle life, int minEntries) {
    this.contents = contents;
    this.searcher = searcher(contents);
    this.life = life;
    this.minEntries = minEntries;
  }

  private static Searcher searcher(Contents contents) {
    return new Searcher(contents.vectors(), contents.trust());
  }

  // Reading; whoever reads when they are closed is told so

  @Nullable StoredEntry stored(String id) {
    lock.readLock().lock();
    try {
      life.checkOpen();
      int ordinal = contents.ordinalOf(id);
      return ordinal < 0 ? null : contents.stored(ordinal);
    } finally {
      lock.readLock().unlock();
    }
  }

  boolean contains(String id) {
    lock.readLock().lock();
    try {
      life.checkOpen();
      return contents.ordinalOf(id) >= 0;
    } finally {
      lock.readLock().unlock();
    }
  }

  int size() {
    lock.readLock().lock();
    try {
      life.checkOpen();
      return contents.liveCount();
    } finally {
      lock.readLock().unlock();
    }
  }

  List<String> ids() {
    lock.readLock().lock();
    try {
      life.checkOpen();
      return contents.liveIds();
    } finally {
      lock.readLock().unlock();
    }
  }

  EntryView view() {
    lock.readLock().lock();
    try {
      life.checkOpen();
      return contents.view();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Searches.
   *
   * @param vector the request's, checked and not changed any more
   * @param writers take notice of it
   */
  Found search(float[] vector, SearchRequest request, HeldWriters writers) {
    lock.readLock().lock();
    try {
      life.checkOpen();
      writers.beforeSearch(tailOf(contents));
      return searcher.search(
          new Query(vector, request.k(), request.efSearch(), request.isExact(), contents.live()),
          contents);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** What the contents tell of themselves at one moment. */
  record Figures(int live, int ordinals, int linked, int tail, long walks, long walksByVectors) {}

  Figures figures() {
    lock.readLock().lock();
    try {
      life.checkOpen();
      int ordinals = contents.ordinalCount();
      return new Figures(
          contents.liveCount(),
          ordinals,
          contents.linkedCount(),
          ordinals - contents.decidedCount(),
          contents.trust().walks(),
          contents.trust().walksByVectors());
    } finally {
      lock.readLock().unlock();
    }
  }

  // For maintenance, which ends by itself when they are closed

  private int tailOf(Contents now) {
    return isTooSmall(now) ? 0 : now.ordinalCount() - now.decidedCount();
  }

  private boolean isTooSmall(Contents now) {
    return now.isUnlinked() && now.liveCount() < minEntries;
  }

  /** How many entries wait to be linked; none, if there are too few for a graph. */
  int tail() {
    lock.readLock().lock();
    try {
      return tailOf(contents);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Whether the graph wants work. */
  boolean isUpkeepDue() {
    lock.readLock().lock();
    try {
      return !isTooSmall(contents) && contents.isUpkeepDue();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The state of a moment that a slice of linking works with. */
  @SuppressWarnings("ArrayRecordComponent") // bits
  record Moment(Contents contents, int ordinalCount, long[] dead) {}

  /** The present moment, or null if there are too few entries for a graph. */
  @Nullable Moment moment() {
    lock.readLock().lock();
    try {
      return isTooSmall(contents)
          ? null
          : new Moment(contents, contents.ordinalCount(), contents.deadBits());
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Whether a snapshot should be made for the sake of what is derived and not stored, or of what is
   * dead and can be left behind.
   */
  boolean isWorthACheckpoint(SnapshotManager snapshots) {
    lock.readLock().lock();
    try {
      return snapshots.isStale(contents)
          || SnapshotManager.isWorthDropping(contents.removableCount(), contents.ordinalCount());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Makes the changes of a step of linking, alone where it has to be. */
  void apply(GraphMaintenance step) {
    if (!step.isExclusive()) {
      step.apply();
      return;
    }
    lock.writeLock().lock();
    try {
      step.apply();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The ordinals that were in use at a moment; none, if they were too few for a graph. */
  final class Goal {
    private Renumbering last;
    private int ordinalCount;

    private Goal(Renumbering last, int ordinalCount) {
      this.last = last;
      this.ordinalCount = ordinalCount;
    }

    /** How many there were to begin with; ask before {@link #left}. */
    int count() {
      return ordinalCount;
    }

    /** How many of them are in the tail now; none, if there are too few left for a graph. */
    int left() {
      lock.readLock().lock();
      try {
        life.checkOpen();
        follow();
        return isTooSmall(contents) ? 0 : Math.max(0, ordinalCount - contents.decidedCount());
      } finally {
        lock.readLock().unlock();
      }
    }

    private void follow() {
      Renumbering next = last.next;
      while (next != null) {
        ordinalCount -= Bits.count(next.drop, 0, ordinalCount);
        last = next;
        next = last.next;
      }
    }
  }

  /** All that is there now, as what shall be linked. */
  Goal goal() {
    lock.readLock().lock();
    try {
      return new Goal(renumbering, isTooSmall(contents) ? 0 : contents.ordinalCount());
    } finally {
      lock.readLock().unlock();
    }
  }

  // For who has the lead, or is alone with the graph

  /** The contents, for one who has the lead or is alone with the graph. */
  @SuppressWarnings("GuardedBy") // only such a one exchanges them
  Contents present() {
    return contents;
  }

  /** Makes room, so that a batch that is logged can be applied. For the leader. */
  void reserve(int puts) {
    // The leader alone makes room and uses it. Waiting for all readers once a group is enough.
    if (present().hasRoomFor(puts)) {
      return;
    }
    lock.writeLock().lock();
    try {
      contents.reserve(puts);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Applies what is durable; makes nothing where there is room for it. For the leader. */
  void apply(List<Ticket> group) {
    lock.writeLock().lock();
    try {
      for (Ticket ticket : group) {
        ticket.committed(contents.apply(ticket.records()));
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Goes on with others, that lack some of the dead entries.
   *
   * @param drop those, as bits by the ordinals of now
   */
  void exchange(Contents compact, long[] drop) {
    lock.writeLock().lock();
    try {
      // First, since there may be no memory for it; the rest takes none.
      Searcher next = searcher(compact);
      renumbered(drop);
      contents.release();
      contents = compact;
      searcher = next;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Leaves dead entries behind in the contents themselves. */
  void moveUp(Compaction prepared) {
    lock.writeLock().lock();
    try {
      // There may be no memory for it; the rest takes none.
      renumbered(prepared.drop());
      prepared.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @GuardedBy("lock")
  private void renumbered(long[] drop) {
    Renumbering next = new Renumbering(drop);
    renumbering.next = next;
    renumbering = next;
  }

  /** A closed database that somebody still has, or a task that was to run, keeps no entries. */
  void release() {
    Contents last = present();
    Contents empty = new Contents(last.dimension(), last.metric(), HeapArena.SCALAR);
    Searcher ofNothing = searcher(empty);
    lock.writeLock().lock();
    try {
      contents.release();
      contents = empty;
      searcher = ofNothing;
    } finally {
      lock.writeLock().unlock();
    }
  }
}
