package org.edgevec.crash;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.edgevec.storage.Durability;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.ReadRange;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StorageNames;

/**
 * Storage on a {@link SimulatedDisk}, in steps that can be watched and can fail.
 *
 * <p>An atomic write is a temporary file, written in pieces, synced, renamed, and the folder
 * synced; each of these is a step, and leftovers are removed at the next opening. Not thread-safe:
 * a database with several writers calls it from one of them at a time, and the commit queue's
 * monitor lies between.
 */
final class CrashStorage implements StorageBackend {

  /** Ends the names of temporary files, which no other name may. */
  private static final String TEMPORARY = ".tmp-";

  /** What storage does to a disk. */
  enum Step {
    APPEND,
    SYNC,
    SYNC_RELAXED,
    TRUNCATE,
    DELETE,
    TEMP_CREATE,
    TEMP_WRITE,
    TEMP_SYNC,
    RENAME,
    FOLDER_SYNC
  }

  /** Looks on, before and after each step. */
  interface Watch {
    Watch NONE = new Watch() {};

    /** A step is about to be taken. */
    default void before(CrashStorage storage, Step step, String name) {}

    /** A step was taken. */
    default void after(CrashStorage storage, Step step, String name) {}
  }

  /** How a step fails. */
  enum Failure {
    /** The device failed before anything happened. */
    IO,
    /** There is no room; nothing happened. */
    FULL,
    /** There is no room for more than half of what was to be written. */
    SHORT,
    /** A sync failed, and what it was to write is gone. */
    SYNC_LOST,
    /** A sync failed, and what it was to write is gone but still read until the power fails. */
    SYNC_LOST_BUT_READ
  }

  /** Decides which steps fail. */
  interface Faults {
    Faults NONE = (step, name) -> null;

    /** How this step fails, or null if it does not. */
    Failure next(Step step, String name);
  }

  /** Ways in which a storage may be wrong, to test that they are noticed. */
  enum Flaw {
    SYNC_IS_SKIPPED,
    SYNC_FORGETS_THE_NAME,
    TEMPORARY_FILE_IS_NOT_SYNCED,
    FOLDER_IS_NOT_SYNCED,
    RENAME_COMES_FIRST,
    LEFTOVERS_ARE_KEPT,
    NAMES_ARE_NOT_FORCED_AT_OPENING,
    ATOMIC_WRITE_IS_IN_PLACE
  }

  private final SimulatedDisk disk;
  private final Watch watch;
  private final ProtocolCheck protocol;
  private final Set<Flaw> flaws;
  private Faults faults = Faults.NONE;
  private PersistenceException lastFailure;
  private int temporaryCount;
  private int steps;
  private boolean closed;

  private CrashStorage(SimulatedDisk disk, Watch watch, ProtocolCheck protocol, Set<Flaw> flaws) {
    this.disk = disk;
    this.watch = watch;
    this.protocol = protocol;
    this.flaws = flaws;
  }

  /** Opens the storage on a disk, unwatched. */
  static CrashStorage open(SimulatedDisk disk) {
    return open(disk, Watch.NONE, ProtocolCheck.NONE, EnumSet.noneOf(Flaw.class));
  }

  /**
   * Opens the storage on a disk, removes what an interrupted atomic write left, and makes durable
   * which names there are: a process that was killed may have left them pending.
   *
   * @throws org.edgevec.storage.StorageLockedException if it is open already
   */
  static CrashStorage open(
      SimulatedDisk disk, Watch watch, ProtocolCheck protocol, Set<Flaw> flaws) {
    disk.lock();
    CrashStorage storage = new CrashStorage(disk, watch, protocol, flaws);
    protocol.opened(disk);
    if (!flaws.contains(Flaw.LEFTOVERS_ARE_KEPT)) {
      storage.removeLeftovers();
    }
    if (!flaws.contains(Flaw.NAMES_ARE_NOT_FORCED_AT_OPENING)) {
      disk.syncAllNames();
    }
    return storage;
  }

  private void removeLeftovers() {
    for (String name : List.copyOf(disk.live.keySet())) {
      if (isTemporary(name)) {
        disk.remove(name);
      }
    }
  }

