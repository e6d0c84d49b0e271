package org.edgevec.idb;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.bytes.ByteWriter;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.Durability;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.ReadRange;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageLockedException;
import org.edgevec.storage.StorageLostException;
import org.edgevec.storage.StorageNames;
import org.edgevec.storage.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
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

  private static final int CHUNK_BYTES = 4 << 20;

  /** So long one that has a database open is waited for, unless something else is said. */
  private static final int LOCK_WAIT_MILLIS = 10_000;

  /** The browser's name for a full quota or disk. */
  private static final String FULL = "QuotaExceededError";

  private final String databaseName;
  private final TreeMap<String, StoredFile> files = new TreeMap<>();
  private @Nullable WebLock lock;
  private @Nullable IdbConnection connection;
  private double nextId = 1;
  private int urgent = 1;
  private boolean hasReserve = true;
  private boolean vanished;
  private boolean marked;
  private boolean closed;
  private @Nullable String lost;

  private double cachedId = -1;
  private long cachedStart;
  private @Nullable Uint8Array cached;

  /** What is being read already: the chunks behind the cached ones. */
  private @Nullable JSObject ahead;

  private double aheadId;
  private long aheadStart;

  /** What to do where there is no database, or where it is gone. */
  public enum WhenMissing {
    /** Make an empty one, unless one of the name was lost. */
    CREATE,
    /** Make an empty one also where one was lost. */
    CREATE_EVEN_IF_LOST,
    /** Refuse. */
    REFUSE
  }

  private IndexedDbStorage(String databaseName) {
    this.databaseName = databaseName;
  }

  // Opening

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
    IndexedDbStorage storage = new IndexedDbStorage(databaseName(name));
    storage.lock = WebLock.acquire(storage.databaseName, lockWaitMillis, storage::lockLost);
    try {
      storage.connect(whenMissing);
      return storage;
    } catch (RuntimeException | Error e) {
      storage.closeAfter(e);
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

  private void connect(WhenMissing whenMissing) {
    Set<Double> orphans;
    try {
      IdbConnection opened =
          IdbConnection.open(databaseName, whenMissing != WhenMissing.REFUSE, this::lost);
      connection = opened;
      orphans = load(opened.directory());
    } catch (JsFailure e) {
      throw openFailure(e);
    }
    if (files.isEmpty()) {
      refuseIfLost(whenMissing);
    } else {
      marked = true;
      LossMarker.markSoon(databaseName);
    }
    deleteChunks(orphans);
  }

  /** The browser says that the database went away, or is about to. */
  private void lost(String how) {
    if (!closed && lost == null) {
      lost = how;
    }
  }

  /** Somebody has the lock beside this, so nothing may be written any more. */
  private void lockLost(String how) {
    lost(how);
    IdbConnection open = connection;
    if (open != null) {
      open.end(how);
    }
  }

  private void refuseIfLost(WhenMissing whenMissing) {
    boolean wasThere = LossMarker.isMarked(databaseName);
    if (wasThere && whenMissing != WhenMissing.CREATE_EVEN_IF_LOST) {
      throw lostBefore();
    }
    vanished = wasThere;
  }

  private StorageLostException lostBefore() {
    return new StorageLostException(
        databaseName
            + " was in this browser before and is gone: the browser lost or evicted it. Open it"
            + " with ifLost: 'create' to begin an empty one, or import a copy.");
  }

  private RuntimeException openFailure(JsFailure failure) {
    return switch (failure.name()) {
      case IdbConnection.MISSING -> missing();
      case IdbConnection.FOREIGN ->
          new InvalidInputException(
              Code.NOT_A_DATABASE,
              "The IndexedDB database "
                  + databaseName
                  + " is not one of EdgeVec's ("
                  + failure.text()
                  + "); choose another name.");
      case "VersionError" -> newerVersion(failure);
      default -> failure("opened", failure);
    };
  }

  private RuntimeException missing() {
    if (LossMarker.isMarked(databaseName)) {
      return lostBefore();
    }
    return new InvalidInputException(
        Code.NOT_FOUND,
        "There is no database "
            + databaseName
            + " in this browser. To make one, give a dimension and a metric, and do not forbid"
            + " it.");
  }

  private RuntimeException newerVersion(JsFailure failure) {
    try {
      int found = IdbConnection.versionOf(databaseName);
      return new UnsupportedVersionException(databaseName, found, IdbConnection.VERSION);
    } catch (JsFailure e) {
      failure.addSuppressed(e);
      return failure("opened", failure);
    }
  }

  /** Notes the files there are, and returns the ids of chunks that no file has. */
  private Set<Double> load(IdbConnection.Directory directory) {
    Map<Double, StoredFile> byId = new HashMap<>();
    for (int i = 0; i < directory.names().length; i++) {
      StoredFile file = new StoredFile(directory.names()[i], directory.ids()[i], true);
      files.put(file.name(), file);
      byId.put(file.id(), file);
      nextId = Math.max(nextId, file.id() + 1);
    }
    Set<Double> orphans = new HashSet<>();
    double[] keys = directory.chunkKeys();
    for (int i = 0; i < keys.length; i += 3) {
      StoredFile file = byId.get(keys[i]);
      if (file == null) {
        orphans.add(keys[i]);
      } else {
        file.addChunk(keys[i + 1], keys[i + 2]);
      }
      nextId = Math.max(nextId, keys[i] + 1);
    }
    return orphans;
  }

  private void deleteChunks(Set<Double> ids) {
    if (ids.isEmpty()) {
      return;
    }
    Changes changes = new Changes();
    for (double id : ids) {
      changes.deleteChunks(id);
    }
    // They do no harm, and are looked for again.
    attempt(changes, Durability.RELAXED);
  }

  private void closeAfter(Throwable because) {
    try {
      close();
    } catch (PersistenceException e) {
      because.addSuppressed(e);
    }
  }

  /** Whether a database of this name was lost by the browser, and this is an empty new one. */
  public boolean vanished() {
    return vanished;
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
      return destroyLocked(databaseName);
    } finally {
      lock.release();
    }
  }

  private static boolean destroyLocked(String databaseName) {
    boolean existed = true;
    try {
      existed = exists(databaseName);
      IdbConnection.awaitUnused(databaseName);
      LossMarker.unmark(databaseName);
      IdbConnection.delete(databaseName);
    } catch (JsFailure e) {
      throw failure(databaseName, "deleted", e);
    }
    return existed;
  }

  private static boolean exists(String databaseName) throws JsFailure {
    try {
      IdbConnection found = IdbConnection.open(databaseName, false, how -> {});
      try {
        return found.directory().names().length > 0;
      } finally {
        found.close();
      }
    } catch (JsFailure e) {
      if (e.name().equals(IdbConnection.MISSING)) {
        return false;
      }
      if (e.name().equals("VersionError") || e.name().equals(IdbConnection.FOREIGN)) {
        return true;
      }
      throw e;
    }
  }

  // The contract

  @Override
  public List<String> list() {
    checkOpen();
    return List.copyOf(files.keySet());
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
      done += readStored(file, offset + done, target, targetOffset + done, length - done);
    }
    if (done < length) {
      int start = (int) (offset + done - file.storedSize());
      System.arraycopy(file.pending().array(), start, target, targetOffset + done, length - done);
    }
  }

  /** Copies what one fetch brings of a range that begins in a stored chunk. */
  private int readStored(StoredFile file, long offset, byte[] target, int at, int wanted) {
    Uint8Array bytes = cached;
    if (bytes == null || !isCached(file, offset)) {
      bytes = fetch(file, offset);
    }
    int from = (int) (offset - cachedStart);
    int part = Math.min(wanted, bytes.getLength() - from);
    Transfer.toJava(bytes, from, target, at, part);
    return part;
  }

  private boolean isCached(StoredFile file, long offset) {
    return cached != null
        && cachedId == file.id()
        && offset >= cachedStart
        && offset < cachedStart + cached.getLength();
  }

  /**
   * Fetches the chunk at an offset and those behind it, up to {@link #CHUNK_BYTES}, and begins to
   * fetch as many more: files are read front to back, and the browser reads while Java decodes.
   */
  private Uint8Array fetch(StoredFile file, long offset) {
    int first = file.chunkAt(offset);
    int last = file.lastWithin(first, CHUNK_BYTES);
    long start = file.chunkStart(first);
    boolean isAhead = aheadId == file.id() && aheadStart == start;
    JSObject reading = isAhead ? ahead : null;
    forgetCached();
    Uint8Array bytes = fetched(file, first, reading == null ? begin(file, first, last) : reading);
    cached = bytes;
    cachedId = file.id();
    cachedStart = start;
    if (start + bytes.getLength() == file.chunkEnd(last)) {
      readAhead(file, last + 1);
    }
    return bytes;
  }

  /** What was fetched, or the first of those chunks where one of them cannot be read. */
  private Uint8Array fetched(StoredFile file, int first, JSObject reading) {
    try {
      return connection().await(reading);
    } catch (JsFailure e) {
      if (!e.name().equals(IdbConnection.UNREADABLE)) {
        throw readFailure(file, first, e);
      }
    }
    return await(file, first, begin(file, first, first));
  }

  private void readAhead(StoredFile file, int first) {
    if (first < file.chunkCount()) {
      ahead = begin(file, first, file.lastWithin(first, CHUNK_BYTES));
      aheadId = file.id();
      aheadStart = file.chunkStart(first);
    }
  }

  private JSObject begin(StoredFile file, int first, int last) {
    return connection().read(file.id(), file.chunkStart(first), file.chunkEnd(last));
  }

  private Uint8Array await(StoredFile file, int first, JSObject reading) {
    try {
      return connection().await(reading);
    } catch (JsFailure e) {
      throw readFailure(file, first, e);
    }
  }

  /** A record that does not hold or cannot be read is a damaged part, as a flipped bit is. */
  private RuntimeException readFailure(StoredFile file, int chunk, JsFailure failure) {
    return switch (failure.name()) {
      case IdbConnection.MALFORMED ->
          new CorruptDataException(file.name(), file.chunkStart(chunk), failure.text());
      case IdbConnection.UNREADABLE ->
          new CorruptDataException(
              file.name(),
              file.chunkStart(chunk),
              "the browser cannot read the record that begins there (" + failure.text() + ")");
      default -> failure("read", failure);
    };
  }

  private void forgetCached() {
    cached = null;
    cachedId = -1;
    ahead = null;
  }

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    checkUsable(name);
    Objects.checkFromIndexSize(offset, length, data.length);
    StoredFile file = files.get(name);
    if (file == null) {
      file = new StoredFile(name, nextId++, false);
      files.put(name, file);
    }
    file.append(data, offset, length);
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
    store(file, durability);
  }

  private void store(StoredFile file, Durability durability) {
    if (file.runToMerge().size() > 0) {
      storeMerged(file, durability);
    } else {
      ByteWriter pending = file.pending();
      Changes changes = named(file);
      putChunks(changes, file.id(), file.storedSize(), pending);
      write(changes, durability, "written");
    }
    file.storedPending(CHUNK_BYTES);
    file.stored(durability == Durability.STRICT);
    forgetCached();
  }

  /** The file's name: a transaction must change something to be worth a sync. */
  private static Changes named(StoredFile file) {
    return new Changes().putFile(file.name(), file.id());
  }

  /** Takes the last few chunks in, unless there is no room for that. */
  private void storeMerged(StoredFile file, Durability durability) {
    ByteWriter run = file.runToMerge();
    ByteWriter pending = file.pending();
    long start = file.storedSize() - run.size();
    Changes changes = named(file).replaceChunks(file.id(), start, joined(run, pending));
    JsFailure failure = attempt(changes, durability);
    if (failure == null) {
      return;
    }
    if (!isFull(failure)) {
      throw failure("written", failure);
    }
    file.forgetRun();
    Changes plain = named(file);
    putChunks(plain, file.id(), file.storedSize(), pending);
    write(plain, durability, "written");
  }

  /**
   * A transaction whose changes are seen was committed, and what forces a later one to the device
   * forces all before it, since the browser keeps one log of them.
   */
  @Override
  public void makeDurable(String name, long size) {
    sync(name, Durability.STRICT);
  }

  private static Uint8Array joined(ByteWriter first, ByteWriter second) {
    Uint8Array bytes = new Uint8Array(first.size() + second.size());
    Transfer.toJs(first.array(), 0, bytes, 0, first.size());
    Transfer.toJs(second.array(), 0, bytes, first.size(), second.size());
    return bytes;
  }

  private static void putChunks(Changes changes, double id, long start, ByteWriter content) {
    for (int done = 0; done < content.size(); done += CHUNK_BYTES) {
      int part = Math.min(CHUNK_BYTES, content.size() - done);
      Uint8Array bytes = new Uint8Array(part);
      Transfer.toJs(content.array(), done, bytes, 0, part);
      changes.putChunk(id, start + done, bytes);
    }
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
      Uint8Array whole = await(file, index, begin(file, index, index));
      changes.replaceChunks(file.id(), start, copyOf(whole, 0, (int) (size - start)));
    } else {
      changes.deleteChunksFrom(file.id(), start);
    }
    write(changes, Durability.RELAXED, "truncated");
    file.cutChunks(index);
    if (size > start) {
      file.addChunk(start, size);
    }
    forgetCached();
  }

  @JSBody(
      params = {"source", "start", "end"},
      script = "return source.slice(start, end);")
  private static native Uint8Array copyOf(Uint8Array source, int start, int end);

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
      write(changes, Durability.RELAXED, "written");
    }
    files.remove(name, file);
    forgetCached();
  }

  /**
   * Storage that is emptied on purpose is not lost. Should a crash keep it, opening marks again.
   */
  private void unmark() {
    LossMarker.unmark(databaseName);
    marked = false;
  }

  @Override
  public void atomicWrite(String name, Content content) {
    checkUsable(name);
    ChunkSink sink = new ChunkSink(nextId++);
    try {
      content.writeTo(sink);
      sink.finish();
      replace(Map.of(name, sink));
    } catch (RuntimeException | Error e) {
      discard(sink, e);
      throw e;
    } finally {
      sink.open = false;
    }
  }

  /** The commit point: the names stand for the new chunks from this transaction on. */
  private void replace(Map<String, ChunkSink> contents) {
    Changes changes = new Changes();
    for (Map.Entry<String, ChunkSink> entry : contents.entrySet()) {
      changes.putFile(entry.getKey(), entry.getValue().id);
      StoredFile old = files.get(entry.getKey());
      if (old != null) {
        changes.deleteChunks(old.id());
      }
    }
    write(changes, Durability.STRICT, "written");
    for (Map.Entry<String, ChunkSink> entry : contents.entrySet()) {
      files.put(entry.getKey(), entry.getValue().file(entry.getKey()));
    }
    forgetCached();
    if (!marked) {
      LossMarker.mark(databaseName);
      marked = true;
    }
  }

  private void discard(ChunkSink sink, Throwable because) {
    if (sink.stored == 0 || lost != null || closed) {
      // Nothing is there, or nothing can be done; the next opening deletes what is left.
      return;
    }
    try {
      write(new Changes().deleteChunks(sink.id), Durability.RELAXED, "tidied");
    } catch (PersistenceException e) {
      because.addSuppressed(e);
    }
  }

  /** Collects bytes into chunks under a fresh id, and stores each when it is full. */
  private final class ChunkSink implements Sink {
    private final double id;
    private Uint8Array chunk = new Uint8Array(0);
    private int used;
    private long stored;
    private boolean open = true;

    ChunkSink(double id) {
      this.id = id;
    }

    @Override
    public void write(byte[] data, int offset, int length) {
      if (!open) {
        throw new IllegalStateException("This sink was valid during atomicWrite only");
      }
      Objects.checkFromIndexSize(offset, length, data.length);
      int done = 0;
      while (done < length) {
        int part = Math.min(length - done, CHUNK_BYTES - used);
        makeRoom(used + part);
        Transfer.toJs(data, offset + done, chunk, used, part);
        used += part;
        done += part;
        storeIfFull();
      }
    }

    /** Grows the chunk, which most files never fill: manifests and seals are a few bytes. */
    private void makeRoom(int needed) {
      if (needed > chunk.getLength()) {
        int capacity = Math.min(CHUNK_BYTES, Math.max(needed, 2 * chunk.getLength()));
        Uint8Array grown = new Uint8Array(capacity);
        grown.set(copyOf(chunk, 0, used), 0);
        chunk = grown;
      }
    }

    private void storeIfFull() {
      if (used == CHUNK_BYTES) {
        store(chunk);
      }
    }

    private void store(Uint8Array bytes) {
      IndexedDbStorage.this.write(
          new Changes().putChunk(id, stored, bytes), Durability.STRICT, "written");
      stored += bytes.getLength();
      used = 0;
    }

    void finish() {
      if (used > 0) {
        store(copyOf(chunk, 0, used));
      }
    }

    StoredFile file(String name) {
      StoredFile file = new StoredFile(name, id, true);
      for (long start = 0; start < stored; start += CHUNK_BYTES) {
        file.addChunk(start, Math.min(stored, start + CHUNK_BYTES));
      }
      file.stored(true);
      return file;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    forgetCached();
    try {
      closeConnection();
    } finally {
      releaseLock();
    }
  }

  private void releaseLock() {
    WebLock held = lock;
    if (held != null) {
      held.release();
    }
  }

  private void closeConnection() {
    IdbConnection open = connection;
    if (open != null) {
      open.close();
    }
  }

  /**
   * Gives what waits for the browser a dozen seconds more, now and later, where it would have a
   * minute: the database is to be closed.
   */
  public void hurry() {
    urgent(true);
    IdbConnection open = connection;
    if (open != null && !closed) {
      open.hurry();
    }
  }

  // Whole files, for copies

  /**
   * All bytes of a file, without a way through Java's memory. Records that cannot be read are
   * zeros: whatever opens the copy finds the damage there, and all else is in it.
   */
  public Uint8Array readWhole(String name) {
    StoredFile file = existing(name);
    Uint8Array whole = new Uint8Array((int) file.size());
    long at = 0;
    while (at < file.storedSize()) {
      at += copy(file, at, whole);
    }
    Transfer.toJs(file.pending().array(), 0, whole, (int) at, file.pending().size());
    forgetCached();
    return whole;
  }

  /** Copies what one fetch brings, and returns how many bytes those are. */
  private int copy(StoredFile file, long at, Uint8Array whole) {
    try {
      Uint8Array part = fetch(file, at);
      whole.set(part, (int) at);
      return part.getLength();
    } catch (CorruptDataException e) {
      return (int) (file.chunkEnd(file.chunkAt(at)) - at);
    }
  }

  /**
   * Stores whole files, all of them or none.
   *
   * @throws InvalidInputException if the storage holds files already
   */
  public void writeAll(Map<String, Uint8Array> contents) {
    if (!files.isEmpty()) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          databaseName + " exists already; destroy it first, or choose another name.");
    }
    TreeMap<String, ChunkSink> sinks = new TreeMap<>();
    for (Map.Entry<String, Uint8Array> entry : contents.entrySet()) {
      checkUsable(entry.getKey());
      ChunkSink sink = new ChunkSink(nextId++);
      sinks.put(entry.getKey(), sink);
    }
    try {
      storeAll(sinks, contents);
    } catch (RuntimeException | Error e) {
      for (ChunkSink sink : sinks.values()) {
        discard(sink, e);
      }
      throw e;
    }
  }

  private void storeAll(Map<String, ChunkSink> sinks, Map<String, Uint8Array> contents) {
    for (Map.Entry<String, ChunkSink> entry : sinks.entrySet()) {
      storeSlices(entry.getValue(), Objects.requireNonNull(contents.get(entry.getKey())));
    }
    replace(sinks);
  }

  private static void storeSlices(ChunkSink sink, Uint8Array content) {
    for (int start = 0; start < content.getLength(); start += CHUNK_BYTES) {
      sink.store(copyOf(content, start, Math.min(content.getLength(), start + CHUNK_BYTES)));
    }
  }

  // Checks and failures

  private StoredFile existing(String name) {
    checkUsable(name);
    StoredFile file = files.get(name);
    if (file == null) {
      throw new StorageIOException("There is no file " + name);
    }
    return file;
  }

  private void checkUsable(String name) {
    checkOpen();
    StorageNames.check(name);
  }

  private void checkOpen() {
    if (closed) {
      throw new StorageIOException("This storage was closed; open it again");
    }
    if (lost != null) {
      throw lostNow(null);
    }
  }

  private StorageLostException lostNow(@Nullable Throwable cause) {
    return new StorageLostException(
        databaseName
            + " went away while it was open ("
            + (lost == null ? "the browser closed it" : lost)
            + "). Close it and open it again.",
        cause);
  }

  private IdbConnection connection() {
    return Objects.requireNonNull(connection);
  }

  private void write(Changes changes, Durability durability, String what) {
    JsFailure failure = attempt(changes, durability);
    if (failure != null && isFull(failure) && hasReserve && urgent > 0) {
      hasReserve = false;
      LossMarker.releaseReserve(databaseName);
      failure = attempt(changes, durability);
    }
    if (failure != null) {
      throw failure(what, failure);
    }
  }

  /** Runs changes, and returns why they were not made, or null if they were. */
  private @Nullable JsFailure attempt(Changes changes, Durability durability) {
    checkOpen();
    try {
      connection().write(changes, durability);
      return null;
    } catch (JsFailure e) {
      return e;
    }
  }

  private static boolean isFull(JsFailure failure) {
    return failure.name().equals(FULL);
  }

  /**
   * Begins or ends something for which the reserve may be used where the quota is full: opening, as
   * long as it takes, closing, and what deletes only.
   */
  public void urgent(boolean begins) {
    urgent += begins ? 1 : -1;
  }

  private RuntimeException failure(String what, JsFailure failure) {
    boolean closing =
        failure.name().equals(IdbConnection.CLOSED) || failure.name().equals("InvalidStateError");
    if (lost != null || closing) {
      return lostNow(failure);
    }
    return failure(databaseName, what, failure);
  }

  private static RuntimeException failure(String databaseName, String what, JsFailure failure) {
    String told = databaseName + " could not be " + what + " (" + failure.getMessage() + ").";
    return switch (failure.name()) {
      case FULL ->
          new StorageFullException(
              told
                  + " The browser's quota for this site, or the disk, is full: delete something, or"
                  + " ask for more with navigator.storage.persist().",
              failure);
      case IdbConnection.BLOCKED ->
          new StorageLockedException(told + " Close what has it open, then try again.");
      default -> new StorageIOException(told, failure);
    };
  }
}
