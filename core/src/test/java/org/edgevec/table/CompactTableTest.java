package org.edgevec.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.bytes.Bits;
import org.edgevec.vector.HeapArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leaving the dead behind while changes go on: the same entries, in the same order. */
final class CompactTableTest {

  private static final int IDS = 90;

  private final Table table = new Table(1, Metric.L2, HeapArena.SCALAR);

  private static void apply(Table table, Change change) {
    table.apply(RecordCodec.encode(List.of(change), 1, Metric.L2));
  }

  private static Change change(Random random, int number) {
    String id = "id" + random.nextInt(IDS);
    return random.nextInt(3) == 0
        ? new Change.Delete(id)
        : new Change.Put(id, new float[] {number}, Metadata.of("n", number));
  }

  private static List<Object> entries(Table table) {
    List<Object> entries = new ArrayList<>();
    for (String id : table.liveIds()) {
      var entry = table.stored(table.ordinalOf(id)).entry();
      entries.add(List.of(entry.id(), entry.vector()[0], entry.metadata()));
    }
    return entries;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63, 64, 65, 500})
  void whatIsChangedMeanwhileComesAlong(int meanwhile) {
    Random random = new Random(meanwhile);
    for (int round = 0; round < 300; round++) {
      int before = random.nextInt(200);
      for (int i = 0; i < before; i++) {
        apply(table, change(random, i));
      }
      EntryView since = table.view();
      long[] drop = since.dead().clone();
      for (int i = 0; i < drop.length; i++) {
        drop[i] &= round % 3 == 0 ? -1 : random.nextLong(); // Not all of them.
      }
      Table compact = table.without(since, drop);
      for (int i = 0; i < meanwhile; i++) {
        apply(table, change(random, -i));
      }
      compact.catchUp(table, since, drop);
      assertThat(entries(compact)).isEqualTo(entries(table));
      assertThat(compact.liveCount()).isEqualTo(table.liveCount());
      int dropped = Bits.count(drop, 0, since.ordinalCount());
      assertThat(compact.ordinalCount()).isEqualTo(table.ordinalCount() - dropped);
      long[] dead = compact.deadBits();
      assertThat(compact.ordinalCount() - Bits.count(dead, 0, compact.ordinalCount()))
          .isEqualTo(compact.liveCount());
      // And both go on alike.
      for (int i = 0; i < 20; i++) {
        Change next = change(random, 1000 + i);
        apply(table, next);
        apply(compact, next);
      }
      assertThat(entries(compact)).isEqualTo(entries(table));
    }
  }

  /** For want of memory for another table. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 500})
  void movingUpInItselfKeepsTheLivingInOrder(int meanwhile) {
    Random random = new Random(meanwhile);
    Table twin = new Table(1, Metric.L2, HeapArena.SCALAR);
    for (int round = 0; round < 300; round++) {
      int before = random.nextInt(200);
      for (int i = 0; i < before; i++) {
        Change change = change(random, i);
        apply(table, change);
        apply(twin, change);
      }
      long[] drop = table.deadBits();
      for (int i = 0; i < drop.length; i++) {
        drop[i] &= round % 3 == 0 ? -1 : random.nextLong(); // Not all of them.
      }
      int dropped = Bits.count(drop, 0, table.ordinalCount());
      for (int i = 0; i < meanwhile; i++) {
        Change change = change(random, -i);
        apply(table, change);
        apply(twin, change);
      }
      int count = table.ordinalCount();
      List<Object> entries = entries(table);
      table.moveUp(Arrays.copyOf(drop, Bits.words(count)));
      assertThat(entries(table)).isEqualTo(entries).isEqualTo(entries(twin));
      assertThat(table.ordinalCount()).isEqualTo(count - dropped);
      long[] dead = table.deadBits();
      assertThat(table.ordinalCount() - Bits.count(dead, 0, table.ordinalCount()))
          .isEqualTo(table.liveCount());
      for (int i = 0; i < 70; i++) {
        Change change = change(random, 1000 + i);
        apply(table, change);
        apply(twin, change);
      }
      assertThat(entries(table)).isEqualTo(entries(twin));
    }
  }
}
