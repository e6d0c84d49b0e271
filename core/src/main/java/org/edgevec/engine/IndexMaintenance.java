package org.edgevec.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.edgevec.DatabaseClosedException;
import org.edgevec.HnswOptions;
import org.edgevec.IndexingException;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.contents.Contents;
import org.edgevec.engine.LiveContents.Moment;
import org.edgevec.index.GraphMaintenance;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the search graph up with the entries, in slices of a few milliseconds: in the background
 * where the platform has one, otherwise inside the calls that write.
 *
 * <p>Working out a step reads the graph, which only this class changes, and takes no lock, so that
 * neither searches nor writes wait for it. Nor does making its changes, which searches see happen,
 * but for the last step of taking dead nodes out. Whoever exchanges the contents, or needs a graph
 * that stays as it is, does so in {@linkplain GraphTurns turns} with it.
 *
 * <p>Nothing that is due is left undone when all come to rest, whatever the order of things. A
 * slice works for the moment at which it began, so whoever finds one under way when he asks for
 * what he wrote may have come too late for it. Who has written asks behind his write, and a slice
 * looks whether anything is due once more after it has made room for the next: either the one finds
 * that room, or the other finds what was written. A slice that failed looks for who asked
 * meanwhile.
 *
 * <p>A slice that fails is nothing that a write could fail with: its entries are durable, and
 * searches scan them. What it failed with is kept, for who waits and for the statistics, and the
 * next write or wait begins another slice, after a pause.
 */
final class IndexMaintenance {

  /** Half of a page's frame at 60 a second, where slices run between a page's own tasks. */
  private static final long SLICE_NANOS = 8_000_000;

  /** Up to here, scanning the tail costs searches less than a thread that links beside them. */
  private static final int PATIENT_TAIL = 1000;

  /** A writer that is held back looks at least so often whether it still has to be. */
  private static final long HELD_LOOK_MILLIS = 50;

  /** After a slice that failed: long enough that one that fails each time costs nothing. */
  private static final long RETRY_DELAY_MILLIS = 1000;

  private final LiveContents contents;
  private final GraphTurns turns;
  private final HeldWriters writers;
  private final Platform platform;
  private final int efConstruction;
  private final int threads;
  private final Runnable onIdle;
  private final Object sliceMonitor = new Object();

  @GuardedBy("sliceMonitor")
  private boolean scheduled;

  /** Whether somebody asked for a slice since the last one began. */
  @GuardedBy("sliceMonitor")
  private boolean askedAgain;

  @GuardedBy("sliceMonitor")
  private long slices;

  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;

  /** Of whoever has the turn. */
  private @Nullable GraphMaintenance steps;

  /**
   * @param onIdle is called in the background when nothing is left to do
   */
  IndexMaintenance(
      LiveContents contents,
      GraphTurns turns,
      HeldWriters writers,
      Platform platform,
      Options options,
      Runnable onIdle) {
    HnswOptions hnsw = options.hnsw();
    this.contents = contents;
    this.turns = turns;
    this.writers = writers;
    this.platform = platform;
    this.efConstruction = hnsw.efConstruction();
    this.threads = platform.indexingThreads(options.indexingThreads());
    this.onIdle = onIdle;
  }

  /**
   * Begins what opening found undone, in the background only: an opening shall not wait for it. But
   * for stored vectors to be found by themselves, which takes moments and comes first.
   */
  void afterOpen() {
    if (contents.isUpkeepDue() && !begin()) {
      GraphMaintenance work = stepsFor(contents.present());
      while (work.planLookup()) {
        work.apply();
      }
    }
  }

  /** Sees to it that what is due gets done. */
  void afterWrite() {
    if (contents.isUpkeepDue() && !begin()) {
      boolean more = true;
      while (more) {
        more = sliceInline();
      }
    }
  }

  /** How long the tail is, or 0 if nobody is going to make it shorter. */
  int awaitedTail() {
    return stopped || failure != null ? 0 : contents.tail();
  }

  /** What the last slice failed with, or null if it went well. */
  @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Begins to work in the background, or sees to it that this is about to happen.
   *
   * @return false if there is no background
   */
  private boolean begin() {
    synchronized (sliceMonitor) {
      if (scheduled) {
        askedAgain = true;
        return true;
      }
      scheduled = true;
    }
    boolean isToCome = false;
    try {
      isToCome = platform.schedule(this::run, failure == null ? 0 : RETRY_DELAY_MILLIS);
    } finally {
      if (!isToCome) {
        endSlice();
      }
    }
    return isToCome;
  }

