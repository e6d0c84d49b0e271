package org.edgevec;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.edgevec.bytes.Bits;
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
 * <p>Nothing that is due is left undone when all come to rest, whatever the order of things. A
 * slice works for the moment at which it began, so whoever finds one under way when he asks for
 * what he wrote may have come too late for it. Who has written asks behind his write, and a slice
 * looks whether anything is due once more after it has made room for the next: either the one finds
 * that room, or the other finds what was written. A slice that failed looks for who asked
 * meanwhile.
 *
 * <p>A search scans the tail. While searches come and the tail is long, a writer goes no faster
 * than it gets shorter: before it puts as many entries more, it waits until twice as many are
 * linked, or the tail is short. It goes on as soon as the database is closed, linking fails or gets
 * nowhere, or no search has come for a second; it holds nothing meanwhile that any of these needs.
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

  /**
   * Up to here, scanning the tail takes a search about as long as the graph does. While searches
   * come, a longer one holds writers back.
   */
  private static final int HELD_TAIL = 1000;

  /** For so long after a search the next one is expected. */
  private static final long SEARCHED_NANOS = 1_000_000_000;

  /** A writer that is held back looks at least so often whether it still has to be. */
  private static final long HELD_LOOK_MILLIS = 50;

  /** After so many looks in which no slice ended it goes on, whatever the clock shows. */
  private static final int MAX_IDLE_LOOKS = 20;

  /** So long after the tail became shorter last, the writer goes on. */
  private static final long MAX_IDLE_NANOS = 1_000_000_000;

  /** After a slice that failed: long enough that one that fails each time costs nothing. */
  private static final long RETRY_DELAY_MILLIS = 1000;

  private final Supplier<Table> table;
  private final ReentrantReadWriteLock tableLock;
  private final Platform platform;
  private final HnswOptions options;
  private final int threads;
  private final Runnable onIdle;
  private final Object graphMonitor = new Object();
  private final Object sliceMonitor = new Object();
  private final Object turnMonitor = new Object();
  private boolean scheduled;

  /** How many want to be alone with the graph, or are. Guarded by {@link #turnMonitor}. */
  private volatile int wanting;

  /** Whether somebody asked for a slice since the last one began. */
  private boolean askedAgain;

  private long slices;

  /** Guarded by {@link #tableLock}. */
  private Renumbering renumbering = new Renumbering(new long[0]);

  private volatile boolean stopped;
  private volatile boolean isSearched;
  private volatile long lastSearchNanos;
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
      Options options,
      Runnable onIdle) {
    this.table = table;
    this.tableLock = tableLock;
    this.platform = platform;
    this.options = options.hnsw();
    this.threads = platform.indexingThreads(options.indexingThreads());
    this.onIdle = onIdle;
  }

  /**
   * Begins what opening found undone, in the background only: an opening shall not wait for it. But
   * for stored vectors to be found by themselves, which takes moments and comes first.
   */
  void afterOpen() {
    if (isDue() && !begin()) {
      GraphMaintenance work = stepsFor(table.get());
      while (work.planLookup()) {
        work.apply();
      }
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

  /**
   * Takes notice of a search that is about to begin.
   *
   * @param searched the table, under its lock
   */
  void beforeSearch(Table searched) {
    if (tail(searched) > HELD_TAIL) {
      lastSearchNanos = platform.nanoTime();
      isSearched = true;
    }
  }

  private int tail(Table now) {
    return isTooSmall(now) ? 0 : now.ordinalCount() - now.index().graph().size();
  }

  /**
   * Holds a write back while searches would suffer from it; not before the first slice, since there
   * may be nobody who works.
   *
   * @param puts how many entries it adds
   */
  void beforeWrite(int puts) {
    if (isSearched && puts > 0 && slices() > 0) {
      awaitShorterTail(puts);
    }
  }

  private void awaitShorterTail(int puts) {
    int tail = heldTail();
    // Of a tail that other writers make longer, what they add counts against all alike.
    long enough = tail - 2L * puts;
    int least = tail;
    long leastNanos = platform.nanoTime();
    long seen = slices();
    int idleLooks = 0;
    while (tail > Math.max(HELD_TAIL, enough)
        && platform.nanoTime() - leastNanos < MAX_IDLE_NANOS
        && idleLooks < MAX_IDLE_LOOKS
        && pauseHeld()) {
      tail = heldTail();
      long now = slices();
      idleLooks = now == seen ? idleLooks + 1 : 0;
      seen = now;
      if (tail < least) {
        least = tail;
        leastNanos = platform.nanoTime();
      }
    }
  }

  /** How long the tail is, or 0 if there is no reason to wait for it. */
  private int heldTail() {
    if (stopped || failure != null || !isStillSearched()) {
      return 0;
    }
    tableLock.readLock().lock();
    try {
      return tail(table.get());
    } finally {
      tableLock.readLock().unlock();
    }
  }

  private boolean isStillSearched() {
    boolean isStill = platform.nanoTime() - lastSearchNanos < SEARCHED_NANOS;
    if (!isStill) {
      isSearched = false;
    }
    return isStill;
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
    if (isDue()) {
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
              || graph.isLookupBehind()
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
    awaitTurn();
    synchronized (graphMonitor) {
      slice.run();
    }
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
   * A few milliseconds of work. A task and not a block of its own: TeaVM lets a method wait for a
   * monitor only if it might wait in the block, too.
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
      if (isSearched || moment.ordinalCount() - graph.size() < PATIENT_TAIL) {
        platform.yieldToCallers();
      }
      if (wanting > 0 || platform.nanoTime() - endNanos >= 0) {
        return true;
      }
    }
    return false;
  }

  private GraphMaintenance stepsFor(Table now) {
    GraphMaintenance present = steps;
    HnswGraph graph = now.index().graph();
    if (present == null || stepsOf != graph) {
      present =
          new GraphMaintenance(graph, now.vectors(), options.efConstruction(), platform, threads);
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

  /**
   * Runs a task while the graph does not change. It goes before the next slice: slices follow each
   * other so closely that whoever waits for a monitor between them may wait for all of them.
   */
  void runAlone(Runnable task) {
    want(1);
    try {
      synchronized (graphMonitor) {
        task.run();
      }
    } finally {
      want(-1);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // changed under the monitor alone
  private void want(int more) {
    synchronized (turnMonitor) {
      wanting += more;
      turnMonitor.notifyAll();
    }
  }

  /** Waits until nobody wants to be alone with the graph. */
  private void awaitTurn() {
    boolean interrupted = false;
    synchronized (turnMonitor) {
      while (wanting > 0) {
        interrupted |= CommitQueue.pause(turnMonitor);
      }
    }
    CommitQueue.restoreInterrupt(interrupted);
  }

  /** Ends for good; the caller is in {@link #runAlone}. */
  void stop() {
    stopped = true;
    // They hold the vectors and the graph.
    steps = null;
    stepsOf = null;
    synchronized (sliceMonitor) {
      sliceMonitor.notifyAll();
    }
  }

  /** Takes notice, under the table's write lock, that another table serves from now on. */
  void renumbered(long[] drop) {
    Renumbering next = new Renumbering(drop);
    renumbering.next = next;
    renumbering = next;
  }

  /**
   * What a checkpoint did to the ordinals when it left dead entries behind, and what the next one
   * did. Who holds one that is not the last finds out by it where an ordinal is now.
   */
  private static final class Renumbering {
    final long[] drop;
    @Nullable Renumbering next;

    Renumbering(long[] drop) {
      this.drop = drop;
    }
  }

  /** The ordinals that were in use at a moment; none, if they were too few for a graph. */
  private final class Goal {
    private Renumbering last;
    private int ordinalCount;

    Goal() {
      tableLock.readLock().lock();
      try {
        last = renumbering;
        Table now = table.get();
        ordinalCount = isTooSmall(now) ? 0 : now.ordinalCount();
      } finally {
        tableLock.readLock().unlock();
      }
    }

    /** How many of them are in the tail now; none, if there are too few left for a graph. */
    int left() {
      tableLock.readLock().lock();
      try {
        if (stopped) {
          throw new DatabaseClosedException();
        }
        follow();
        Table now = table.get();
        return isTooSmall(now) ? 0 : Math.max(0, ordinalCount - now.index().graph().size());
      } finally {
        tableLock.readLock().unlock();
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

  /**
   * Waits until no entry is left in the tail that was there when this began.
   *
   * @param listener told of the entries that are linked and of those that shall be
   * @throws DatabaseClosedException if the database is closed meanwhile
   * @throws IndexingException if a slice fails meanwhile
   */
  void await(ProgressListener listener) {
    Goal goal = new Goal();
    int total = goal.ordinalCount;
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

  private long slices() {
    synchronized (sliceMonitor) {
      return slices;
    }
  }

  /**
   * Waits for a slice to end, but not long.
   *
   * @return false if the thread was interrupted, which then still is
   */
  private boolean pauseHeld() {
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
