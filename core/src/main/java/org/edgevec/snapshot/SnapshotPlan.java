package org.edgevec.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.bytes.Bits;
import org.jspecify.annotations.Nullable;

/**
 * Which segments a checkpoint keeps and which it writes.
 *
 * <p>Written are the entries that no segment holds; segments of which more than 30 % is dead; and,
 * from the end backwards, segments no larger than what is written behind them, so that there are
 * never more than about log2(n) segments and an entry is rewritten about log2(n) times at most.
 * What is written leaves its dead entries behind, apart from those that the search graph still
 * links. Those do not count as dead here. Neighbours that are written become one segment.
 *
 * @param spans the runs after the checkpoint, those to be written without a segment
 * @param drop the ordinals to leave out, as bits, or null if there are none
 */
record SnapshotPlan(List<Span> spans, long @Nullable [] drop) {

  private static final int MAX_DEAD_PERCENT = 30;

  /**
   * @param spans the runs that segments hold, or held before a checkpoint that failed
   * @param ordinalCount how many there are; those behind the spans are in no segment
   * @param removable what may be left behind, as bits
   */
  static SnapshotPlan of(List<Span> spans, int ordinalCount, long[] removable) {
    return of(spans, ordinalCount, removable, MAX_DEAD_PERCENT);
  }

  /**
   * @param maxDeadPercent of a segment that is kept
   */
  static SnapshotPlan of(List<Span> spans, int ordinalCount, long[] removable, int maxDeadPercent) {
    List<Run> runs = runs(spans, ordinalCount, removable);
    markDeadAndMissing(runs, maxDeadPercent);
    markSmallAtTheEnd(runs);
    return new SnapshotPlan(merged(runs), drop(runs, removable));
  }

  /** The runs with ordinals behind them that came later and are to be written, too. */
  List<Span> spansWith(int later) {
    List<Span> all = new ArrayList<>(spans);
    int last = all.size() - 1;
    if (last >= 0 && all.get(last).segment() == null) {
      all.set(last, new Span(all.get(last).count() + later, null));
    } else {
      addPending(all, later);
    }
    return all;
  }

  /** A span with what the decision needs. */
  private static final class Run {
    final int from;
    final Span span;
    final int live;
    boolean write;

    Run(int from, Span span, int dead) {
      this.from = from;
      this.span = span;
      this.live = span.count() - dead;
    }

    int dead() {
      return span.count() - live;
    }
  }

  private static List<Run> runs(List<Span> spans, int ordinalCount, long[] removable) {
    List<Run> runs = new ArrayList<>();
    int from = 0;
    for (Span span : spans) {
      runs.add(new Run(from, span, Bits.count(removable, from, from + span.count())));
      from += span.count();
    }
    if (from < ordinalCount) {
      Span tail = new Span(ordinalCount - from, null);
      runs.add(new Run(from, tail, Bits.count(removable, from, ordinalCount)));
    }
    return runs;
  }

  private static void markDeadAndMissing(List<Run> runs, int maxDeadPercent) {
    for (Run run : runs) {
      run.write =
          run.span.segment() == null || isMoreDead(run.dead(), run.span.count(), maxDeadPercent);
    }
  }

  /** Whether so large a share is dead that the others are written anew. */
  static boolean isMostlyDead(int dead, int count) {
    return isMoreDead(dead, count, MAX_DEAD_PERCENT);
  }

  private static boolean isMoreDead(int dead, int count, int maxDeadPercent) {
    return dead * 100L > (long) count * maxDeadPercent;
  }

  private static void markSmallAtTheEnd(List<Run> runs) {
    long behind = 0;
    for (int i = runs.size() - 1; i >= 0; i--) {
      Run run = runs.get(i);
      if (!run.write && run.live > behind) {
        return;
      }
      run.write = true;
      behind += run.live;
    }
  }

  private static List<Span> merged(List<Run> runs) {
    List<Span> result = new ArrayList<>();
    int pending = 0;
    for (Run run : runs) {
      if (run.write) {
        pending += run.live;
      } else {
        addPending(result, pending);
        pending = 0;
        result.add(run.span);
      }
    }
    addPending(result, pending);
    return result;
  }

  private static void addPending(List<Span> result, int pending) {
    if (pending > 0) {
      result.add(new Span(pending, null));
    }
  }

  private static long @Nullable [] drop(List<Run> runs, long[] removable) {
    long[] drop = removable.clone();
    boolean any = false;
    for (Run run : runs) {
      any |= run.write && run.dead() > 0;
      for (int i = run.from; !run.write && i < run.from + run.span.count(); i++) {
        Bits.clear(drop, i);
      }
    }
    return any ? drop : null;
  }
}