  private void run() {
    boolean wentWell = false;
    beginSlice();
    try {
      slice();
      wentWell = true;
    } finally {
      boolean asked = endSlice();
      if (!wentWell && asked && !stopped) {
        begin();
      }
    }
    if (stopped) {
      return;
    }
    // Only now, since who wrote before finds that the slice is over, or is found here.
    if (contents.isUpkeepDue()) {
      begin();
    } else {
      onIdle.run();
    }
  }

  private void beginSlice() {
    synchronized (sliceMonitor) {
      askedAgain = false;
    }
  }

  /** Makes room for the next slice, and tells whether it was asked for since this one began. */
  private boolean endSlice() {
    synchronized (sliceMonitor) {
      scheduled = false;
      slices++;
      sliceMonitor.notifyAll();
      return askedAgain;
    }
  }

  /**
   * Works for a few milliseconds.
   *
   * @return whether more is due
   */
  private boolean slice() {
    Slice slice = new Slice();
    turns.runSlice(slice);
    return slice.isMoreDue;
  }

  /**
   * The same without a background, which could tell of a failure: {@link #failure} does.
   *
   * @return whether more is due and may go well
   */
  private boolean sliceInline() {
    try {
      return slice();
    } catch (RuntimeException | Error e) {
      return false;
    }
  }

  /** A few milliseconds of work. */
  private final class Slice implements Runnable {
    private boolean isMoreDue;

    @Override
    public void run() {
      try {
        platform.runGuarded(this::work);
        failure = null;
      } catch (RuntimeException | Error e) {
        // What was worked out half may have passed over a node: the next slice begins anew.
        steps = null;
        failure = e;
        throw e;
      }
    }

    private void work() {
      Moment moment = stopped ? null : contents.moment();
      isMoreDue =
          moment != null && IndexMaintenance.this.work(moment, platform.nanoTime() + SLICE_NANOS);
    }
  }

  private boolean work(Moment moment, long endNanos) {
    GraphMaintenance work = stepsFor(moment.contents());
    while (work.plan(moment.ordinalCount(), moment.dead())) {
      contents.apply(work);
      if (writers.isSearched()
          || moment.ordinalCount() - moment.contents().decidedCount() < PATIENT_TAIL) {
        platform.yieldToCallers();
      }
      if (turns.isWanted() || platform.nanoTime() - endNanos >= 0) {
        return true;
      }
    }
    return false;
  }

  private GraphMaintenance stepsFor(Contents now) {
    GraphMaintenance present = steps;
    if (present == null || !now.isKeptUpBy(present)) {
      present = now.upkeep(efConstruction, platform, threads);
      steps = present;
    }
    return present;
  }

  /** Ends for good; the caller is alone with the graph. */
  void stop() {
    stopped = true;
    // They hold the vectors and the graph.
    steps = null;
    synchronized (sliceMonitor) {
      sliceMonitor.notifyAll();
    }
  }

  /**
   * Waits until no entry is left in the tail that was there when this began.
   *
   * @param listener told of the entries that are linked and of those that shall be
   * @throws DatabaseClosedException if the database is closed meanwhile
   * @throws IndexingException if a slice fails meanwhile
   */
  void await(ProgressListener listener) {
    LiveContents.Goal goal = contents.goal();
    int total = goal.count();
    int done = 0;
    while (done < total) {
      int left = goal.left();
      done = Math.max(done, total - left);
      listener.progress(done, total);
      if (left > 0) {
        awaitSlice();
      }
    }
  }

  /** Waits until a slice has ended that went well. */
  private void awaitSlice() {
    long seen = slices();
    if (begin()) {
      awaitSliceAfter(seen);
    } else {
      sliceInline();
    }
    if (stopped) {
      throw new DatabaseClosedException();
    }
    Throwable because = failure;
    if (because != null) {
      throw new IndexingException(because);
    }
  }

  /** How many slices have ended. */
  long slices() {
    synchronized (sliceMonitor) {
      return slices;
    }
  }

  /**
   * Waits for a slice to end, but not long.
   *
   * @return false if the thread was interrupted, which then still is
   */
  boolean pauseHeld() {
    synchronized (sliceMonitor) {
      try {
        if (!stopped) {
          sliceMonitor.wait(HELD_LOOK_MILLIS);
        }
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  private void awaitSliceAfter(long seen) {
    boolean interrupted = false;
    synchronized (sliceMonitor) {
      while (slices == seen && !stopped) {
        interrupted |= CommitQueue.pause(sliceMonitor);
      }
    }
    CommitQueue.restoreInterrupt(interrupted);
  }
}
