package org.edgevec.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.contents.Contents;
import org.edgevec.table.Change;
import org.edgevec.table.RecordCodec;
import org.edgevec.vector.HeapArena;
import org.junit.jupiter.api.Test;

class SnapshotPlanTest {

  private final Contents table = new Contents(1, Metric.L2, HeapArena.SCALAR);

  private void apply(List<Change> changes) {
    table.apply(RecordCodec.encode(changes, 1, Metric.L2));
  }

  /** Puts entries whose ids are their ordinals. */
  private void put(int count) {
    List<Change> changes = new ArrayList<>();
    for (int i = table.ordinalCount(), end = i + count; i < end; i++) {
      changes.add(new Change.Put("id" + i, new float[] {i}, Metadata.empty()));
    }
    apply(changes);
  }

  private void delete(int from, int to) {
    List<Change> changes = new ArrayList<>();
    for (int i = from; i < to; i++) {
      changes.add(new Change.Delete("id" + i));
    }
    apply(changes);
  }

  private static Span segment(int number, int count) {
    return new Span(count, new SegmentRef(number, count, 1000, 0));
  }

  private static Span fresh(int count) {
    return new Span(count, null);
  }

  private SnapshotPlan plan(Span... spans) {
    return SnapshotPlan.of(List.of(spans), table.ordinalCount(), table.removableBits(table.view()));
  }

  private static List<Integer> dropped(SnapshotPlan plan, int count) {
    List<Integer> dropped = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if ((plan.drop()[i >> 6] >>> i & 1) != 0) {
        dropped.add(i);
      }
    }
    return dropped;
  }

  @Test
  void entriesInNoSegmentBecomeOne() {
    put(10);
    SnapshotPlan plan = plan();
    assertThat(plan.spans()).containsExactly(fresh(10));
    assertThat(plan.drop()).isNull();
  }

  @Test
  void nothingIsWrittenWhereNothingIs() {
    assertThat(plan().spans()).isEmpty();
    put(5);
    assertThat(plan(segment(1, 5)).spans()).as("no tail").containsExactly(segment(1, 5));
  }

  @Test
  void aSegmentThatIsLargerThanWhatComesBehindItIsKept() {
    put(21);
    assertThat(plan(segment(1, 11)).spans()).containsExactly(segment(1, 11), fresh(10));
  }

  @Test
  void aSegmentNoLargerThanWhatComesBehindItIsWrittenWithIt() {
    put(20);
    assertThat(plan(segment(1, 10)).spans()).containsExactly(fresh(20));
  }

  @Test
  void smallSegmentsAtTheEndAreWrittenFromTheEndBackwards() {
    put(100 + 30 + 20 + 10 + 10);
    SnapshotPlan plan = plan(segment(1, 100), segment(2, 30), segment(3, 20), segment(4, 10));
    assertThat(plan.spans()).containsExactly(segment(1, 100), fresh(70));
    put(30);
    plan = plan(segment(1, 100), segment(2, 30), segment(3, 20), segment(4, 10));
    assertThat(plan.spans()).containsExactly(fresh(200));
  }

  @Test
  void aSegmentOfWhich30PercentIsDeadIsKept() {
    put(101);
    delete(10, 40);
    SnapshotPlan plan = plan(segment(1, 100));
    assertThat(plan.spans()).containsExactly(segment(1, 100), fresh(1));
    assertThat(plan.drop()).as("its dead stay").isNull();
  }

  @Test
  void aSegmentOfWhichMoreIsDeadIsWrittenWithoutThem() {
    put(101);
    delete(10, 41);
    SnapshotPlan plan = plan(segment(1, 100));
    assertThat(plan.spans()).containsExactly(fresh(70));
    assertThat(dropped(plan, 101)).hasSize(31).startsWith(10).endsWith(40);
  }

  @Test
  void onlyTheDeadOfWhatIsWrittenAreLeftOut() {
    put(200 + 100 + 50 + 4);
    delete(3, 5);
    delete(200, 240);
    delete(310, 312);
    delete(351, 352);
    SnapshotPlan plan = plan(segment(1, 200), segment(2, 100), segment(3, 50));
    assertThat(plan.spans()).containsExactly(segment(1, 200), fresh(60), segment(3, 50), fresh(3));
    assertThat(dropped(plan, 354)).hasSize(41).contains(200, 239, 351).doesNotContain(3, 310);
  }

  @Test
  void neighboursThatAreWrittenBecomeOneSegment() {
    put(400);
    delete(100, 140);
    delete(200, 240);
    SnapshotPlan plan = plan(segment(1, 100), segment(2, 100), segment(3, 100), segment(4, 100));
    assertThat(plan.spans()).containsExactly(segment(1, 100), fresh(120), segment(4, 100));
  }

  @Test
  void whereAllIsDeadNothingIsLeft() {
    put(10);
    delete(0, 10);
    SnapshotPlan plan = plan(segment(1, 6));
    assertThat(plan.spans()).isEmpty();
    assertThat(dropped(plan, 10)).hasSize(10);
  }
}
