package org.edgevec.snapshot;

import java.util.Arrays;
import java.util.List;
import org.edgevec.bytes.Bits;
import org.edgevec.index.HnswGraph;
import org.edgevec.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * Leaves dead entries behind in the table itself, where there is no memory for a second one.
 *
 * <p>It needs an object for each entry that stays, and a second graph; where there is no memory for
 * that either, or much of it leads to the dead, the graph is given up and linked anew. Segments
 * that lose entries are in no segment then, and written by the next checkpoint; what is stored does
 * not change.
 */
public final class CompactionPlan {

  /** A smaller share of all, this one's inverse, is not worth moving the others. */
  private static final int MIN_SHARE = 64;

  /** A smaller one is not worth linking the others anew. */
  private static final int GRAPH_SHARE = 8;

  private final Table table;
  private final int planned;
  private final SnapshotPlan plan;
  private final HnswGraph graph;
  private long[] drop;

  private CompactionPlan(
      Table table, int planned, SnapshotPlan plan, long[] drop, HnswGraph graph) {
    this.table = table;
    this.planned = planned;
    this.plan = plan;
    this.drop = drop;
    this.graph = graph;
  }

  /**
   * Decides what to leave behind. Searches and commits may go on; the graph must not change until
   * all is done.
   *
   * @param spans the runs of ordinals that segments hold
   * @param since the table at this moment
   * @param isPressing whether the graph may be given up, if it leads over most of what is dead or
   *     there is no memory for another
   * @return null if there is next to nothing to be gained
   */
  public static @Nullable CompactionPlan of(
      List<Span> spans, Table table, Table.View since, boolean isPressing) {
    int count = since.ordinalCount();
    long[] removable = table.removableBits(since);
    int removed = Bits.count(removable, 0, count);
    int dead = Bits.count(since.dead(), 0, count);
    HnswGraph next = null;
    if (isPressing && removed < count / GRAPH_SHARE && dead - removed >= count / GRAPH_SHARE) {
      removable = since.dead();
      removed = dead;
    } else if (removed > 0) {
      next = moved(table.index().graph(), removable);
    }
    if (removed == 0 || removed < count / MIN_SHARE || (next == null && !isPressing)) {
      return null;
    }
    return new CompactionPlan(
        table,
        count,
        SnapshotPlan.of(spans, count, removable, 0),
        removable,
        next == null ? new HnswGraph(table.index().graph().m()) : next);
  }

  private static @Nullable HnswGraph moved(HnswGraph graph, long[] drop) {
    try {
      return graph.without(drop);
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /**
   * Takes all the memory that is needed. Nothing may be committed from now on until the table has
   * moved up.
   */
  public Table.Compaction prepare() {
    drop = Arrays.copyOf(drop, Bits.words(table.ordinalCount()));
    return table.new Compaction(drop, graph);
  }

  /** The ordinals that are left behind, as bits. */
  public long[] drop() {
    return drop;
  }

  /** The runs of ordinals afterwards; as long as {@link #prepare} was just called. */
  public List<Span> spans() {
    return plan.spansWith(table.ordinalCount() - planned);
  }

  /** Whether what the graph links is to be linked anew. */
  public boolean isGraphGivenUp() {
    return graph.size() == 0;
  }
}
