package org.edgevec.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.contents.Contents;
import org.edgevec.recovery.LogReplay.TornTail;
import org.edgevec.snapshot.Manifest;
import org.edgevec.snapshot.ManifestFormat;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.snapshot.SnapshotReader;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StorageFullException;
import org.edgevec.storage.StorageIOException;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.edgevec.wal.Seal;
import org.edgevec.wal.WriteAheadLog;
import org.jspecify.annotations.Nullable;

/**
 * Opens what is stored: finds the newest snapshot that is whole, loads it, replays the log behind
 * it, and then puts in order what a crash left behind. Makes a new database where there is none.
 *
 * <p>Nothing is changed before everything was read and found good, so a refusal leaves all as it
 * was, and a crash in here is only another crash. Under {@link Options#salvage} nothing is changed
 * at all, and damage in the log ends the replay instead of the opening. Used once.
 */
public final class Recovery {

  private final StorageBackend storage;
  private final Options options;
  private final Platform platform;
  private final List<String> notes = new ArrayList<>();
  private boolean created;
  private long tornBytes;
  private @Nullable StorageFullException full;

  public Recovery(StorageBackend storage, Options options, Platform platform) {
    this.storage = storage;
    this.options = options;
    this.platform = platform;
  }

  /**
   * @throws InvalidInputException if there is no database and none may be made, or the options
   *     contradict what is stored
   * @throws PersistenceException if it cannot be read whole; nothing was changed then
   */
  public Recovered recover() {
    try {
      return recoverOrRefuse();
    } catch (CorruptDataException e) {
      if (e.getCause() instanceof StorageIOException unreadable) {
        // Nothing else serves in its place, so this is what there is to mend.
        throw unreadable;
      }
      throw e;
    }
  }

  private Recovered recoverOrRefuse() {
    long startNanos = platform.nanoTime();
    List<Long> generations = generations(storage);
    if (generations.isEmpty()) {
      generations.add(create());
    }
    if (!options.salvage()) {
      StoreFiles.checkNumbers(storage.list());
    }
    Loaded loaded = load(generations);
    try {
      findPrevious(loaded, generations);
      return recover(loaded, startNanos);
    } catch (RuntimeException | Error e) {
      loaded.contents.release();
      throw e;
    }
  }

  private Recovered recover(Loaded loaded, long startNanos) {
    refuseMixed(loaded);
    int snapshotEntries = loaded.contents.liveCount();
    ReplayedContents target =
        new ReplayedContents(loaded.contents, SnapshotManager.spansOf(loaded.manifest), platform);
    loaded.contents.setUnread(true);
    LogReplay replay = replay(loaded, target);
    loaded.contents.setUnread(false);
    if (!options.salvage()) {
      putInOrderIfRoom(loaded, replay);
    }
    RecoveryFacts report =
        new RecoveryFacts(
            created,
            loaded.manifest.generation(),
            loaded.isFallback,
            snapshotEntries,
            replay.batches(),
            replay.records(),
            replay.lastSequence(),
            tornBytes,
            notes,
            (platform.nanoTime() - startNanos) / 1_000_000);
    return new Recovered(
        loaded.contents,
        loaded.manifest,
        loaded.previous,
        logStart(loaded, replay),
        replay.attested(),
        report,
        target.moved(),
        full);
  }

  // Finding and making

  /** The generations of all manifests, the newest first. */
  static List<Long> generations(StorageBackend storage) {
    TreeMap<Long, String> found = new TreeMap<>();
    for (String name : storage.list()) {
      long generation = StoreFiles.Kind.MANIFEST.number(name);
      if (generation >= 0) {
        found.put(generation, name);
      }
    }
    return new ArrayList<>(found.descendingKeySet());
  }

  private long create() {
    refuseForeign(storage);
    Metric metric = options.metric();
    if (metric == null || !options.createIfMissing() || options.salvage()) {
      throw new InvalidInputException(
          Code.NOT_FOUND,
          "There is no database here. To make one, give a dimension and a metric"
              + (options.createIfMissing() ? "." : ", and do not forbid it."));
    }
    StoreId id = new StoreId(platform.randomLong(), platform.randomLong());
    Manifest first = Manifest.first(id, platform.currentTimeMillis(), options.dimension(), metric);
    ManifestFormat.write(storage, first);
    created = true;
    return first.generation();
  }

