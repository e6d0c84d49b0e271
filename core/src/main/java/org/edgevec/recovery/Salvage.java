package org.edgevec.recovery;

import org.edgevec.InvalidInputException;
import org.edgevec.InvalidInputException.Code;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.SalvageReport;
import org.edgevec.snapshot.FirstSnapshot;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageBackend;
import org.edgevec.storage.StoreId;
import org.edgevec.table.Table;

/**
 * Copies what can still be read of a damaged database into a new one: the state that an opening
 * with {@link Options#salvage} shows. The damaged one is only read. Used once.
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
    frozen.finish();
  }

  /**
   * Writes the new database. If that fails, there is none.
   *
   * @throws InvalidInputException if the target holds anything; nothing was written
   */
  public SalvageReport writeTo(StorageBackend target) {
    for (String name : target.list()) {
      throw new InvalidInputException(
          Code.INVALID_ARGUMENT,
          "The place for the copy is not empty (it holds " + name + "); choose a new one.");
    }
    Table table = recovered.table();
    StoreId id = new StoreId(platform.randomLong(), platform.randomLong());
    FirstSnapshot.write(
        target,
        id,
        table.liveCount() < table.ordinalCount() ? table.without(table.deadBits()) : table,
        platform.currentTimeMillis(),
        this::written);
    listener.progress(2 * sourceBytes, 2 * sourceBytes);
    return report();
  }

  private void written(long done, long total) {
    long share = (long) ((double) done / total * sourceBytes);
    listener.progress(sourceBytes + Math.min(share, sourceBytes), 2 * sourceBytes);
  }

  private SalvageReport report() {
    return new SalvageReport(
        recovered.table().liveCount(),
        recovered.report().lastSequence(),
        Math.max(recovered.attested(), recovered.report().lastSequence()),
        recovered.report().usedPreviousSnapshot(),
        recovered.report().notes());
  }
}
