package org.edgevec;

import java.util.List;
import java.util.Optional;
import org.edgevec.engine.Engine;
import org.edgevec.recovery.Salvage;
import org.edgevec.recovery.Verification;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.ReadOnlyException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.table.Change;

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

  private final Engine engine;
  private final RecoveryReport recoveryReport;

  private VectorDatabase(Engine engine) {
    this.engine = engine;
    this.recoveryReport = new RecoveryReport(engine.recovered());
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
      return new VectorDatabase(Engine.open(storage, options, platform));
    } catch (RuntimeException | Error e) {
      closeAfter(storage, e);
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
    engine.write(List.of(new Change.Put(id, vector, metadata)));
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
    engine.write(Arguments.required(batch, "The batch").changes());
  }

  /**
   * Refuses what {@link #write} would refuse, and writes nothing: for a caller who writes many
   * batches and wants none written unless all can be.
   *
   * @throws InvalidInputException as {@link #write} throws it
   */
  public void check(WriteBatch batch) {
    engine.check(Arguments.required(batch, "The batch").changes());
  }

  /**
   * Removes an entry; returns when that is durable.
   *
   * @return whether there was one
   */
  public boolean delete(String id) {
    return engine.write(List.of(new Change.Delete(Arguments.required(id, "The id")))) > 0;
  }

  // Reading

  /** The entry with that id. */
  public Optional<Entry> get(String id) {
    engine.checkOpen();
    return Optional.ofNullable(engine.get(Arguments.required(id, "The id")));
  }

  /** Whether there is an entry with that id. */
  public boolean contains(String id) {
    engine.checkOpen();
    return engine.contains(Arguments.required(id, "The id"));
  }

  /** How many entries there are. */
  public int size() {
    return engine.size();
  }

  /** The ids of all entries at this moment, in the order in which they were last put. */
  public List<String> ids() {
    return engine.ids();
  }

  /**
   * All entries that are there when an iteration begins and still are when it reaches them, in the
   * order in which they were last put. Holds no lock between two entries; what is written meanwhile
   * may or may not show.
   */
  public Iterable<Entry> entries() {
    engine.checkOpen();
    return engine.entries();
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
    engine.checkOpen();
    return engine.search(Arguments.required(request, "The request")).hits();
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
    engine.checkOpen();
    engine.awaitIndexed(Arguments.required(progress, "The progress listener"));
  }

  /** Components of every vector. */
  public int dimension() {
    return engine.dimension();
  }

  /** How nearness is measured. */
  public Metric metric() {
    return engine.metric();
  }

  /** What opening found, and what it had to do. */
  public RecoveryReport recoveryReport() {
    return recoveryReport;
  }

  /** What the database knows about itself; the figures may be of slightly different moments. */
  public Stats stats() {
    engine.checkOpen();
    return new Stats(engine.facts());
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
    engine.checkpoint();
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
    engine.checkOpen();
    return new VerifyReport(engine.verify(Arguments.required(progress, "The progress listener")));
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
    engine.close();
  }

  /** What does the work; for tests. */
  Engine engine() {
    return engine;
  }
}
