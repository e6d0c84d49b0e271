package org.edgevec.engine;

import java.util.List;
import org.edgevec.Entry;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.contents.Contents;
import org.edgevec.query.Found;
import org.edgevec.recovery.Recovered;
import org.edgevec.recovery.Recovery;
import org.edgevec.recovery.RecoveryFacts;
import org.edgevec.recovery.VerifyFacts;
import org.edgevec.snapshot.Manifest;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.storage.StorageBackend;
import org.edgevec.table.Change;
import org.edgevec.table.RecordCodec;
import org.edgevec.table.Records;
import org.edgevec.table.StoredEntry;
import org.edgevec.wal.WriteAheadLog;
import org.jspecify.annotations.Nullable;

/**
 * A database at work: puts the rooms of this package together, and opens and closes them in their
 * order. What callers may rely on is said in {@link org.edgevec.VectorDatabase}.
 */
public final class Engine {

  private final StorageBackend storage;
  private final Options options;
  private final Platform platform;
  private final RecoveryFacts recovered;
  private final int dimension;
  private final Metric metric;
  private final Lifecycle life;
  private final LiveContents contents;
  private final WritePath writes;
  private final GraphTurns turns = new GraphTurns();
  private final Checkpoints checkpoints;
  private final LogMaintenance maintenance;
  private final HeldWriters writers;
  private final IndexMaintenance indexing;

  private Engine(StorageBackend storage, Options options, Platform platform, Recovered recovered) {
    this.storage = storage;
    this.options = options;
    this.platform = platform;
    this.recovered = recovered.report();
    Contents found = recovered.contents();
    this.dimension = found.dimension();
    this.metric = found.metric();
    found.linkWith(options.hnsw().m());
    this.life = new Lifecycle(options.salvage(), recovered.full());
    this.contents = new LiveContents(found, life, options.hnsw().minEntries());
    WriteAheadLog log =
        new WriteAheadLog(
            storage,
            recovered.newest().storeId(),
            options.durability(),
            platform::randomLong,
            recovered.logStart());
    this.writes = new WritePath(log, contents, life);
    this.checkpoints =
        new Checkpoints(
            storage,
            platform,
            life,
            contents,
            writes,
            turns,
            new SnapshotManager(
                storage, log, recovered.newest(), recovered.previous(), found, recovered.moved()));
    this.maintenance =
        new LogMaintenance(platform, options.checkpointPolicy(), life, writes, checkpoints);
    this.writers = new HeldWriters(platform);
    this.indexing =
        new IndexMaintenance(contents, turns, writers, platform, options, maintenance::afterWrite);
  }

  /** Opens a database; if that fails, all memory is given back, and the storage stays open. */
  public static Engine open(StorageBackend storage, Options options, Platform platform) {
    Recovered recovered = new Recovery(storage, options, platform).recover();
    try {
      Engine engine = new Engine(storage, options, platform, recovered);
      engine.begin();
      return engine;
    } catch (RuntimeException | Error e) {
      recovered.contents().release();
      throw e;
    }
  }

  /** Begins what opening found due in the background. */
  private void begin() {
    try {
      indexing.afterOpen();
      maintenance.afterOpen();
    } catch (RuntimeException | Error e) {
      life.close();
      turns.runAlone(indexing::stop);
      throw e;
    }
  }

  /** What opening found. */
  public RecoveryFacts recovered() {
    return recovered;
  }

  public int dimension() {
    return dimension;
  }

  public Metric metric() {
    return metric;
  }

  public void checkOpen() {
    life.checkOpen();
  }

  // Writing

  /** Refuses what {@link #write} would refuse. */
  public void check(List<Change> changes) {
    life.checkNotClosing();
    if (!changes.isEmpty()) {
      RecordCodec.check(changes, dimension, metric);
      life.checkWritable();
    }
  }

  /**
   * Makes changes durable and applies them, all or none.
   *
   * @return how many of its deletes found an entry
   */
  public int write(List<Change> changes) {
    life.checkNotClosing();
    if (changes.isEmpty()) {
      return 0;
    }
    int removed = submitWithRoom(changes);
    indexing.afterWrite();
    maintenance.afterWrite();
    return removed;
  }

