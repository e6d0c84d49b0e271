package org.edgevec.snapshot;

import java.util.List;
import org.edgevec.contents.Compaction;
import org.edgevec.contents.Contents;
import org.edgevec.table.EntryView;
import org.jspecify.annotations.Nullable;

/**
 * What leaving dead entries behind in the contents themselves does to the runs of ordinals that
 * segments hold. Segments that lose entries are in no segment then, and written by the next
 * checkpoint; what is stored does not change.
 */
public final class CompactionPlan {

  private final Contents contents;
  private final Compaction compaction;
  private final int planned;
  private final SnapshotPlan plan;

  private CompactionPlan(Contents contents, Compaction compaction, int planned, SnapshotPlan plan) {
    this.contents = contents;
    this.compaction = compaction;
    this.planned = planned;
    this.plan = plan;
  }

  /**
   * Decides what to leave behind. Searches and commits may go on; the graph must not change until
   * all is done.
   *
   * @param spans the runs of ordinals that segments hold
   * @param since the contents at this moment
   * @param isPressing as {@link Contents#compaction} has it
   * @return null if there is next to nothing to be gained
   */
  public static @Nullable CompactionPlan of(
      List<Span> spans, Contents contents, EntryView since, boolean isPressing) {
    Compaction compaction = contents.compaction(since, isPressing);
    if (compaction == null) {
      return null;
    }
    int count = since.ordinalCount();
    return new CompactionPlan(
        contents, compaction, count, SnapshotPlan.of(spans, count, compaction.drop(), 0));
  }

  /**
   * Takes all the memory that is needed. Nothing may be committed from now on until the contents
   * have moved up.
   */
  public Compaction prepare() {
    compaction.prepare();
    return compaction;
  }

  /** The runs of ordinals afterwards; as long as {@link #prepare} was just called. */
  public List<Span> spans() {
    return plan.spansWith(contents.ordinalCount() - planned);
  }
}
