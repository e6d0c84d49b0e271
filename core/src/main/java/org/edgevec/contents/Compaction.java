package org.edgevec.contents;

import java.util.Arrays;
import org.edgevec.bytes.Bits;
import org.edgevec.index.HnswGraph;
import org.edgevec.table.EntryView;
import org.jspecify.annotations.Nullable;

/**
 * Leaves dead entries behind in the contents themselves, where there is no memory for others: the
 * rest moves up and keeps its order.
 *
 * <p>It needs a second graph; where there is no memory for that either, or much of it leads to the
 * dead, the graph is given up and linked anew.
 */
public final class Compaction {

  /** A smaller share of all, this one's inverse, is not worth moving the others. */
  private static final int MIN_SHARE = 64;

  /** A smaller one is not worth linking the others anew. */
  private static final int GRAPH_SHARE = 8;

  private final Contents contents;
  private final HnswGraph graph;
  private long[] drop;
  private boolean isPrepared;

  private Compaction(Contents contents, HnswGraph graph, long[] drop) {
    this.contents = contents;
    this.graph = graph;
    this.drop = drop;
  }

  static @Nullable Compaction of(Contents contents, EntryView since, boolean isPressing) {
    int count = since.ordinalCount();
    long[] removable = contents.removableBits(since);
    int removed = Bits.count(removable, 0, count);
    int dead = Bits.count(since.dead(), 0, count);
    HnswGraph next = null;
    if (isPressing && removed < count / GRAPH_SHARE && dead - removed >= count / GRAPH_SHARE) {
      removable = since.dead();
      removed = dead;
    } else if (removed > 0) {
      next = moved(contents.graph(), removable);
    }
    if (removed == 0 || removed < count / MIN_SHARE || (next == null && !isPressing)) {
      return null;
    }
    return new Compaction(
        contents, next == null ? new HnswGraph(contents.graph().m()) : next, removable);
  }

  private static @Nullable HnswGraph moved(HnswGraph graph, long[] drop) {
    try {
      return graph.without(drop);
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /**
   * Takes all the memory that is needed. Nothing may be committed from now on until it {@linkplain
   * #run ran}.
   */
  public void prepare() {
    drop = Arrays.copyOf(drop, Bits.words(contents.ordinalCount()));
    isPrepared = true;
  }

  /** The ordinals that are left behind, as bits. */
  public long[] drop() {
    return drop;
  }

  /**
   * Moves up, and gives back the room behind; nobody may read meanwhile, and no view may be used
   * afterwards. Takes no memory.
   */
  public void run() {
    if (!isPrepared) {
      throw new IllegalStateException("it was not prepared");
    }
    contents.moveUp(drop, graph);
  }
}
