package org.edgevec.recovery;

import java.util.List;
import org.edgevec.Platform;
import org.edgevec.bytes.Bits;
import org.edgevec.contents.Compaction;
import org.edgevec.contents.Contents;
import org.edgevec.snapshot.CompactionPlan;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.snapshot.Span;
import org.edgevec.table.Records;
import org.jspecify.annotations.Nullable;

/**
 * The contents that the log is replayed into. No more is kept of what the log replaces than has to
 * be: a log may replace all entries many times, and memory has to hold them once.
 */
final class ReplayedContents implements LogReplay.Target {

  private static final int MIN_LOOK = 2000;

  private final Contents contents;
  private final Platform platform;
  private List<Span> spans;
  private boolean hasMoved;
  private int nextLook = MIN_LOOK;

  /**
   * @param spans the runs of ordinals that they have
   */
  ReplayedContents(Contents contents, List<Span> spans, Platform platform) {
    this.contents = contents;
    this.spans = spans;
    this.platform = platform;
  }

  @Override
  public void apply(byte[] payload, int offset, int length, int count) {
    if (!platform.makesRoomInPlace()) {
      contents.apply(decoded(payload, offset, length, count));
      return;
    }
    if (contents.ordinalCount() >= nextLook) {
      compactIfWorthIt();
    }
    contents.apply(withRoom(payload, offset, length, count));
  }

  private void compactIfWorthIt() {
    int count = contents.ordinalCount();
    if (SnapshotManager.isWorthDropping(
        Bits.count(contents.removableBits(contents.view()), 0, count), count)) {
      compact(false);
    }
    int now = contents.ordinalCount();
    nextLook = now + Math.max(MIN_LOOK, now / 4);
  }

  /** The records, for which there is room now; that of the dead, if need be. */
  private Records withRoom(byte[] payload, int offset, int length, int count) {
    try {
      return reserved(decoded(payload, offset, length, count));
    } catch (OutOfMemoryError e) {
      if (!compact(true)) {
        throw e;
      }
      return reserved(decoded(payload, offset, length, count));
    }
  }

  private Records decoded(byte[] payload, int offset, int length, int count) {
    return Records.decode(payload, offset, length, count, contents.dimension());
  }

  private Records reserved(Records records) {
    contents.reserve(records.puts());
    return records;
  }

  private boolean compact(boolean isPressing) {
    CompactionPlan plan = CompactionPlan.of(spans, contents, contents.view(), isPressing);
    if (plan == null) {
      return false;
    }
    Compaction compaction = plan.prepare();
    List<Span> moved = plan.spans();
    compaction.run();
    spans = moved;
    hasMoved = true;
    return true;
  }

  /** The runs of ordinals, if they are others than before, or null. */
  @Nullable List<Span> moved() {
    return hasMoved ? spans : null;
  }
}
