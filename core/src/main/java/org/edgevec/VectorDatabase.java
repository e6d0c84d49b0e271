package org.edgevec;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.edgevec.CommitQueue.Ticket;
import org.edgevec.index.CodeTrust;
import org.edgevec.index.HnswGraph;
import org.edgevec.recovery.Recovered;
import org.edgevec.recovery.Recovery;
import org.edgevec.recovery.Salvage;
import org.edgevec.recovery.Verification;
import org.edgevec.snapshot.CompactionPlan;
import org.edgevec.snapshot.Manifest;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.snapshot.Span;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.ReadOnlyException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageFullException;
import org.edgevec.table.Change;
import org.edgevec.table.RecordCodec;
import org.edgevec.table.Table;
import org.edgevec.vector.HeapArena;
import org.edgevec.wal.WriteAheadLog;
import org.jspecify.annotations.Nullable;

/**
 * An embedded vector database. A write that returned survives the crash.
 *
 * <p><b>Writes.</b> A call returns when its batch is durable and applied; concurrent writers share
 * a sync. Whatever happens, what is recovered is the state after some prefix of the submitted
 * batches with every acknowledged one in it, and never half a batch. After a failed write or sync
 * the database is read-only until it is opened again ({@link ReadOnlyException}).
 *
 * <p>While searches come and many entries are not linked yet, a write waits for some to be linked
 * before it adds more ({@link #awaitIndexed}), so that searches stay quick beside a bulk load.
 *
 * <p><b>Reads</b> see exactly what is durable (under {@code RELAXED}: what was acknowledged), from
 * memory; they never wait for a disk.
 *
 * <p><b>Threads.</b> Every method may be called by any number of threads at the same time. Writes
 * are serialised; reads run in parallel with each other and with everything but the moment in which
 * a batch is applied. Interrupting a waiting writer does not stop its write.
 *
 * <p><b>Errors.</b> {@link InvalidInputException} for arguments, {@link PersistenceException} for
 * storage, {@link DatabaseClosedException} after {@link #close}, and {@link IndexingException} from
 * {@link #awaitIndexed} alone; nothing else is expected.
 */
public final class VectorDatabase implements AutoCloseable {

  /** How long after a write the log may be sealed and a due checkpoint begun. */
  private static final long MAINTENANCE_DELAY_MILLIS = 250;

  /** While writes never rest the log is sealed so often: damage in what is older is noticed. */
  private static final long SEAL_NANOS = 1_000_000_000;

  /** So long after a checkpoint that failed the next one is tried; twice as long after another. */
  private static final long RETRY_NANOS = 2_500_000_000L;

  /** Until it is five minutes. */
  private static final int MAX_DOUBLINGS = 7;

  private final StorageBackend storage;
  private final Options options;
  private final Platform platform;
  private final RecoveryReport recoveryReport;
  private final int dimension;
  private final Metric metric;
  private final WriteAheadLog log;
  private final SnapshotManager snapshots;
  private final CommitQueue commits = new CommitQueue(this::commitGroup);
  private final Object checkpointMonitor = new Object();
  private final ReentrantReadWriteLock tableLock = new ReentrantReadWriteLock();
  private final Maintenance maintenance;
  private final IndexMaintenance indexing;

  private Table table;
  private volatile long durableSequence;
  private volatile long batches;
  private volatile long syncs;
  private volatile boolean closing;
  private volatile boolean closed;
  private volatile boolean verifying;

  /** How often the table has moved up in itself. */
  private volatile int compactions;

  private volatile @Nullable Throwable failure;

  private VectorDatabase(
      StorageBackend storage, Options options, Platform platform, Recovered recovered) {
    this.storage = storage;
    this.options = options;
    this.platform = platform;
    this.recoveryReport = new RecoveryReport(recovered.report());
    this.failure = recovered.full();
    this.table = recovered.table();
    if (table.index().graph().size() == 0) {
      table.useGraph(new HnswGraph(options.hnsw().m()));
    }
    this.dimension = table.dimension();
    this.metric = table.metric();
    this.durableSequence = recovered.report().lastSequence();
    this.log =
        new WriteAheadLog(
            storage,
            recovered.newest().storeId(),
            options.durability(),
            platform::randomLong,
            recovered.logStart());
    this.snapshots =
        new SnapshotManager(
            storage,
            log,
            recovered.newest(),
            recovered.previous(),
            recovered.table().index().graph(),
            recovered.moved());
    this.maintenance = new Maintenance();
    this.indexing =
        new IndexMaintenance(() -> table, tableLock, platform, options, maintenance::afterWrite);
  }

