package org.edgevec.snapshot;

import java.util.List;
import org.edgevec.ProgressListener;
import org.edgevec.contents.Contents;
import org.edgevec.storage.StorageBackend;
import org.jspecify.annotations.Nullable;

/**
 * How much of a derived part the newest snapshot has. Written by whoever checkpoints; others may
 * look.
 */
final class StoredPart {

  /** Making so much again at the next opening would take about a second. */
  private static final int MIN_STALE = 2000;

  /** No part's version. */
  private static final long NOT_STORED = -1;

  private static final int CHECKPOINT_NODES = 300;
  private static final int STORED_NODES = 64;
  private static final int STORED_BYTES = 16 << 10;

  private final DerivedPart part;
  private long nextNumber;
  private volatile long version;
  private volatile int size;

  /**
   * @param nextNumber of its next file
   * @param contents as they were loaded
   * @param isStored whether the newest snapshot has what they hold of it
   */
  StoredPart(DerivedPart part, long nextNumber, Contents contents, boolean isStored) {
    this.part = part;
    this.nextNumber = nextNumber;
    note(contents);
    if (!isStored) {
      version = NOT_STORED;
    }
  }

  /**
   * Writes it, unless the newest snapshot has it as it is.
   *
   * @param newest that snapshot
   * @param fresh gets the name of the file that is written
   * @return null if there is nothing of it
   */
  @Nullable PartRef write(
      StorageBackend storage,
      Manifest newest,
      Contents contents,
      List<String> fresh,
      ProgressListener listener) {
    if (isNewest(contents)) {
      return newest.part(part.kind());
    }
    PartRef ref = part.write(storage, newest.storeId(), nextNumber, contents, listener);
    if (ref != null) {
      nextNumber++;
      fresh.add(ref.fileName());
    }
    return ref;
  }

  /** Takes notice that it is stored as it is now. */
  void note(Contents contents) {
    version = part.version(contents);
    size = part.size(contents);
  }

  /**
   * Takes notice that what is stored is of other ordinals than the present ones. There may be
   * nothing of it any more.
   */
  void renumbered(Contents contents) {
    version = NOT_STORED;
    if (part.size(contents) == 0) {
      size = 0;
    }
  }

  boolean isNewest(Contents contents) {
    return part.version(contents) == version;
  }

  /** Whether so much is not stored that a snapshot should be made for its sake. */
  boolean isStale(Contents contents) {
    return part.size(contents) - size > Math.max(MIN_STALE, size / 4);
  }

  /**
   * Whether storing it takes less than making anew what is not stored of it. A checkpoint takes as
   * long as linking some hundred nodes, and then as long as one for every {@value #STORED_NODES}
   * nodes or {@value #STORED_BYTES} bytes that it writes, at the least.
   *
   * @param logBytes about as many as it would write of entries
   */
  boolean isWorthStoring(Contents contents, long logBytes) {
    int now = part.size(contents);
    long unstored = now - (long) size;
    return !isNewest(contents)
        && unstored > CHECKPOINT_NODES + now / STORED_NODES + logBytes / STORED_BYTES;
  }
}
