package org.edgevec.idb;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.storage.Durability;
import org.edgevec.storage.ReadRange;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLockedException;
import org.edgevec.storage.StorageLostException;
import org.edgevec.storage.StorageNames;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * A database's files in one IndexedDB database named {@code edgevec/NAME}.
 *
 * <p><b>Layout.</b> A file is an entry in the object store {@code files} (name to id) and records
 * of at most 4 MiB in {@code chunks}; see {@link Changes}. Appended bytes wait in memory until
 * {@link #sync} stores them as the next record, so a group commit is one transaction and one
 * record. Every thirty-second small record takes the 31 before it in, in the same transaction: a
 * record costs 20 µs to read in Chromium, so a log of single puts would be slow to replay. {@link
 * #atomicWrite} stores chunks under a fresh id, over as many transactions as it takes; one last
 * transaction makes the name stand for that id and deletes the old chunks. What a crash leaves of
 * it are chunks of an id that no name has, deleted by the next opening.
 *
 * <p><b>Durability.</b> {@link Durability#STRICT} is a {@code strict} transaction whose {@code
 * oncomplete} has fired; {@link Durability#RELAXED} a {@code relaxed} one.
 *
 * <p><b>One at a time.</b> A Web Lock of the database's name is held while it is open. Who opens
 * another waits for it, so long as he says.
 *
 * <p><b>Loss.</b> Browsers can lose or evict a database; it then opens as one that never was.
 * {@link LossMarker} tells the difference where it can.
 *
 * <p>Methods wait, so they must run in a TeaVM thread.
 */
public final class IndexedDbStorage implements StorageBackend {

  /** So long one that has a database open is waited for, unless something else is said. */
  private static final int LOCK_WAIT_MILLIS = 10_000;

  private final IdbSession session;
  private final FileTable files;
  private final ChunkReader reader;
  private final boolean vanished;
  private boolean marked;

  /** What to do where there is no database, or where it is gone. */
  public enum WhenMissing {
    /** Make an empty one, unless one of the name was lost. */
    CREATE,
    /** Make an empty one also where one was lost. */
    CREATE_EVEN_IF_LOST,
    /** Refuse. */
    REFUSE
  }

  IndexedDbStorage(IdbSession session, FileTable files, boolean vanished) {
    this.session = session;
    this.files = files;
    this.reader = new ChunkReader(session);
    this.vanished = vanished;
    this.marked = files.size() > 0;
  }

  // Opening and removing

  /**
   * Opens the storage of that name, or makes it.
   *
   * @param name 1 to 200 characters
   */
  public static IndexedDbStorage open(String name) {
    return open(name, WhenMissing.CREATE, LOCK_WAIT_MILLIS);
  }

  /**
   * Opens the storage of that name.
   *
   * @param name 1 to 200 characters
   * @param lockWaitMillis how long one that has it open is waited for; 0 or more
   * @throws InvalidInputException {@code NOT_FOUND} if it is not there and is not to be made;
   *     {@code NOT_A_DATABASE} if an IndexedDB database of its name holds something else
   * @throws StorageLockedException if it is open elsewhere for all that time
   * @throws StorageLostException if it was here before, and the browser has lost it
   */
  public static IndexedDbStorage open(String name, WhenMissing whenMissing, int lockWaitMillis) {
    IdbSession session = IdbSession.begin(databaseName(name), lockWaitMillis);
    try {
      return Opening.open(session, whenMissing);
    } catch (RuntimeException | Error e) {
      session.closeAfter(e);
      throw e;
    }
  }

  private static String databaseName(String name) {
    if (name.isEmpty() || name.length() > 200) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          "A database's name is 1 to 200 characters; this one has " + name.length() + ".");
    }
    return "edgevec/" + name;
  }

  /**
   * Removes the storage of that name with everything in it, and forgets that it was there.
   *
   * @param lockWaitMillis how long one that has it open is waited for; 0 or more
   * @return whether there was one
   * @throws StorageLockedException if it is open, here or by code that is not EdgeVec's; nothing
   *     was removed, nor will be
   * @throws StorageIOException if the browser refuses, or does not answer and may yet remove it
   */
  public static boolean destroy(String name, int lockWaitMillis) {
    String databaseName = databaseName(name);
    WebLock lock = WebLock.acquire(databaseName, lockWaitMillis, how -> {});
    try {
      return Removal.remove(databaseName);
    } finally {
      lock.release();
    }
  }

  /** Whether a database of this name was lost by the browser, and this is an empty new one. */
  public boolean vanished() {
    return vanished;
  }

  // The contract

  @Override
  public List<String> list() {
    session.checkOpen();
    return files.names();
  }

  @Override
  public long size(String name) {
    return existing(name).size();
  }

  @Override
  public void read(String name, long offset, byte[] target, int targetOffset, int length) {
    StoredFile file = existing(name);
    Objects.checkFromIndexSize(targetOffset, length, target.length);
    ReadRange.check(name, file.size(), offset, length);
    int done = 0;
    while (done < length && offset + done < file.storedSize()) {
      done += reader.read(file, offset + done, target, targetOffset + done, length - done);
    }
    if (done < length) {
      int start = (int) (offset + done - file.storedSize());
      System.arraycopy(file.pending().array(), start, target, targetOffset + done, length - done);
    }
  }

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    checkUsable(name);
    Objects.checkFromIndexSize(offset, length, data.length);
    files.getOrMake(name).append(data, offset, length);
  }

  @Override
  public void sync(String name, Durability durability) {
    StoredFile file = existing(name);
    Objects.requireNonNull(durability, "durability");
    if (file.isStrict()) {
      return;
    }
    boolean nothingNew = file.isInDirectory() && file.pending().size() == 0;
    if (nothingNew && durability == Durability.RELAXED) {
      return;
    }
    ChunkAppender.store(session, file, durability);
    reader.forget();
  }

  /**
   * A transaction whose changes are seen was committed, and what forces a later one to the device
   * forces all before it, since the browser keeps one log of them.
   */
  @Override
  public void makeDurable(String name, long size) {
    sync(name, Durability.STRICT);
  }

  @Override
  public void truncate(String name, long size) {
    StoredFile file = existing(name);
    if (size < 0 || size > file.size()) {
      throw new IllegalArgumentException(
          name + " holds " + file.size() + " bytes and cannot be truncated to " + size);
    }
    if (size < file.storedSize()) {
      truncateStored(file, size);
    }
    file.cutPending(size);
  }

  private void truncateStored(StoredFile file, long size) {
    int index = file.chunkAt(size);
    long start = file.chunkStart(index);
    Changes changes = new Changes();
    if (size > start) {
      Uint8Array whole = reader.readChunk(file, index);
      changes.replaceChunks(file.id(), start, Transfer.copyOf(whole, 0, (int) (size - start)));
    } else {
      changes.deleteChunksFrom(file.id(), start);
    }
    session.write(changes, Durability.RELAXED, "truncated");
    file.cutChunks(index);
    if (size > start) {
      file.addChunk(start, size);
    }
    reader.forget();
  }

  @Override
  public void delete(String name) {
    checkUsable(name);
    StoredFile file = files.get(name);
    if (file == null) {
      return;
    }
    if (file.isInDirectory()) {
      if (files.size() == 1) {
        unmark();
      }
      Changes changes = new Changes().deleteFile(name).deleteChunks(file.id());
      session.write(changes, Durability.RELAXED, "written");
    }
    files.remove(file);
    reader.forget();
  }

  /**
   * Storage that is emptied on purpose is not lost. Should a crash keep it, opening marks again.
   */
  private void unmark() {
    LossMarker.unmark(session.databaseName());
    marked = false;
  }

  @Override
  public void atomicWrite(String name, Content content) {
    checkUsable(name);
    ChunkSink sink = new ChunkSink(session, files.freshId());
    try {
      content.writeTo(sink);
      sink.finish();
      replace(Map.of(name, sink));
    } catch (RuntimeException | Error e) {
      sink.discard(e);
      throw e;
    } finally {
      sink.close();
    }
  }

  /** The commit point: the names stand for the new chunks from this transaction on. */
  private void replace(Map<String, ChunkSink> contents) {
    Changes changes = new Changes();
    for (Map.Entry<String, ChunkSink> entry : contents.entrySet()) {
      changes.putFile(entry.getKey(), entry.getValue().id());
      StoredFile old = files.get(entry.getKey());
      if (old != null) {
        changes.deleteChunks(old.id());
      }
    }
    session.write(changes, Durability.STRICT, "written");
    for (Map.Entry<String, ChunkSink> entry : contents.entrySet()) {
      files.put(entry.getValue().file(entry.getKey()));
    }
    reader.forget();
    if (!marked) {
      LossMarker.mark(session.databaseName());
      marked = true;
    }
  }

  @Override
  public void close() {
    reader.forget();
    session.close();
  }

  /**
   * Gives what waits for the browser a dozen seconds more, now and later, where it would have a
   * minute: the database is to be closed.
   */
  public void hurry() {
    session.hurry();
  }

  /**
   * Begins or ends something for which the reserve may be used where the quota is full: opening, as
   * long as it takes, closing, and what deletes only.
   */
  public void urgent(boolean begins) {
    session.urgent(begins);
  }

  // Whole files, for copies

  /**
   * All bytes of a file, without a way through Java's memory. Records that cannot be read are
   * zeros: whatever opens the copy finds the damage there, and all else is in it.
   */
  public Uint8Array readWhole(String name) {
    StoredFile file = existing(name);
    Uint8Array whole = new Uint8Array((int) file.size());
    int stored = reader.readStored(file, whole);
    Transfer.toJs(file.pending().array(), 0, whole, stored, file.pending().size());
    reader.forget();
    return whole;
  }

  /**
   * Stores whole files, all of them or none.
   *
   * @throws InvalidInputException if the storage holds files already
   */
  public void writeAll(Map<String, Uint8Array> contents) {
    if (files.size() > 0) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          session.databaseName() + " exists already; destroy it first, or choose another name.");
    }
    TreeMap<String, ChunkSink> sinks = new TreeMap<>();
    for (Map.Entry<String, Uint8Array> entry : contents.entrySet()) {
      checkUsable(entry.getKey());
      ChunkSink sink = new ChunkSink(session, files.freshId());
      sinks.put(entry.getKey(), sink);
    }
    try {
      storeAll(sinks, contents);
    } catch (RuntimeException | Error e) {
      for (ChunkSink sink : sinks.values()) {
        sink.discard(e);
      }
      throw e;
    }
  }

  private void storeAll(Map<String, ChunkSink> sinks, Map<String, Uint8Array> contents) {
    for (Map.Entry<String, ChunkSink> entry : sinks.entrySet()) {
      entry.getValue().storeWhole(Objects.requireNonNull(contents.get(entry.getKey())));
    }
    replace(sinks);
  }

  // Checks

  private StoredFile existing(String name) {
    checkUsable(name);
    StoredFile file = files.get(name);
    if (file == null) {
      throw new StorageIOException("There is no file " + name);
    }
    return file;
  }

  private void checkUsable(String name) {
    session.checkOpen();
    StorageNames.check(name);
  }
}
