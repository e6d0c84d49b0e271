package org.edgevec.snapshot;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.edgevec.storage.CorruptDataException;
import org.edgevec.storage.StorageBackend;

/**
 * Reads the segments of snapshots without keeping what they hold: every block's checksum, past bad
 * ones, and what the blocks say as far as all of them hold. Not thread-safe.
 */
public final class SnapshotCheck {

  private final StorageBackend storage;
  private final Consumer<CorruptDataException> onDamage;
  private final Set<String> names;
  private final Set<String> checked = new HashSet<>();
  private long entries;

  /**
   * @param onDamage is told of each damage, in order
   */
  public SnapshotCheck(StorageBackend storage, Consumer<CorruptDataException> onDamage) {
    this.storage = storage;
    this.onDamage = onDamage;
    this.names = new HashSet<>(storage.list());
  }

  /** How many entries, live and dead, were read whole. */
  public long entries() {
    return entries;
  }

  /**
   * Checks the segments that a manifest names, apart from those that an earlier call has checked.
   */
  public void check(Manifest manifest) {
    Set<String> liveIds = new HashSet<>();
    for (int i = 0; i < manifest.segments().size(); i++) {
      SegmentRef ref = manifest.segments().get(i);
      if (checked.add(ref.fileName())) {
        float[] vector = new float[manifest.dimension()];
        check(
            manifest,
            ref,
            new EntryCheck(manifest.metric(), manifest.dead().get(i), liveIds, vector));
      }
    }
    for (PartRef part : manifest.parts()) {
      if (checked.add(part.fileName())) {
        check(manifest, part);
      }
    }
  }

  private void check(Manifest manifest, PartRef ref) {
    try {
      SnapshotReader.expect(names, ref.fileName(), manifest);
      DerivedParts.of(ref).check(storage, manifest, ref, onDamage);
    } catch (CorruptDataException e) {
      onDamage.accept(e);
    }
  }

  private void check(Manifest manifest, SegmentRef ref, EntryCheck target) {
    try {
      SnapshotReader.expect(names, ref.fileName(), manifest);
      BlockReader in =
          SegmentFormat.open(
              storage, manifest.storeId(), ref, manifest.dimension(), manifest.metric());
      Runnable read = () -> SegmentFormat.read(in, ref.count(), manifest.dimension(), target);
      entries += in.check(read, onDamage) ? ref.count() : 0;
    } catch (CorruptDataException e) {
      onDamage.accept(e);
    }
  }
}