  /** Opens a database on any storage, with maintenance done inside the calls that make it due. */
  public static VectorDatabase open(StorageBackend storage, Options options) {
    return open(storage, options, Platform.inline());
  }

  /**
   * Opens a database on any storage, which from now on is the database's: it is closed with it, and
   * also when opening fails.
   *
   * @throws InvalidInputException if there is no database and none may be made ({@code NOT_FOUND}),
   *     the options contradict the stored ones ({@code OPTIONS_MISMATCH}), or the storage holds
   *     something else ({@code NOT_A_DATABASE})
   * @throws PersistenceException if it cannot be read whole; nothing was changed then
   */
  public static VectorDatabase open(StorageBackend storage, Options options, Platform platform) {
    Arguments.required(storage, "The storage");
    try {
      Arguments.required(options, "The object of Options");
      Arguments.required(platform, "The platform");
      Recovered recovered = new Recovery(storage, options, platform).recover();
      return begin(storage, options, platform, recovered);
    } catch (RuntimeException | Error e) {
      closeAfter(storage, e);
      throw e;
    }
  }

  private static VectorDatabase begin(
      StorageBackend storage, Options options, Platform platform, Recovered recovered) {
    try {
      VectorDatabase database = new VectorDatabase(storage, options, platform, recovered);
      database.begin();
      return database;
    } catch (RuntimeException | Error e) {
      recovered.table().release();
      throw e;
    }
  }

  /** Begins what opening found due in the background. */
  private void begin() {
    try {
      indexing.afterOpen();
      maintenance.afterOpen();
    } catch (RuntimeException | Error e) {
      closing = true;
      closed = true;
      indexing.runAlone(indexing::stop);
      throw e;
    }
  }

  private static void closeAfter(StorageBackend storage, Throwable because) {
    try {
      storage.close();
    } catch (RuntimeException | Error e) {
      if (e != because) {
        because.addSuppressed(e);
      }
    }
  }

  // Writing

  /**
   * Stores a vector, replacing what is under that id; returns when it is durable.
   *
   * @param id 1 to 512 bytes of UTF-8
   * @param vector {@link #dimension} finite numbers; of a length that the {@linkplain Metric
   *     metric} can score. Copied.
   * @param metadata what to keep beside it
   * @throws InvalidInputException if any of these does not hold; nothing was written
   */
  public void put(String id, float[] vector, Metadata metadata) {
    Arguments.required(id, "The id");
    Arguments.required(vector, "The vector");
    Arguments.required(metadata, "The metadata");
    commit(List.of(new Change.Put(id, vector, metadata)));
  }

  /** Stores a vector without metadata; see {@link #put(String, float[], Metadata)}. */
  public void put(String id, float[] vector) {
    put(id, vector, Metadata.empty());
  }

  /**
   * Makes all changes of a batch durable, or none, and returns when they are. While searches come
   * and more than about a thousand entries wait to be linked, a write that puts waits until twice
   * as many as it adds are, so that searches stay quick beside a bulk load; nobody else waits. A
   * batch without changes changes nothing.
   *
   * @throws InvalidInputException if the batch takes more than 64 MiB, or holds a change that
   *     cannot be stored; nothing was written
   */
  public void write(WriteBatch batch) {
    commit(Arguments.required(batch, "The batch").changes());
  }

  /**
   * Refuses what {@link #write} would refuse, and writes nothing: for a caller who writes many
   * batches and wants none written unless all can be.
   *
   * @throws InvalidInputException as {@link #write} throws it
   */
  public void check(WriteBatch batch) {
    checkNotClosing();
    List<Change> changes = Arguments.required(batch, "The batch").changes();
    if (!changes.isEmpty()) {
      RecordCodec.encode(changes, dimension, metric);
      checkWritable();
    }
  }

