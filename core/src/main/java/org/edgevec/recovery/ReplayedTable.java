package org.edgevec.recovery;

import java.util.List;
import org.edgevec.Platform;
import org.edgevec.bytes.Bits;
import org.edgevec.snapshot.CompactionPlan;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.snapshot.Span;
import org.edgevec.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * The table that the log is replayed into. Keeps no more of what the log replaces than it has to: a
 * log may replace all entries many times, and memory has to hold them once.
 */
final class ReplayedTable implements LogReplay.Target {

  private static final int MIN_LOOK = 2000;

  private final Table table;
  private final Platform platform;
  private List<Span> spans;
  private boolean hasMoved;
  private int nextLook = MIN_LOOK;

  /**
   * @param spans the runs of ordinals that it has
   */
  ReplayedTable(Table table, List<Span> spans, Platform platform) {
    this.table = table;
    this.spans = spans;
    this.platform = platform;
  }

  @Override
  public void apply(byte[] payload, int offset, int length, int count) {
    if (platform.makesRoomInPlace()) {
      if (table.ordinalCount() >= nextLook) {
        compactIfWorthIt();
      }
      reserve(table.putsIn(payload, offset, length, count));
    }
    table.apply(payload, offset, length, count);
  }

  private void compactIfWorthIt() {
    int count = table.ordinalCount();
    if (SnapshotManager.isWorthDropping(
        Bits.count(table.removableBits(table.view()), 0, count), count)) {
      compact(false);
    }
    int now = table.ordinalCount();
    nextLook = now + Math.max(MIN_LOOK, now / 4);
  }

  private void reserve(int more) {
    try {
      table.reserve(more);
    } catch (OutOfMemoryError e) {
      if (!compact(true)) {
        throw e;
      }
      table.reserve(more);
    }
  }

  private boolean compact(boolean isPressing) {
    CompactionPlan plan = CompactionPlan.of(spans, table, table.view(), isPressing);
    if (plan == null) {
      return false;
    }
    Table.Compaction compaction = plan.prepare();
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