  /** Where there is no memory, what was deleted gives its own; as long as that helps. */
  private int submitWithRoom(List<Change> changes) {
    while (true) {
      int seen = checkpoints.roomsMade();
      try {
        return submit(changes);
      } catch (OutOfMemoryError e) {
        // If it was logged, the database is read-only.
        if (!platform.makesRoomInPlace() || life.hasFailed() || !checkpoints.makeRoom(seen)) {
          throw e;
        }
      }
    }
  }

  private int submit(List<Change> changes) {
    Records batch = RecordCodec.encode(changes, dimension, metric);
    life.checkWritable();
    writers.beforeWrite(batch.puts(), indexing);
    return writes.submit(batch);
  }

  // Reading

  /** The entry with that id, or null. */
  public @Nullable Entry get(String id) {
    StoredEntry stored = contents.stored(id);
    return stored == null ? null : stored.entry();
  }

  public boolean contains(String id) {
    return contents.contains(id);
  }

  public int size() {
    return contents.size();
  }

  public List<String> ids() {
    return contents.ids();
  }

  public Iterable<Entry> entries() {
    return () -> new EntryIterator(contents);
  }

  /** What is nearest to a request's query; hits are made of it without any lock. */
  public Found search(SearchRequest request) {
    float[] query = RecordCodec.checkedCopy(request.query(), dimension, metric, "The query");
    platform.beginSearch();
    try {
      return contents.search(query, request, writers);
    } finally {
      platform.endSearch();
    }
  }

  // Maintenance

  /** Waits until all is linked that is there now. */
  public void awaitIndexed(ProgressListener progress) {
    indexing.await(progress);
  }

  public void checkpoint() {
    checkpoints.checkpoint();
  }

  /** Reads every stored byte of this moment and tells all that is damaged. */
  public VerifyFacts verify(ProgressListener progress) {
    try {
      return checkpoints.verify(progress);
    } finally {
      // For what was due and had to wait.
      maintenance.afterWrite();
    }
  }

  /** What the database knows about itself; the figures may be of slightly different moments. */
  public EngineFacts facts() {
    Manifest newest = checkpoints.newest();
    LiveContents.Figures figures = contents.figures();
    return new EngineFacts(
        figures.live(),
        dimension,
        metric,
        options.durability(),
        checkpoints.logBytes(),
        writes.bytesBetween(checkpoints.firstLogNumberKept(), newest.logNumber()),
        newest.segmentBytes(),
        newest.segmentCount(),
        figures.ordinals() - figures.live(),
        figures.linked(),
        figures.tail(),
        figures.walks(),
        figures.walksByVectors(),
        writes.durableSequence(),
        newest.generation(),
        newest.createdMillis(),
        writes.batches(),
        writes.syncs(),
        life.isReadOnly(),
        maintenanceError());
  }

  private @Nullable String maintenanceError() {
    String error = maintenance.error();
    Throwable indexingFailure = indexing.failure();
    return error == null && indexingFailure != null ? indexingFailure.toString() : error;
  }

  // Closing

  /** Ends all of it, and closes the storage. */
  public void close() {
    life.beginClosing();
    checkpoints.close(this::storeAndClose);
  }

  private void storeAndClose() {
    try {
      maintenance.beforeClosing();
    } finally {
      writes.runAlone(this::closeAlone);
    }
  }

  private void closeAlone() {
    try {
      if (!life.isReadOnly()) {
        writes.finish();
      }
    } finally {
      life.close();
      try {
        indexing.stop();
        contents.release();
      } finally {
        storage.close();
      }
    }
  }

  /** The contents at work; for tests. */
  Contents contents() {
    return contents.present();
  }

  /** How many writes wait for the one under way. */
  public int queuedWrites() {
    return writes.queued();
  }

  /** How many wait to be alone with the log. */
  public int waitingAlone() {
    return writes.waitingAlone();
  }

  /** Whether {@link #close} was called, which may still wait. */
  public boolean isClosing() {
    return life.isClosing();
  }
}
