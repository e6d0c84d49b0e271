package org.edgevec.recovery;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.ProgressListener;
import org.edgevec.recovery.LogReplay.TornTail;
import org.edgevec.snapshot.Manifest;
import org.edgevec.snapshot.ManifestFormat;
import org.edgevec.snapshot.SnapshotCheck;
import org.edgevec.storage.BufferedFile;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreFiles;
import org.edgevec.storage.StoreId;
import org.edgevec.wal.Seal;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole database and tells what is damaged, without changing anything or keeping what it
 * reads.
 *
 * <p>What it reads is what an opening may need: the newest two snapshots and the log behind the
 * older of them. So it also finds damage that would show only when the newest snapshot fails. A
 * report without damage means that the database opens with everything acknowledged in it.
 *
 * <p>Needs memory for the ids of the newest snapshot and for the largest batch. Used once.
 */
public final class Verification {

  private final FrozenStorage storage;
  private final boolean growing;
  private final List<DamagedPart> damage = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final SnapshotCheck snapshots;
  private @Nullable Manifest newest;
  private @Nullable Manifest previous;
  private long attested;
  private long batches;

  /**
   * Takes note of the files there are. Nothing may change them meanwhile; from then on, batches may
   * be committed and the seal replaced.
   *
   * @param durable up to which batch the log is known to be durable, from other sources than it
   * @param growing whether batches may be committed; {@code durable} is the last of this moment
   *     then
   */
  public Verification(
      StorageBackend files, long durable, boolean growing, ProgressListener listener) {
    storage = new FrozenStorage(files, listener);
    snapshots = new SnapshotCheck(storage, this::damaged);
    attested = durable;
    this.growing = growing;
  }

  /**
   * Reads everything.
   *
   * @throws InvalidInputException if there is no database
   * @throws org.edgevec.storage.UnsupportedVersionException if a newer EdgeVec wrote any of it
   * @throws org.edgevec.storage.PersistenceException if the storage cannot be read
   */
  public VerifyFacts run() {
    storage.begin();
    checkNumbers();
    readManifests(generations());
    Manifest first = newest;
    if (first == null) {
      notes.add("Without a manifest nobody knows what the other files mean; they were not read.");
    } else {
      readAll(first, previous == null ? first : previous);
    }
    storage.finish();
    return report();
  }

  private void readAll(Manifest first, Manifest oldest) {
    snapshots.check(first);
    snapshots.check(oldest);
    readSeal(first.storeId());
    readLog(oldest, first);
  }

  private void damaged(CorruptDataException e) {
    damage.add(new DamagedPart(e.file(), e.offset(), e.what()));
  }

  private void checkNumbers() {
    try {
      StoreFiles.checkNumbers(storage.list());
    } catch (CorruptDataException e) {
      damaged(e);
    }
  }

  private List<Long> generations() {
    List<Long> generations = Recovery.generations(storage);
    if (generations.isEmpty()) {
      refuse();
    }
    return generations;
  }

  /** Without any manifest, files of a database are damage, and anything else is none. */
  private void refuse() {
    try {
      Recovery.refuseForeign(storage);
    } catch (CorruptDataException e) {
      damaged(e);
      return;
    }
    throw new InvalidInputException(Code.NOT_FOUND, "There is no database here.");
  }

  /**
   * Reads the newest two, which an opening may need, or as many as it takes to find a whole one.
   */
  private void readManifests(List<Long> generations) {
    for (int i = 0; i < generations.size() && (i < 2 || newest == null); i++) {
      try {
        readManifest(generations.get(i));
      } catch (CorruptDataException e) {
        damaged(e);
      }
    }
  }

  private void readManifest(long generation) {
    Manifest manifest = ManifestFormat.read(storage, generation);
    if (newest == null) {
      newest = manifest;
    } else {
      newest.expectSameDatabase(manifest);
      previous = manifest;
    }
    attested = Math.max(attested, manifest.lastSequence());
  }

  private void readSeal(StoreId id) {
    if (!storage.list().contains(StoreFiles.SEAL)) {
      return;
    }
    try {
      long sealed = Seal.read(new BufferedFile(storage, StoreFiles.SEAL), id);
      // It may be of a later moment than the log that is read.
      attested = growing ? attested : Math.max(attested, sealed);
    } catch (CorruptDataException e) {
      damaged(e);
    }
  }

  private void readLog(Manifest oldest, Manifest first) {
    LogReplay replay =
        new LogReplay(
            storage,
            oldest.storeId(),
            new BatchCheck(oldest.dimension(), oldest.metric()),
            this::damaged,
            oldest.lastSequence(),
            attested);
    replay.run(oldest.logNumber(), first);
    batches = replay.batches();
    noteTail(replay.tornTail());
    for (String name : replay.unborn()) {
      notes.add(name + " never held a batch, since a crash cut off its creation.");
    }
  }

  private void noteTail(@Nullable TornTail tail) {
    if (tail != null) {
      notes.add(
          (tail.size() - tail.offset())
              + " bytes of a write that was never acknowledged end "
              + tail.name()
              + "; the next opening cuts them off and keeps them aside.");
    }
  }

  private VerifyFacts report() {
    List<String> leftovers = new ArrayList<>();
    long bytes = storage.total();
    for (String name : storage.list()) {
      if (!storage.wasRead(name) && !isDamaged(name)) {
        leftovers.add(name);
        bytes -= storage.counted(name);
      }
    }
    return new VerifyFacts(
        storage.list().size() - leftovers.size(),
        bytes,
        snapshots.entries(),
        batches,
        damage,
        leftovers,
        notes);
  }

  /** Whether a file is known to be damaged; it may be too short for anything to be read. */
  private boolean isDamaged(String name) {
    for (DamagedPart found : damage) {
      if (found.file().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
