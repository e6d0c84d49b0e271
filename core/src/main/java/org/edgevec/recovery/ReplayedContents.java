package org.edgevec.recovery;

import java.util.List;
import org.edgevec.Platform;
import org.edgevec.bytes.Bits;
import org.edgevec.contents.Compaction;
import org.edgevec.contents.Contents;
import org.edgevec.snapshot.CompactionPlan;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.snapshot.Span;
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
    if (platform.makesRoomInPlace()) {
      if (contents.ordinalCount() >= nextLook) {
        compactIfWorthIt();
      }
      reserve(contents.putsIn(payload, offset, length, count));
    }
    contents.apply(payload, offset, length, count);
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

  private void reserve(int more) {
    try {
      contents.reserve(more);
    } catch (OutOfMemoryError e) {
      if (!compact(true)) {
        throw e;
      }
      contents.reserve(more);
    }
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