  /** Refuses a place without a manifest, unless it is empty. */
  static void refuseForeign(StorageBackend storage) {
    for (String name : storage.list()) {
      if (StoreFiles.isStoreFile(name)) {
        throw new CorruptDataException(
            StoreFiles.Kind.MANIFEST.name(1), 0, "no manifest is left, but " + name + " is there");
      }
      throw new InvalidInputException(
          Code.NOT_A_DATABASE,
          "This place holds something else (" + name + "); choose an empty one.");
    }
  }

  // Loading

  /** A snapshot, loaded, and which of the generations it is. */
  private static final class Loaded {
    final Manifest manifest;
    final Contents contents;
    final int index;
    @Nullable Manifest previous;
    boolean isFallback;
    boolean previousDamaged;

    Loaded(Manifest manifest, Contents contents, int index) {
      this.manifest = manifest;
      this.contents = contents;
      this.index = index;
    }
  }

  private Loaded load(List<Long> generations) {
    CorruptDataException first = null;
    for (int i = 0; i < generations.size(); i++) {
      try {
        Loaded loaded = load(generations, i);
        loaded.isFallback = first != null;
        return loaded;
      } catch (CorruptDataException e) {
        notes.add("Snapshot " + generations.get(i) + " cannot serve: " + e.getMessage());
        first = first == null ? e : suppress(first, e);
      }
    }
    throw first == null ? new IllegalStateException("no generation was given") : first;
  }

  private static CorruptDataException suppress(
      CorruptDataException first, CorruptDataException other) {
    first.addSuppressed(other);
    return first;
  }

  private Loaded load(List<Long> generations, int index) {
    Manifest manifest = ManifestFormat.read(storage, generations.get(index));
    checkOptions(manifest);
    return new Loaded(
        manifest, SnapshotReader.load(storage, manifest, platform.vectors(), notes::add), index);
  }

  private void checkOptions(Manifest manifest) {
    Metric metric = options.metric();
    if (metric == null) {
      return;
    }
    if (options.dimension() != manifest.dimension() || metric != manifest.metric()) {
      throw new InvalidInputException(
          Code.OPTIONS_MISMATCH,
          "This database holds vectors of "
              + manifest.dimension()
              + " components under "
              + manifest.metric()
              + ", not of "
              + options.dimension()
              + " under "
              + metric
              + ". Open it with its own, or with none to have them read.");
    }
  }

  /** Notes the snapshot before the one that serves, if its manifest is whole. */
  private void findPrevious(Loaded loaded, List<Long> generations) {
    int index = loaded.index + 1;
    if (index >= generations.size()) {
      return;
    }
    try {
      loaded.previous = ManifestFormat.read(storage, generations.get(index));
    } catch (CorruptDataException e) {
      loaded.previousDamaged = true;
      notes.add("The snapshot before is damaged and was not needed: " + e.getMessage());
    }
  }

  /**
   * Refuses snapshots of two databases in one place: going on with the one would delete, bit by
   * bit, what belongs to the other.
   */
  private void refuseMixed(Loaded loaded) {
    Manifest previous = loaded.previous;
    if (previous != null && !options.salvage()) {
      loaded.manifest.expectSameDatabase(previous);
    }
  }

  // Replaying

  private LogReplay replay(Loaded loaded, ReplayedContents target) {
    Manifest manifest = loaded.manifest;
    LogReplay replay =
        new LogReplay(
            storage,
            manifest.storeId(),
            checked(target, loaded.contents),
            null,
            manifest.lastSequence(),
            sealed(manifest.storeId()));
    try {
      replay.run(manifest.logNumber(), manifest);
    } catch (CorruptDataException e) {
      if (!options.salvage()) {
        throw e;
      }
      notes.add("Salvaged up to batch " + replay.lastSequence() + ": " + e.getMessage());
    }
    return replay;
  }

  /**
   * Where batches go. One that turns out to be malformed half way is half applied then; that does
   * not matter unless the contents are shown all the same.
   */
  private LogReplay.Target checked(ReplayedContents target, Contents contents) {
    if (!options.salvage()) {
      return target;
    }
    BatchCheck check = new BatchCheck(contents.dimension(), contents.metric());
    return (payload, offset, length, count) -> {
      check.apply(payload, offset, length, count);
      target.apply(payload, offset, length, count);
    };
  }