  /**
   * Removes an entry; returns when that is durable.
   *
   * @return whether there was one
   */
  public boolean delete(String id) {
    return commit(List.of(new Change.Delete(Arguments.required(id, "The id")))) > 0;
  }

  private int commit(List<Change> changes) {
    checkNotClosing();
    if (changes.isEmpty()) {
      return 0;
    }
    int seen = compactions;
    int removed;
    try {
      removed = submit(changes);
    } catch (OutOfMemoryError e) {
      // If it was logged, the database is read-only.
      if (!platform.makesRoomInPlace() || failure != null || !makeRoom(seen)) {
        throw e;
      }
      removed = submit(changes);
    }
    indexing.afterWrite();
    maintenance.afterWrite();
    return removed;
  }

  private int submit(List<Change> changes) {
    RecordCodec.Encoded batch = RecordCodec.encode(changes, dimension, metric);
    checkWritable();
    indexing.beforeWrite(batch.puts());
    return commits.submit(new Ticket(batch));
  }

  /**
   * Lets what was deleted give its memory to what is written.
   *
   * @param seen how often that had been done before the write
   * @return whether there is more memory now
   */
  private boolean makeRoom(int seen) {
    synchronized (checkpointMonitor) {
      checkNotClosing();
      if (compactions == seen) {
        indexing.runAlone(() -> compact(true));
      }
      return compactions != seen;
    }
  }

  /** Commits one group; runs on the leader's thread, never twice at the same time. */
  private void commitGroup(List<Ticket> group) {
    checkOpen();
    checkWritable();
    // Before anything is logged, so that what is logged can be applied.
    reserve(group);
    try {
      makeDurable(group);
      apply(group);
    } catch (RuntimeException | Error e) {
      // The log may hold what memory does not, or half of it. Kept as it is: making anything of it
      // could fail as well.
      failure = e;
      throw e;
    }
  }

  private void reserve(List<Ticket> group) {
    int puts = 0;
    for (Ticket ticket : group) {
      puts += ticket.puts();
    }
    // The leader alone makes room and uses it. Waiting for all readers once a group is enough.
    if (table.hasRoomFor(puts)) {
      return;
    }
    tableLock.writeLock().lock();
    try {
      table.reserve(puts);
    } finally {
      tableLock.writeLock().unlock();
    }
  }

