package org.edgevec;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.edgevec.index.GraphMaintenance;
import org.edgevec.index.HnswGraph;
import org.edgevec.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the search graph up with the entries, in slices of a few milliseconds: in the background
 * where the platform has one, otherwise inside the calls that write.
 *
 * <p>Working out a step reads the graph, which only this class changes, and takes no lock, so that
 * neither searches nor writes wait for it. Nor does making its changes, which searches see happen,
 * but for the last step of taking dead nodes out. Whoever exchanges the table, or needs a graph
 * that stays as it is, does so by {@link #runAlone}.
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

  /** After a slice that failed: long enough that one that fails each time costs nothing. */
  private static final long RETRY_DELAY_MILLIS = 1000;

  private final Supplier<Table> table;
  private final ReentrantReadWriteLock tableLock;
  private final Platform platform;
  private final HnswOptions options;
  private final Runnable onIdle;
  private final Object graphMonitor = new Object();
  private final Object sliceMonitor = new Object();
  private boolean scheduled;
  private long slices;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;
  private @Nullable GraphMaintenance steps;
  private @Nullable HnswGraph stepsOf;

  /**
   * @param table gives the present table
   * @param tableLock guards it
   * @param onIdle is called in the background when nothing is left to do
   */
  IndexMaintenance(
      Supplier<Table> table,
      ReentrantReadWriteLock tableLock,
      Platform platform,
      HnswOptions options,
      Runnable onIdle) {
    this.table = table;
    this.tableLock = tableLock;
    this.platform = platform;
    this.options = options;
    this.onIdle = onIdle;
  }

  /** Begins what opening found undone, in the background only: an opening shall not wait for it. */
  void afterOpen() {
    if (isDue()) {
      begin();
    }
  }

  /** Sees to it that what is due gets done. */
  void afterWrite() {
    if (isDue() && !begin()) {
      boolean more = true;
      while (more) {
        more = sliceInline();
      }
    }
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
        return true;
      }
      scheduled = true;
    }
    if (platform.schedule(this::run, failure == null ? 0 : RETRY_DELAY_MILLIS)) {
      return true;
    }
    endSlice();
    return false;
  }

  private void run() {
    boolean more = false;
    try {
      more = slice();
    } finally {
      endSlice();
    }
    if (more) {
      begin();
    } else {
      onIdle.run();
    }
  }

  private void endSlice() {
    synchronized (sliceMonitor) {
      scheduled = false;
      slices++;
      sliceMonitor.notifyAll();
    }
  }

  /** The state of a moment that a slice works with. */
  private record Moment(Table table, int ordinalCount, long[] dead) {}

  private @Nullable Moment moment() {
    tableLock.readLock().lock();
    try {
      Table now = table.get();
      return isTooSmall(now) ? null : new Moment(now, now.ordinalCount(), now.deadBits());
    } finally {
      tableLock.readLock().unlock();
    }
  }

  private boolean isTooSmall(Table now) {
    return now.index().graph().size() == 0 && now.liveCount() < options.minEntries();
  }

  private boolean isDue() {
    tableLock.readLock().lock();
    try {
      Table now = table.get();
      HnswGraph graph = now.index().graph();
      // Without a tail, what is linked and not live is dead.
      return !isTooSmall(now)
          && (graph.size() < now.ordinalCount()
              || GraphMaintenance.isPurgeDue(graph, graph.linkedCount() - now.liveCount()));
    } finally {
      tableLock.readLock().unlock();
    }
  }

  /**
   * Works for a few milliseconds.
   *
   * @return whether more is due
   */
  private boolean slice() {
    Slice slice = new Slice();
    runAlone(slice);
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

  /**
   * A few milliseconds of work. A task for {@link #runAlone} and not a block of its own: TeaVM lets
   * a method wait for a monitor only if it might wait in the block, too.
   */
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
      Moment moment = stopped ? null : moment();
      isMoreDue =
          moment != null && IndexMaintenance.this.work(moment, platform.nanoTime() + SLICE_NANOS);
    }
  }

  private boolean work(Moment moment, long endNanos) {
    GraphMaintenance work = stepsFor(moment.table());
    HnswGraph graph = moment.table().index().graph();
    while (work.plan(moment.ordinalCount(), moment.dead())) {
      apply(work);
      if (moment.ordinalCount() - graph.size() < PATIENT_TAIL) {
        platform.yieldToCallers();
      }
      if (platform.nanoTime() - endNanos >= 0) {
        return true;
      }
    }
    return false;
  }

  private GraphMaintenance stepsFor(Table now) {
    GraphMaintenance present = steps;
    HnswGraph graph = now.index().graph();
    if (present == null || stepsOf != graph) {
      present = new GraphMaintenance(graph, now.vectors(), options.efConstruction());
      steps = present;
      stepsOf = graph;
    }
    return present;
  }

  private void apply(GraphMaintenance work) {
    if (!work.isExclusive()) {
      work.apply();
      return;
    }
    tableLock.writeLock().lock();
    try {
      work.apply();
    } finally {
      tableLock.writeLock().unlock();
    }
  }

  /** Runs a task while the graph does not change. */
  void runAlone(Runnable task) {
    synchronized (graphMonitor) {
      task.run();
    }
  }

  /** Ends for good; the caller is in {@link #runAlone}. */
  void stop() {
    stopped = true;
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
    Moment goal = moment();
    int total = goal == null ? 0 : goal.ordinalCount();
    int done = 0;
    while (goal != null) {
      int left = goal.ordinalCount() - linked(goal.table());
      done = Math.max(done, Math.min(total, total - left));
      listener.progress(done, total);
      if (left <= 0) {
        return;
      }
      awaitSlice();
      // Where dead entries were left behind, the others have other ordinals now.
      goal = linked(goal.table()) < 0 ? moment() : goal;
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

  /** How many ordinals are decided, or -1 if that table serves no longer. */
  private int linked(Table then) {
    tableLock.readLock().lock();
    try {
      Table now = table.get();
      return now == then ? now.index().graph().size() : -1;
    } finally {
      tableLock.readLock().unlock();
    }
  }

  private long slices() {
    synchronized (sliceMonitor) {
      return slices;
    }
  }

  private void awaitSliceAfter(long seen) {
    boolean interrupted = false;
    synchronized (sliceMonitor) {
      while (slices == seen && !stopped) {
        try {
          sliceMonitor.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