  private long sealed(StoreId id) {
    if (!storage.list().contains(StoreFiles.SEAL)) {
      return 0;
    }
    try {
      return Seal.read(new BufferedFile(storage, StoreFiles.SEAL), id);
    } catch (CorruptDataException e) {
      notes.add("The seal could not be used, and all else holds without it: " + e.getMessage());
      return 0;
    }
  }

  // Putting in order

  /**
   * What was read can be shown also where there is no room; nothing may be written on top of it.
   */
  private void putInOrderIfRoom(Loaded loaded, LogReplay replay) {
    try {
      putInOrder(loaded, replay);
    } catch (StorageFullException e) {
      full = e;
      notes.add(
          "There was no room to put in order what a crash left, so this only reads: "
              + e.getMessage());
    }
  }

  private void putInOrder(Loaded loaded, LogReplay replay) {
    TornTail torn = replay.tornTail();
    if (torn != null) {
      cut(torn);
      replay.sizes().put(StoreFiles.Kind.WAL.number(torn.name()), torn.offset());
    }
    makeDurable(replay, torn);
    for (String name : replay.unborn()) {
      notes.add(name + " never held a batch, since a crash cut off its creation; removed.");
      storage.delete(name);
    }
    if (!loaded.isFallback && !loaded.previousDamaged) {
      deleteLeftovers(loaded);
    }
  }

  /**
   * Keeps a tail aside, then replaces its file by one that lacks it. Truncating would do only if it
   * were certain to be durable before the next log file is written to: killed before the sync that
   * follows, the process would leave a file that looks whole, and a power cut would bring back the
   * tail in the middle of the log.
   */
  private void cut(TornTail torn) {
    tornBytes = torn.size() - torn.offset();
    String aside = StoreFiles.torn(torn.name());
    storage.atomicWrite(aside, sink -> storage.copy(torn.name(), torn.offset(), torn.size(), sink));
    storage.atomicWrite(torn.name(), sink -> storage.copy(torn.name(), 0, torn.offset(), sink));
    notes.add(
        tornBytes
            + " bytes of a write that was never acknowledged were cut from "
            + torn.name()
            + " and kept as "
            + aside
            + ".");
  }

  /**
   * What was read may still be on its way to the device, if a process died before its sync, or
   * never get there, if a sync failed: Linux then drops what it could not write and goes on showing
   * it, and another sync succeeds without writing it. Nothing may be acknowledged on top of it
   * before it is there, so the files with batches that nothing attests are {@linkplain
   * StorageBackend#makeDurable made durable}, as they were read. So is what another opener, who was
   * not told to stop, may still append to.
   */
  private void makeDurable(LogReplay replay, @Nullable TornTail cut) {
    for (long number : replay.notSettled()) {
      String name = StoreFiles.Kind.WAL.name(number);
      if (cut == null || !cut.name().equals(name)) {
        storage.makeDurable(name, replay.sizes().getOrDefault(number, 0L));
      }
    }
  }

  /** Removes what a crash kept a checkpoint from deleting, and parts that no manifest names. */
  private void deleteLeftovers(Loaded loaded) {
    Manifest previous = loaded.previous;
    for (String name : storage.list()) {
      boolean named = loaded.manifest.names(name) || (previous != null && previous.names(name));
      if (SnapshotManager.isPart(name) && !named) {
        notes.add(
            name
                + " is part of no snapshot that is here; removed. A crash cut off a checkpoint, or this"
                + " is a copy of a database that was open, and may hold less than that did.");
        storage.delete(name);
      }
    }
  }

  private static WriteAheadLog.Start logStart(Loaded loaded, LogReplay replay) {
    TreeMap<Long, Long> sizes = replay.sizes();
    long next = loaded.manifest.logNumber();
    if (!sizes.isEmpty()) {
      next = Math.max(next, sizes.lastKey() + 1);
    }
    for (String name : replay.unborn()) {
      sizes.remove(StoreFiles.Kind.WAL.number(name));
    }
    return new WriteAheadLog.Start(
        next, replay.lastSequence(), Math.min(replay.attested(), replay.lastSequence()), sizes);
  }
}