  private void makeDurable(List<Ticket> group) {
    log.append(group);
    log.sync();
    countGroup(group.size());
    durableSequence = log.lastSequence();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the leader alone writes; others only look
  private void countGroup(int size) {
    syncs++;
    batches += size;
  }

  private void apply(List<Ticket> group) {
    tableLock.writeLock().lock();
    try {
      for (Ticket ticket : group) {
        byte[] payload = ticket.payload();
        ticket.committed(table.apply(payload, 0, payload.length, ticket.count()));
      }
    } finally {
      tableLock.writeLock().unlock();
    }
  }

  // Reading

  /** The entry with that id. */
  public Optional<Entry> get(String id) {
    checkOpen();
    Arguments.required(id, "The id");
    Table.Stored stored;
    Table now = beginRead();
    try {
      int ordinal = now.ordinalOf(id);
      stored = ordinal < 0 ? null : now.stored(ordinal);
    } finally {
      tableLock.readLock().unlock();
    }
    return stored == null ? Optional.empty() : Optional.of(stored.entry());
  }

  /** Whether there is an entry with that id. */
  public boolean contains(String id) {
    checkOpen();
    Arguments.required(id, "The id");
    Table now = beginRead();
    try {
      return now.ordinalOf(id) >= 0;
    } finally {
      tableLock.readLock().unlock();
    }
  }

  /** How many entries there are. */
  public int size() {
    Table now = beginRead();
    try {
      return now.liveCount();
    } finally {
      tableLock.readLock().unlock();
    }
  }

  /** The ids of all entries at this moment, in the order in which they were last put. */
  public List<String> ids() {
    Table now = beginRead();
    try {
      return now.liveIds();
    } finally {
      tableLock.readLock().unlock();
    }
  }

  /**
   * All entries that are there when an iteration begins and still are when it reaches them, in the
   * order in which they were last put. Holds no lock between two entries; what is written meanwhile
   * may or may not show.
   */
  public Iterable<Entry> entries() {
    checkOpen();
    return () -> new Entries(ids().iterator());
  }

  /** Goes over ids and passes over those that were deleted meanwhile. */
  private final class Entries implements Iterator<Entry> {
    private final Iterator<String> remaining;
    private @Nullable Entry next;

    Entries(Iterator<String> remaining) {
      this.remaining = remaining;
    }

    @Override
    public boolean hasNext() {
      while (next == null && remaining.hasNext()) {
        next = get(remaining.next()).orElse(null);
      }
      return next != null;
    }

    @Override
    public Entry next() {
      Entry entry = hasNext() ? next : null;
      if (entry == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return entry;
    }
  }

  /**
   * The entries nearest to a query, nearest first; of equally near ones the one put earlier comes
   * first. Among many entries the search walks a graph and may miss a few of the true nearest,
   * fewer with a larger {@link SearchRequest#efSearch}, none with {@link SearchRequest#exact}.
   * Entries that the graph does not link yet are scored one by one, so what is acknowledged is
   * found.
   *
   * @throws InvalidInputException if the query could not be stored as a vector; among others, if it
   *     is too long for the {@linkplain Metric metric}
   */
  public List<Hit> search(SearchRequest request) {
    checkOpen();
    Arguments.required(request, "The request");
    float[] query = RecordCodec.checkedCopy(request.query(), dimension, metric, "The query");
    return found(query, request).hits();
  }

  private Table.Found found(float[] query, SearchRequest request) {
    platform.beginSearch();
    try {
      Table now = beginRead();
      try {
        indexing.beforeSearch(now);
        return now.search(query, request);
      } finally {
        tableLock.readLock().unlock();
      }
    } finally {
      platform.endSearch();
    }
  }

  /**
   * Waits until the search graph links every entry that is there now, so that searches are as fast
   * as they get. Searches find what is not linked yet all the same, by scoring it. Returns at once
   * where there are too few entries for a graph ({@link HnswOptions#minEntries}).
   *
   * @param progress told of the entries linked so far and of all
   * @throws DatabaseClosedException if the database is closed meanwhile
   * @throws IndexingException if linking fails meanwhile. Searches and writes go on, and the next
   *     write or call of this tries again, a second after the failure or later
   */
  public void awaitIndexed(ProgressListener progress) {
    checkOpen();
    indexing.await(Arguments.required(progress, "The progress listener"));
  }

  /** Components of every vector. */
  public int dimension() {
    return dimension;
  }

  /** How nearness is measured. */
  public Metric metric() {
    return metric;
  }

  /** What opening found, and what it had to do. */
  public RecoveryReport recoveryReport() {
    return recoveryReport;
  }

  /** What the database knows about itself; the figures may be of slightly different moments. */
  public Stats stats() {
    checkOpen();
    Manifest newest = snapshots.newest();
    int live;
    int ordinals;
    int linked;
    int tail;
    CodeTrust trust;
    Table now = beginRead();
    try {
      live = now.liveCount();
      ordinals = now.ordinalCount();
      linked = now.index().graph().linkedCount();
      tail = ordinals - now.index().graph().size();
      trust = now.index().trust();
    } finally {
      tableLock.readLock().unlock();
    }
    return new Stats(
        new Stats.Values(
            live,
            dimension,
            metric,
            options.durability(),
            logBytes(newest),
            log.bytesBetween(snapshots.firstLogNumberKept(), newest.logNumber()),
            newest.segmentBytes(),
            newest.segmentCount(),
            ordinals - live,
            linked,
            tail,
            trust.walks(),
            trust.walksByVectors(),
            durableSequence,
            newest.generation(),
            newest.createdMillis(),
            batches,
            syncs,
            isReadOnly(),
            maintenanceError()));
  }

  private @Nullable String maintenanceError() {
    String error = maintenance.error();
    Throwable indexingFailure = indexing.failure();
    return error == null && indexingFailure != null ? indexingFailure.toString() : error;
  }

  private long logBytes(Manifest newest) {
    return log.bytesBetween(newest.logNumber(), Long.MAX_VALUE);
  }

  // Snapshots

  /**
   * Writes a snapshot of all entries, so that the next opening has no log to replay. Searches and
   * writes go on meanwhile. Happens by itself as {@link CheckpointPolicy} says.
   *
   * @throws DatabaseClosedException if the database is closed meanwhile, which does not wait for it
   * @throws PersistenceException if it could not be written; the old snapshot and the log serve on,
   *     and writes go on
   */
  public void checkpoint() {
    checkOpen();
    checkWritable();
    synchronized (checkpointMonitor) {
      checkNotClosing();
      indexing.runAlone(() -> checkpointAlone((done, total) -> checkNotClosing()));
    }
  }

  /**
   * Checkpoints while the graph does not change and nobody else does.
   *
   * @param listener may throw what ends it
   */
  private void checkpointAlone(ProgressListener listener) {
    if (verifying) {
      throw new IllegalStateException("a progress listener of verify() must not make a checkpoint");
    }
    SnapshotManager.Prepared prepared = prepare();
    if (prepared != null) {
      snapshots.write(prepared, platform.currentTimeMillis(), listener);
      snapshots.cleanUp();
    }
  }

  private SnapshotManager.@Nullable Prepared prepare() {
    SnapshotManager.Draft draft = draft();
    Preparation preparation = new Preparation(draft);
    try {
      commits.runAlone(preparation);
    } finally {
      if (preparation.prepared == null) {
        draft.release();
      }
    }
    return preparation.prepared;
  }

  private SnapshotManager.Draft draft() {
    if (!platform.makesRoomInPlace()) {
      return snapshots.draft(table, view());
    }
    SnapshotManager.Draft draft = snapshots.draftIfRoom(table, view(), platform);
    if (draft == null) {
      compact(false);
      draft = snapshots.draftOfAll(table, view());
    }
    return draft;
  }

  /**
   * Leaves dead entries behind in the table itself, for want of memory for a second one; searches
   * wait meanwhile. Nobody else checkpoints, and the graph does not change.
   *
   * @param isPressing whether the graph may be given up for it
   */
  private void compact(boolean isPressing) {
    CompactionPlan plan = snapshots.compaction(table, view(), isPressing);
    if (plan != null) {
      commits.runAlone(() -> moveUp(plan));
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // who has the checkpoint monitor alone writes
  private void moveUp(CompactionPlan plan) {
    checkOpen();
    Table.Compaction compaction = plan.prepare();
    List<Span> spans = plan.spans();
    tableLock.writeLock().lock();
    try {
      // There may be no memory for it; the rest takes none.
      indexing.renumbered(plan.drop());
      compaction.run();
    } finally {
      tableLock.writeLock().unlock();
    }
    snapshots.moved(spans, plan.isGraphGivenUp());
    compactions++;
  }

  private Table.View view() {
    Table now = beginRead();
    try {
      return now.view();
    } finally {
      tableLock.readLock().unlock();
    }
  }

  /** The step of a checkpoint in which nothing may be committed. */
  private final class Preparation implements Runnable {
    private final SnapshotManager.Draft draft;
    private SnapshotManager.@Nullable Prepared prepared;

    Preparation(SnapshotManager.Draft draft) {
      this.draft = draft;
    }

    @Override
    public void run() {
      checkOpen();
      checkWritable();
      SnapshotManager.Prepared next = snapshotOf(draft);
      if (next != null) {
        long[] drop = next.drop();
        if (drop != null) {
          useTable(next.table(), drop);
        }
        snapshots.adopt(next);
        prepared = next;
      }
    }
  }

  private SnapshotManager.@Nullable Prepared snapshotOf(SnapshotManager.Draft draft) {
    try {
      return snapshots.prepare(draft);
    } catch (PersistenceException e) {
      // Only the log was touched, by a sync that failed.
      failure = e;
      throw e;
    }
  }

  private void useTable(Table compact, long[] drop) {
    tableLock.writeLock().lock();
    try {
      // First, since there may be no memory for it; the rest takes none.
      indexing.renumbered(drop);
      table.release();
      table = compact;
    } finally {
      tableLock.writeLock().unlock();
    }
  }

  /** Seals the log and makes due checkpoints, in the background where the platform has one. */
  private final class Maintenance {
    private boolean scheduled;
    private long sequenceSeen;
    private volatile int failures;
    private volatile long failedAtLogBytes;
    private volatile long failedAtNanos;
    private volatile @Nullable String error;
    private volatile @Nullable String sealError;
    private long sealedNanos = platform.nanoTime();

    @Nullable String error() {
      String checkpointError = error;
      return checkpointError == null ? sealError : checkpointError;
    }

    /** Begins what opening found due, in the background only: no opening waits for it. */
    void afterOpen() {
      if (!isReadOnly() && isCheckpointDue() && claim()) {
        schedule();
      }
    }

    void afterWrite() {
      if (!claim()) {
        return;
      }
      if (!schedule()) {
        checkpointIfDue();
      }
    }

    private boolean schedule() {
      boolean isToCome = false;
      try {
        isToCome = platform.schedule(this::run, MAINTENANCE_DELAY_MILLIS);
      } finally {
        if (!isToCome) {
          release();
        }
      }
      return isToCome;
    }

    private synchronized boolean claim() {
      boolean free = !scheduled;
      scheduled = true;
      return free;
    }

    private synchronized void release() {
      scheduled = false;
    }

    private void run() {
      release();
      if (closing || failure != null) {
        return;
      }
      checkpointIfDue();
      if (durableSequence != sequenceSeen) {
        // Still busy: look again later.
        sequenceSeen = durableSequence;
        if (platform.nanoTime() - sealedNanos >= SEAL_NANOS) {
          sealIfNeeded();
        }
        afterWrite();
      } else {
        sealIfNeeded();
      }
    }

    private void checkpointIfDue() {
      if (!verifying && mayTry() && isCheckpointDue()) {
        attempt(VectorDatabase.this::checkpoint);
      }
    }

    private boolean isCheckpointDue() {
      Manifest newest = snapshots.newest();
      return options
              .checkpointPolicy()
              .isDue(logBytes(newest), log.filesFrom(newest.logNumber()), newest.segmentBytes())
          || isWorthItself();
    }

    /**
     * Whether it is not too soon after an attempt that failed: until the log has grown by half, or
     * for a while that gets longer each time.
     */
    private boolean mayTry() {
      int times = failures;
      return times == 0
          || logBytes(snapshots.newest()) > failedAtLogBytes + failedAtLogBytes / 2
          || platform.nanoTime() - failedAtNanos > RETRY_NANOS << Math.min(times, MAX_DOUBLINGS);
    }

    /** Stores what the next opening would have to do again, where doing it again costs more. */
    void beforeClosing() {
      if (options.checkpointPolicy().isManual() || isReadOnly()) {
        return;
      }
      Manifest newest = snapshots.newest();
      if (log.filesFrom(newest.logNumber()) >= CheckpointPolicy.MAX_LOG_FILES
          || snapshots.isWorthStoring(table.index().graph(), logBytes(newest))) {
        attempt(() -> checkpointAlone(ProgressListener.NONE));
      }
    }

    /**
     * Building the graph again at the next opening would cost more than storing it now, or memory
     * and disk come back.
     */
    private boolean isWorthItself() {
      if (options.checkpointPolicy().isManual()) {
        return false;
      }
      tableLock.readLock().lock();
      try {
        return snapshots.isStale(table.index().graph())
            || SnapshotManager.isWorthDropping(table.removableCount(), table.ordinalCount());
      } finally {
        tableLock.readLock().unlock();
      }
    }

    private void sealIfNeeded() {
      if (!log.needsSeal()) {
        return;
      }
      sealedNanos = platform.nanoTime();
      try {
        commits.runAlone(VectorDatabase.this::seal);
        sealError = null;
      } catch (DatabaseClosedException e) {
        // It was sealed by that.
        sealError = null;
      } catch (RuntimeException | Error e) {
        sealError = textOf(e);
      }
    }

    /**
     * Makes a checkpoint whose failure is told by {@link #error}, whatever it is: nobody waits for
     * it, and what it would have stored is in the log.
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // tasks do not overlap; others only look
    private void attempt(Runnable checkpoint) {
      try {
        checkpoint.run();
        error = null;
        failures = 0;
      } catch (DatabaseClosedException e) {
        // Closed meanwhile: nothing is left to do.
        error = null;
      } catch (RuntimeException | Error e) {
        failures++;
        failedAtLogBytes = logBytes(snapshots.newest());
        failedAtNanos = platform.nanoTime();
        error = textOf(e);
      }
    }

    private static String textOf(Throwable e) {
      return e instanceof PersistenceException p ? p.code() + ": " + p.getMessage() : e.toString();
    }
  }

  /** Attests what is durable. Nothing may be committed meanwhile. */
  private void seal() {
    if (!closed && failure == null) {
      syncBeforeSeal();
      log.seal();
    }
  }

  /**
   * A sync that fails leaves the log's tail unknown; a seal that cannot be written harms nothing.
   */
  private void syncBeforeSeal() {
    try {
      log.syncStrictly();
    } catch (PersistenceException e) {
      failure = e;
      throw e;
    }
  }

  // Checking and rescuing

  /**
   * Reads every stored byte of this moment and tells all that is damaged; see {@link
   * #verify(StorageBackend, ProgressListener)}. Searches and writes go on meanwhile; a checkpoint
   * waits. {@link #close} ends it, with a {@link DatabaseClosedException} here.
   *
   * @throws PersistenceException if the storage cannot be read, or a newer EdgeVec wrote any of it
   */
  public VerifyReport verify(ProgressListener progress) {
    checkOpen();
    Arguments.required(progress, "The progress listener");
    try {
      synchronized (checkpointMonitor) {
        return verifyAlone(progress);
      }
    } finally {
      // For what was due and had to wait.
      maintenance.afterWrite();
    }
  }

  private VerifyReport verifyAlone(ProgressListener progress) {
    Moment moment = new Moment(progress);
    commits.runAlone(moment);
    boolean outer = verifying;
    verifying = true;
    try {
      return new VerifyReport(Objects.requireNonNull(moment.verification).run());
    } finally {
      verifying = outer;
    }
  }

  /** Takes the moment that is verified, in which nothing may be committed. */
  private final class Moment implements Runnable, ProgressListener {
    private final ProgressListener listener;
    private @Nullable Verification verification;

    Moment(ProgressListener listener) {
      this.listener = listener;
    }

    @Override
    public void run() {
      checkOpen();
      verification = new Verification(storage, durableSequence, !isReadOnly(), this);
    }

    @Override
    public void progress(long done, long total) {
      checkNotClosing();
      listener.progress(done, total);
      checkNotClosing(); // The listener itself may have closed it.
    }
  }

  /**
   * Reads every stored byte of a database that is not open, and tells all that is damaged, with
   * file and offset. Changes nothing, and closes the storage.
   *
   * <p>Read are the newest two snapshots and the log since the older one: without damage there, the
   * database opens with everything that was acknowledged. What recovery would cut off or remove
   * without loss is no damage, and is noted.
   *
   * @throws InvalidInputException if there is no database ({@code NOT_FOUND}), or something else is
   *     ({@code NOT_A_DATABASE})
   * @throws PersistenceException if the storage cannot be read, or a newer EdgeVec wrote any of it
   */
  public static VerifyReport verify(StorageBackend storage, ProgressListener progress) {
    Arguments.required(storage, "The storage");
    try {
      Arguments.required(progress, "The progress listener");
      return new VerifyReport(new Verification(storage, 0, false, progress).run());
    } finally {
      storage.close();
    }
  }

  /**
   * Copies what can still be read of a damaged database into a new one, with the same dimension and
   * metric and in the same order: the state that opening with {@link Options#salvage} shows. Closes
   * both storages. The damaged one is only read. The new one is written whole or not at all; only
   * if its very last step fails may files be left that are no database.
   *
   * <p>Entries that lie behind the damage in the log, or in a snapshot that is not whole, are not
   * copied.
   *
   * @param target opens the storage for the copy, which must be empty; called after the damaged
   *     database was read
   * @param progress told of the bytes of the damaged database, twice over: read and written anew
   * @throws org.edgevec.storage.CorruptDataException if neither snapshot can be read; a copy of the
   *     database is needed then
   * @throws InvalidInputException if there is no database, or the target is not empty; nothing was
   *     written
   * @throws PersistenceException if reading or writing fails
   */
  public static SalvageReport salvage(
      StorageBackend damaged,
      StorageBackend.Opener target,
      Platform platform,
      ProgressListener progress) {
    Arguments.required(damaged, "The damaged storage");
    Salvage salvage = read(damaged, target, platform, progress);
    try {
      damaged.close();
      return write(salvage, Arguments.required(target.open(), "The storage for the copy"));
    } finally {
      salvage.release();
    }
  }

  private static Salvage read(
      StorageBackend damaged,
      StorageBackend.Opener target,
      Platform platform,
      ProgressListener progress) {
    try {
      Arguments.required(target, "The opener of the target");
      Arguments.required(platform, "The platform");
      Arguments.required(progress, "The progress listener");
      return new Salvage(damaged, platform, progress);
    } catch (RuntimeException | Error e) {
      closeAfter(damaged, e);
      throw e;
    }
  }

  private static SalvageReport write(Salvage salvage, StorageBackend target) {
    try {
      return new SalvageReport(salvage.writeTo(target));
    } finally {
      target.close();
    }
  }

  // Closing

  /**
   * Waits for the write under way, makes everything durable (also under {@code RELAXED}), seals the
   * log and releases the storage. Writes that wait in the queue fail, and so do those that begin
   * later; a checkpoint and a check under way end. Where much of the search graph is not stored
   * yet, or the log is in many files, a checkpoint is made first, unless the policy is {@link
   * CheckpointPolicy#MANUAL}: it takes less than the next opening would to do all of it again. If
   * that fails nothing is lost, and nothing is thrown. A second call does nothing.
   */
  @Override
  public void close() {
    closing = true;
    synchronized (checkpointMonitor) {
      if (!closed) {
        indexing.runAlone(this::storeAndClose);
      }
    }
  }

  private void storeAndClose() {
    try {
      maintenance.beforeClosing();
    } finally {
      commits.runAlone(this::closeAlone);
    }
  }

  private void closeAlone() {
    try {
      if (!isReadOnly()) {
        log.syncStrictly();
        sealIfRoom();
      }
    } finally {
      closed = true;
      try {
        indexing.stop();
        releaseTable();
      } finally {
        storage.close();
      }
    }
  }

  /** A closed database that somebody still has, or a task that was to run, keeps no entries. */
  private void releaseTable() {
    Table empty = new Table(dimension, metric, HeapArena.SCALAR);
    tableLock.writeLock().lock();
    try {
      table.release();
      table = empty;
    } finally {
      tableLock.writeLock().unlock();
    }
  }

  /**
   * A seal for which there is no room is no reason to fail: all that is acknowledged is durable.
   */
  private void sealIfRoom() {
    try {
      log.seal();
    } catch (StorageFullException e) {
      // The next opening makes durable anew what nothing attests.
    }
  }

  /** How many writes wait for the one under way; for tests. */
  int queuedWrites() {
    return commits.queued();
  }

  /** How many wait to be alone with the log; for tests. */
  int waitingAlone() {
    return commits.waitingAlone();
  }

  /** Whether {@link #close} was called, which may still wait; for tests. */
  boolean isClosing() {
    return closing;
  }

  private boolean isReadOnly() {
    return failure != null || options.salvage();
  }

  private void checkNotClosing() {
    if (closing) {
      throw new DatabaseClosedException();
    }
  }

  /**
   * Begins to read the table, which closing exchanges for an empty one; {@code
   * tableLock.readLock().unlock()} ends it.
   */
  private Table beginRead() {
    tableLock.readLock().lock();
    if (closed) {
      tableLock.readLock().unlock();
      throw new DatabaseClosedException();
    }
    return table;
  }

  private void checkOpen() {
    if (closed) {
      throw new DatabaseClosedException();
    }
  }

  private void checkWritable() {
    Throwable first = failure;
    if (first != null) {
      throw new ReadOnlyException(
          "The database takes no writes since one failed ("
              + (first instanceof PersistenceException ? first.getMessage() : first)
              + "). Reading goes on; close it and open it again to write.",
          first);
    }
    if (options.salvage()) {
      throw new ReadOnlyException(
          "The database was opened for salvage, which only reads. Copy its entries to a new one.");
    }
  }
}
