package org.edgevec.recovery;

import java.util.Map;
import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.contents.Contents;
import org.edgevec.snapshot.Manifest;
import org.edgevec.snapshot.ManifestFormat;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.snapshot.SnapshotManager.Draft;
import org.edgevec.snapshot.SnapshotManager.Prepared;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.Durability;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreId;
import org.edgevec.wal.WriteAheadLog;

/**
 * Copies what can still be read of a damaged database into a new one: the state that an opening
 * with {@link Options#salvage} shows. The damaged one is only read. Used once, and then {@linkplain
 * #release released}.
 */
public final class Salvage {

  private final Platform platform;
  private final ProgressListener listener;
  private final long sourceBytes;
  private final Recovered recovered;

  /**
   * Reads the damaged database.
   *
   * @param listener told of the bytes of the source, twice over: reading them and writing them anew
   * @throws CorruptDataException if no snapshot is whole
   */
  public Salvage(StorageBackend damaged, Platform platform, ProgressListener listener) {
    this.platform = platform;
    this.listener = listener;
    FrozenStorage frozen =
        new FrozenStorage(damaged, (done, total) -> listener.progress(done, 2 * total));
    this.sourceBytes = frozen.total();
    frozen.begin();
    this.recovered = new Recovery(frozen, Options.existing().salvage(true), platform).recover();
    try {
      frozen.finish();
    } catch (RuntimeException | Error e) {
      // The listener may end it here, too.
      release();
      throw e;
    }
  }

  /** Gives back the memory of what was read. Nothing may be written afterwards. */
  public void release() {
    recovered.contents().release();
  }

  /**
   * Writes the new database. If that fails, there is none; only if writing its manifest fails may
   * the segment be left.
   *
   * @throws InvalidInputException if the target holds anything; nothing was written
   */
  public SalvageFacts writeTo(StorageBackend target) {
    for (String name : target.list()) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          "The place for the copy is not empty (it holds " + name + "); choose a new one.");
    }
    writeSnapshot(target);
    listener.progress(2 * sourceBytes, 2 * sourceBytes);
    return report();
  }

  /**
   * Makes a checkpoint of the recovered entries as if they had been put into a new database, whose
   * first, empty snapshot never gets written: the manifest of this one is what makes it exist.
   */
  private void writeSnapshot(StorageBackend target) {
    Contents contents = recovered.contents();
    long now = platform.currentTimeMillis();
    StoreId id = new StoreId(platform.randomLong(), platform.randomLong());
    Manifest empty = Manifest.first(id, now, contents.dimension(), contents.metric());
    WriteAheadLog log =
        new WriteAheadLog(target, id, Durability.STRICT, platform::randomLong, logStart());
    SnapshotManager snapshots = new SnapshotManager(target, log, empty, null, contents, null);
    Draft compact = snapshots.draftIfRoom(contents, contents.view(), platform);
    Draft draft = compact == null ? snapshots.draftOfAll(contents, contents.view()) : compact;
    try {
      Prepared prepared = snapshots.prepare(draft);
      if (prepared == null) {
        ManifestFormat.write(target, empty);
      } else {
        snapshots.adopt(prepared);
        snapshots.write(prepared, now, this::written);
      }
    } finally {
      draft.release();
    }
  }

  /** The batches go on to be counted where the damaged database's end. */
  private WriteAheadLog.Start logStart() {
    long last = recovered.report().lastSequence();
    return new WriteAheadLog.Start(1, last, last, Map.of());
  }

  private void written(long done, long total) {
    long share = (long) ((double) done / total * sourceBytes);
    // The end is told when the manifest is there.
    listener.progress(sourceBytes + Math.min(share, sourceBytes - 1), 2 * sourceBytes);
  }

  private SalvageFacts report() {
    return new SalvageFacts(
        recovered.contents().liveCount(),
        recovered.report().lastSequence(),
        Math.max(recovered.attested(), recovered.report().lastSequence()),
        recovered.report().usedPreviousSnapshot(),
        recovered.report().notes());
  }
}