  static boolean isTemporary(String name) {
    return name.contains(TEMPORARY);
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** How many steps were taken that change the disk. */
  int steps() {
    return steps;
  }

  void setFaults(Faults newFaults) {
    faults = newFaults;
  }

  /** What the last step that was made to fail threw, or null. */
  PersistenceException lastFailure() {
    return lastFailure;
  }

  // Reading

  @Override
  public List<String> list() {
    checkOpen();
    List<String> names = new ArrayList<>(disk.live.size());
    for (String name : disk.live.keySet()) {
      if (!isTemporary(name) || flaws.contains(Flaw.LEFTOVERS_ARE_KEPT)) {
        names.add(name);
      }
    }
    return names;
  }

  @Override
  public long size(String name) {
    return existing(name).size;
  }

  @Override
  public void read(String name, long offset, byte[] target, int targetOffset, int length) {
    SimulatedDisk.Node node = existing(name);
    Objects.checkFromIndexSize(targetOffset, length, target.length);
    ReadRange.check(name, node.size, offset, length);
    System.arraycopy(node.data, (int) offset, target, targetOffset, length);
  }

  // Writing

  @Override
  public void append(String name, byte[] data, int offset, int length) {
    checkUsable(name);
    Objects.checkFromIndexSize(offset, length, data.length);
    step(Step.APPEND, name, part -> appendNow(name, data, offset, part ? length / 2 : length));
  }

  private void appendNow(String name, byte[] data, int offset, int length) {
    SimulatedDisk.Node node = disk.live.get(name);
    protocol.append(disk, name, node, data, offset, length);
    disk.append(node == null ? disk.create(name) : node, data, offset, length);
  }

  @Override
  public void sync(String name, Durability durability) {
    Objects.requireNonNull(durability, "durability");
    SimulatedDisk.Node node = existing(name);
    if (durability == Durability.STRICT) {
      step(Step.SYNC, name, part -> syncNow(name, node));
    } else {
      step(Step.SYNC_RELAXED, name, part -> protocol.changed(name));
    }
  }

  private void syncNow(String name, SimulatedDisk.Node node) {
    protocol.changed(name);
    if (!flaws.contains(Flaw.SYNC_IS_SKIPPED)) {
      disk.syncData(node);
    }
    if (!flaws.contains(Flaw.SYNC_FORGETS_THE_NAME)) {
      disk.syncName(name);
    }
  }

  @Override
  public void truncate(String name, long size) {
    SimulatedDisk.Node node = existing(name);
    if (size < 0 || size > node.size) {
      throw new IllegalArgumentException(
          name + " holds " + node.size + " bytes and cannot be truncated to " + size);
    }
    step(
        Step.TRUNCATE,
        name,
        part -> {
          protocol.changed(name);
          disk.truncate(node, (int) size);
        });
  }

  @Override
  public void delete(String name) {
    checkUsable(name);
    if (disk.live.containsKey(name)) {
      step(
          Step.DELETE,
          name,
          part -> {
            protocol.delete(disk, name);
            disk.remove(name);
          });
    }
  }

  @Override
  public void atomicWrite(String name, Content content) {
    checkUsable(name);
    String temporary =
        flaws.contains(Flaw.ATOMIC_WRITE_IS_IN_PLACE)
            ? name
            : name + TEMPORARY + Integer.toHexString(temporaryCount++);
    try {
      step(Step.TEMP_CREATE, temporary, part -> disk.create(temporary));
      PieceSink sink = new PieceSink(temporary);
      try {
        content.writeTo(sink);
      } finally {
        sink.closed = true;
      }
      checkOpen();
      publish(temporary, name);
    } catch (RuntimeException | Error e) {
      disk.remove(temporary);
      throw e;
    }
    step(Step.FOLDER_SYNC, name, part -> syncFolder(name));
    protocol.atomicWriteReturns(disk, name);
  }

  private void publish(String temporary, String name) {
    if (temporary.equals(name)) {
      disk.syncData(disk.live.get(name));
      return;
    }
    if (flaws.contains(Flaw.RENAME_COMES_FIRST)) {
      SimulatedDisk.Node node = disk.live.get(temporary);
      step(Step.RENAME, name, part -> rename(temporary, name));
      step(Step.TEMP_SYNC, name, part -> disk.syncData(node));
      return;
    }
    step(Step.TEMP_SYNC, temporary, part -> syncTemporary(temporary));
    step(Step.RENAME, name, part -> rename(temporary, name));
  }

  private void syncTemporary(String temporary) {
    if (!flaws.contains(Flaw.TEMPORARY_FILE_IS_NOT_SYNCED)) {
      disk.syncData(disk.live.get(temporary));
      disk.syncName(temporary);
    }
  }

  private void rename(String temporary, String name) {
    protocol.rename(disk.live.get(temporary), name);
    disk.rename(temporary, name);
  }

  private void syncFolder(String name) {
    if (!flaws.contains(Flaw.FOLDER_IS_NOT_SYNCED)) {
      disk.syncName(name);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      disk.unlock();
    }
  }

  /** Takes the content of one atomic write, each piece a step. */
  private final class PieceSink implements Sink {
    private final String temporary;
    private boolean closed;

    PieceSink(String temporary) {
      this.temporary = temporary;
    }

    @Override
    public void write(byte[] data, int offset, int length) {
      if (closed) {
        throw new IllegalStateException("The atomic write that this sink belongs to is over");
      }
      Objects.checkFromIndexSize(offset, length, data.length);
      checkOpen();
      step(
          Step.TEMP_WRITE,
          temporary,
          part -> disk.append(disk.live.get(temporary), data, offset, part ? length / 2 : length));
    }
  }

  // Steps

  /** What a step does; of a write that fails half way, only half. */
  private interface Action {
    void take(boolean half);
  }

  private void step(Step step, String name, Action action) {
    watch.before(this, step, name);
    steps++;
    Failure failure = faults.next(step, name);
    if (failure != null) {
      fail(failure, step, name, action);
    }
    action.take(false);
    watch.after(this, step, name);
  }

  private void fail(Failure failure, Step step, String name, Action action) {
    if (failure == Failure.SHORT) {
      action.take(true);
    } else if (failure == Failure.SYNC_LOST || failure == Failure.SYNC_LOST_BUT_READ) {
      SimulatedDisk.Node node = disk.live.get(name);
      disk.dropPages(node, failure == Failure.SYNC_LOST_BUT_READ);
    }
    protocol.failed(step, name);
    String message = failure + " at " + step + " of " + name + ", for a test";
    boolean full = failure == Failure.FULL || failure == Failure.SHORT;
    lastFailure = full ? new StorageFullException(message) : new StorageIOException(message);
    throw lastFailure;
  }

  private SimulatedDisk.Node existing(String name) {
    checkUsable(name);
    SimulatedDisk.Node node = disk.live.get(name);
    if (node == null) {
      throw new StorageIOException("There is no file " + name);
    }
    return node;
  }

  private void checkUsable(String name) {
    checkOpen();
    StorageNames.check(name);
  }

  private void checkOpen() {
    if (closed) {
      throw new StorageIOException("This storage was closed; open it again");
    }
  }
}
