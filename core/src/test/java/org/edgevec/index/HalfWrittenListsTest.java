package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.edgevec.Metric;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.ScalarKernel;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Searches that meet the graph's writer between any two of its stores. What they may see is made
 * here one by one: of the slots that a step changes some hold what they held before and some what
 * they hold afterwards, whichever these are, since a processor may make stores visible in any
 * order.
 */
@Timeout(120)
final class HalfWrittenListsTest {

  private static final int DIMENSION = 3;
  private static final int K = 3;
  private static final int EF_CONSTRUCTION = 20;

  /** Up to so many changed slots of a list, every choice among them is tried. */
  private static final int MANY_SLOTS = 6;

  private final SplitMix64 random = new SplitMix64(20261130);
  private final VectorArena arena = new HeapArena(DIMENSION, Metric.L2, new ScalarKernel());
  private long[] dead = new long[0];
  private int count;
  private int live;
  private int states;

  /** A slot whose number a step changes. */
  private record Store(int[] list, int at, int before, int after) {}

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 16})
  void everyStateCanBeSearched(int m) {
    HnswGraph graph = new HnswGraph(m);
    add(200);
    link(graph, 120);
    stopWhileLinking(graph);
    assertThat(graph.size()).isEqualTo(count);
    // What is taken out must not be met by those that come to stand in its place.
    deleteEvery(3);
    stopWhilePurging(graph);
    add(40);
    stopWhileLinking(graph);
    deleteEvery(2);
    stopWhilePurging(graph);
    System.out.println("states searched for m = " + m + ": " + states);
    assertThat(states).isGreaterThan(10_000);
  }

  private void stopWhileLinking(HnswGraph graph) {
    GraphPatch patch = new GraphPatch();
    GraphInsertion insertion = new GraphInsertion(graph, arena, EF_CONSTRUCTION, patch);
    while (graph.size() < count) {
      if (Bits.get(dead, graph.size())) {
        graph.add(HnswGraph.ABSENT);
      } else {
        insertion.plan();
        List<int[]> lists = lists(graph);
        List<int[]> before = copies(lists);
        patch.write(graph);
        searchStates(graph, lists, before);
        graph.commit();
        checkSlots(graph);
      }
    }
  }

  private void stopWhilePurging(HnswGraph graph) {
    GraphPatch patch = new GraphPatch();
    GraphPurge purge = new GraphPurge(graph, arena, dead, patch);
    while (purge.plan()) {
      List<int[]> lists = lists(graph);
      List<int[]> before = copies(lists);
      patch.write(graph);
      searchStates(graph, lists, before);
    }
    purge.finish();
    checkSlots(graph);
  }

  /** The arrays that readers can reach. */
  private static List<int[]> lists(HnswGraph graph) {
    Set<int[]> distinct = new HashSet<>(); // By identity, as arrays are compared.
    List<int[]> result = new ArrayList<>();
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      for (int level = 0; level <= graph.level(ordinal); level++) {
        int[] list = graph.neighbors(ordinal, level);
        if (distinct.add(list)) {
          result.add(list);
        }
      }
    }
    return result;
  }

  private static List<int[]> copies(List<int[]> lists) {
    return lists.stream().map(int[]::clone).toList();
  }

  /** Searches while some of the stores from one state of the lists to the present are visible. */
  private void searchStates(HnswGraph graph, List<int[]> lists, List<int[]> before) {
    List<Store> stores = new ArrayList<>();
    for (int i = 0; i < lists.size(); i++) {
      for (int at = 0; at < before.get(i).length; at++) {
        if (lists.get(i)[at] != before.get(i)[at]) {
          stores.add(new Store(lists.get(i), at, before.get(i)[at], lists.get(i)[at]));
        }
      }
    }
    for (int seen = 0; seen < stores.size(); seen++) {
      // So far in this order, or in the other one, or one alone, or all but one.
      for (int i = 0; i < stores.size(); i++) {
        show(stores.get(i), i < seen);
      }
      search(graph);
      for (int i = 0; i < stores.size(); i++) {
        show(stores.get(i), i > seen);
      }
      search(graph);
      for (int i = 0; i < stores.size(); i++) {
        show(stores.get(i), i == seen);
      }
      search(graph);
      for (int i = 0; i < stores.size(); i++) {
        show(stores.get(i), i != seen);
      }
      search(graph);
    }
    for (int from = 0; from < stores.size(); from += MANY_SLOTS) {
      List<Store> some = stores.subList(from, Math.min(stores.size(), from + MANY_SLOTS));
      for (int choice = 0; choice < 1 << some.size(); choice++) {
        for (int i = 0; i < some.size(); i++) {
          show(some.get(i), (choice >>> i & 1) != 0);
        }
        search(graph);
      }
    }
    stores.forEach(store -> show(store, true));
  }

  private static void show(Store store, boolean isSeen) {
    store.list[store.at] = isSeen ? store.after : store.before;
  }

  private void search(HnswGraph graph) {
    states++;
    float[] query = new float[DIMENSION];
    fill(query);
    long[] found = new SearchedGraph(arena, graph).nearest(query, K, K, false, dead, count, live);
    assertThat(found).doesNotHaveDuplicates();
    for (long candidate : found) {
      assertThat(Bits.get(dead, Candidate.ordinal(candidate))).isFalse();
    }
  }

  /** What the class promises of every slot, whether the count reaches it or not. */
  private static void checkSlots(HnswGraph graph) {
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      for (int level = 0; level <= graph.level(ordinal); level++) {
        int[] list = graph.neighbors(ordinal, level);
        int start = graph.start(ordinal, level);
        assertThat(list[start]).isBetween(0, graph.maxNeighbors(level));
        for (int i = 1; i <= graph.maxNeighbors(level); i++) {
          if (i > list[start]) {
            assertThat(list[start + i]).as("a free slot of %s", ordinal).isEqualTo(ordinal);
          } else {
            assertThat(graph.level(list[start + i])).isGreaterThanOrEqualTo(level);
          }
        }
      }
    }
  }

  /** What chance alone hits: threads that search while one links and takes out. */
  @Test
  void searchersBesideLinkingAndPurgingMeetNothingElse() throws Exception {
    HnswGraph graph = new HnswGraph(2);
    ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    SearchedGraph index = new SearchedGraph(arena, graph);
    add(1000);
    link(graph, 100);
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int round = 0; round < 6; round++) {
                maintain(graph, lock);
                lock.writeLock().lock();
                try {
                  deleteEvery(2);
                  add(500);
                } finally {
                  lock.writeLock().unlock();
                }
              }
            },
            task -> new Thread(task).start());
    int searches = 0;
    while (!writer.isDone()) {
      lock.readLock().lock();
      try {
        float[] query = arena.get((int) ((searches * 7919L) % count));
        assertThat(index.nearest(query, K, K, false, dead, count, live))
            .hasSizeLessThanOrEqualTo(K);
        searches++;
      } finally {
        lock.readLock().unlock();
      }
    }
    writer.get();
    assertThat(searches).isPositive();
    checkSlots(graph);
  }

  private void maintain(HnswGraph graph, ReentrantReadWriteLock lock) {
    GraphMaintenance maintenance = new GraphMaintenance(graph, arena, EF_CONSTRUCTION);
    while (maintenance.plan(count, dead)) {
      if (maintenance.isExclusive()) {
        lock.writeLock().lock();
        try {
          maintenance.apply();
        } finally {
          lock.writeLock().unlock();
        }
      } else {
        maintenance.apply();
      }
    }
  }

  private void link(HnswGraph graph, int ordinalCount) {
    GraphMaintenance maintenance = new GraphMaintenance(graph, arena, EF_CONSTRUCTION);
    while (maintenance.plan(ordinalCount, dead)) {
      maintenance.apply();
    }
  }

  private void add(int more) {
    arena.reserve(count + more);
    float[] vector = new float[DIMENSION];
    byte[] bytes = new byte[4 * DIMENSION];
    for (int i = 0; i < more; i++) {
      fill(vector);
      LittleEndian.putFloats(vector, 0, bytes, 0, DIMENSION);
      arena.read(count, 0, bytes, 0, DIMENSION);
      arena.settle(count++);
      live++;
    }
    dead = Arrays.copyOf(dead, Bits.words(count));
  }

  private void deleteEvery(int distance) {
    long[] more = dead.clone();
    for (int ordinal = 1; ordinal < count; ordinal += distance) {
      live -= Bits.get(more, ordinal) ? 0 : 1;
      Bits.set(more, ordinal);
    }
    dead = more;
  }

  private void fill(float[] vector) {
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (random.nextLong() >>> 40) / (float) (1 << 23);
    }
  }
}
