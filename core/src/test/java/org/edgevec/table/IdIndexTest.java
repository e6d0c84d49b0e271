package org.edgevec.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids are found, and no others, whatever is put and taken out in whatever order. */
final class IdIndexTest {

  /** Few ids, which come again and again; many, so that it grows. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40, 64, 65, 1000, 20_000})
  void answersAsAMapDoes(int differentIds) {
    Random random = new Random(differentIds);
    IdIndex index = new IdIndex();
    Map<String, Integer> model = new HashMap<>();
    String[] ids = new String[60_000];
    for (int ordinal = 0; ordinal < ids.length; ordinal++) {
      String id = idOf(random.nextInt(differentIds));
      if (random.nextInt(3) == 0) {
        Integer expected = model.remove(id);
        assertThat(index.remove(id, ids)).isEqualTo(expected == null ? -1 : expected);
      }
      ids[ordinal] = idOf(random.nextInt(differentIds));
      index.reserve(1, ids);
      Integer expected = model.put(ids[ordinal], ordinal);
      assertThat(index.put(ids[ordinal], ordinal, ids)).isEqualTo(expected == null ? -1 : expected);
      assertThat(index.size()).isEqualTo(model.size());
      if (ordinal % 5000 == 0) {
        expectSame(index, model, ids, differentIds);
      }
    }
    expectSame(index, model, ids, differentIds);
    index.clear();
    expectSame(index, Map.of(), ids, differentIds);
  }

  private static void expectSame(
      IdIndex index, Map<String, Integer> model, String[] ids, int differentIds) {
    for (int i = 0; i < differentIds; i++) {
      assertThat(index.get(idOf(i), ids)).isEqualTo(model.getOrDefault(idOf(i), -1));
    }
    assertThat(index.size()).isEqualTo(model.size());
  }

  /** Numbers, and texts that a string's own hash code cannot tell apart. */
  private static String idOf(int number) {
    return number % 2 == 0 ? "id" + number : colliding(number);
  }

  /** "Aa" and "BB" have the same hash code, and so has all that is made of them. */
  private static String colliding(int number) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < 16; bit++) {
      text.append((number >>> bit & 1) == 0 ? "Aa" : "BB");
    }
    return text.toString();
  }

  @Test
  void thereIsRoomForWhatWasReserved() {
    String[] ids = new String[10_000];
    for (int more : new int[] {1, 63, 64, 65, 127, 128, 129, 5000}) {
      IdIndex index = new IdIndex();
      index.reserve(more, ids);
      for (int i = 0; i < more; i++) {
        assertThat(index.hasRoomFor(more - i)).as("%d of %d", i, more).isTrue();
        ids[i] = "id" + i;
        index.put(ids[i], i, ids);
      }
      assertThat(index.size()).isEqualTo(more);
    }
  }

  /** The places of ids whose strings' hash codes are all the same differ as those of any do. */
  @Test
  void nobodyCanChooseIdsThatCollide() {
    String[] ids = new String[1 << 15];
    String[] colliding = new String[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = colliding(i).replace('a', (char) ('a' + i % 26));
      colliding[i] = colliding(i);
    }
    assertThat(colliding[0].hashCode()).isEqualTo(colliding[ids.length - 1].hashCode());
    timeOfFilling(ids); // Compiled by then.
    long any = timeOfFilling(ids);
    // A list of so many would take thousands of times as long.
    assertThat(timeOfFilling(colliding)).isLessThan(100 * any);
  }

  private static long timeOfFilling(String[] ids) {
    IdIndex index = new IdIndex();
    index.reserve(ids.length, ids);
    long start = System.nanoTime();
    for (int i = 0; i < ids.length; i++) {
      index.put(ids[i], i, ids);
    }
    return System.nanoTime() - start;
  }
}
