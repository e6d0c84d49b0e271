package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.edgevec.Metric;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries that share a vector, and vectors that are equally near. */
final class EqualVectorsTest {

  private static final int M = 8;

  private final SplitMix64 random = new SplitMix64(20261130);

  private float[] vector(int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (random.nextLong() >>> 40) / (float) (1 << 23) - 1;
    }
    return vector;
  }

  private float[][] vectors(int count, int dimension) {
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      vectors[i] = vector(dimension);
    }
    return vectors;
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void ofEqualVectorsAsManyAreFoundAsAreAskedForTheEarliestFirst(Metric metric) {
    Store store = new Store(8, metric);
    float[] same = vector(8);
    store.add(same, 5000);
    store.index();
    assertThat(store.nodes()).isEqualTo(1);
    assertThat(store.graph.linkedCount()).isEqualTo(5000);
    for (int k : new int[] {1, 10, 100, 150}) {
      assertThat(ordinals(store.walk(same, k, 100))).isEqualTo(range(0, k, 1));
    }
    // The node, and every other one of its copies.
    for (int ordinal = 0; ordinal < 1000; ordinal += 2) {
      store.delete(ordinal);
    }
    assertThat(ordinals(store.walk(same, 100, 100))).isEqualTo(range(1, 100, 2));
    store.index();
    assertThat(ordinals(store.walk(same, 100, 100))).isEqualTo(range(1, 100, 2));
    store.add(same, 1);
    for (int ordinal = 0; ordinal < 5000; ordinal++) {
      store.delete(ordinal);
    }
    assertThat(ordinals(store.walk(same, 100, 100))).containsExactly(5000);
    store.index();
    assertThat(ordinals(store.walk(same, 100, 100))).containsExactly(5000);
    assertThat(store.graph.linkedCount()).isEqualTo(1);
  }

  /** A walk that keeps so many nodes sees as many different vectors. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void copiesDoNotHideOtherVectors(Metric metric) {
    for (int copies : new int[] {2, 10, 50}) {
      Store store = new Store(16, metric);
      float[][] base = vectors(4000 / copies, 16);
      for (int i = 0; i < 4000; i++) {
        // The last ones in a row, the others mixed.
        store.add(i < 2000 ? base[i % base.length] : base[i * base.length / 4000], 1);
      }
      store.index();
      assertThat(store.nodes()).isLessThanOrEqualTo(base.length);
      assertThat(store.recall(100, 10, 100)).as(copies + " copies").isGreaterThanOrEqualTo(0.99);
      store.checkLinks();
    }
  }

  /** It takes over the level and the links, and what named the dead one names it. */
  @Test
  void aDeadNodeIsInheritedByItsFirstLiveCopy() {
    Store store = new Store(8, Metric.L2);
    float[][] base = vectors(1000, 8);
    for (float[] vector : base) {
      store.add(vector, 3);
    }
    store.index();
    int top = store.graph.maxLevel();
    List<List<Integer>> before = store.lists(0);
    for (int i = 0; i < 1000; i++) {
      store.delete(3 * i);
      if (i % 2 == 0) {
        store.delete(3 * i + 1);
      }
    }
    assertThat(store.recall(100, 10, 50)).isGreaterThan(0.99);
    store.index();
    assertThat(store.graph.maxLevel()).isEqualTo(top);
    assertThat(store.graph.linkedCount()).isEqualTo(store.live).isEqualTo(1500);
    assertThat(store.nodes()).isEqualTo(1000);
    for (int i = 0; i < 1000; i++) {
      int heir = 3 * i + (i % 2 == 0 ? 2 : 1);
      assertThat(store.graph.level(heir)).isGreaterThanOrEqualTo(0);
      assertThat(store.graph.level(3 * i)).isEqualTo(HnswGraph.ABSENT);
      List<Integer> named = new ArrayList<>();
      before.get(3 * i).forEach(old -> named.add(old + (old / 3 % 2 == 0 ? 2 : 1)));
      assertThat(store.lists(0).get(heir)).isEqualTo(named);
      i += 99;
    }
    store.checkLinks();
    assertThat(store.recall(100, 10, 50)).isGreaterThan(0.99);
  }

  @Test
  void theSameVectorsPutAgainForEverDoNotPileUp() {
    Store store = new Store(4, Metric.COSINE);
    float[][] base = vectors(500, 4);
    int[] last = new int[500];
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 500; i++) {
        if (round > 0) {
          store.delete(last[i]);
        }
        last[i] = store.count;
        store.add(base[i], 1);
        if (i % 100 == 0) {
          store.index();
        }
      }
      assertThat(store.graph.linkedCount()).isLessThan(1200);
      store.compact(last);
      assertThat(store.count).isLessThan(1200);
    }
    store.index();
    store.checkLinks();
    assertThat(store.recall(100, 10, 20)).isGreaterThan(0.99);
  }

  /** Those at the beginning of a chain are taken out of it when others come, without a purge. */
  @Test
  void searchesDoNotGoThroughThousandsOfDeadCopies() {
    Store store = new Store(8, Metric.L2);
    for (float[] vector : vectors(20_000, 8)) {
      store.add(vector, 1);
    }
    float[] beat = vector(8);
    for (int i = 0; i < 3000; i++) {
      if (i > 0) {
        store.delete(store.count - 1);
      }
      store.add(beat, 1);
      store.index();
    }
    // The node, which others lead to, and the last.
    assertThat(store.graph.linkedCount()).isEqualTo(20_002);
    assertThat(ordinals(store.walk(beat, 1, 50))).containsExactly(store.count - 1);
  }

  /** Random puts of few vectors, deletes, steps and renumbering, against scoring everything. */
  @Test
  void copiesAgreeWithScoringEverything() {
    for (long seed = 1; seed <= 12; seed++) {
      SplitMix64 choice = new SplitMix64(seed);
      Store store = new Store(3, Metric.values()[(int) (seed % 3)]);
      float[][] base = vectors(2 + choice.nextInt(200), 3);
      int misses = 0;
      int searches = 0;
      for (int step = 0; step < 4000; step++) {
        int what = choice.nextInt(100);
        if (what < 60) {
          store.add(base[choice.nextInt(base.length)], 1);
        } else if (what < 88 && store.count > 0) {
          store.delete(choice.nextInt(store.count));
        } else if (what < 93) {
          store.steps(choice.nextInt(200));
        } else if (what < 94) {
          store.compact(new int[0]);
        } else if (store.live > 0) {
          float[] query = what < 97 ? vector(3) : base[choice.nextInt(base.length)];
          int k = 1 + choice.nextInt(30);
          long[] exact = store.scan(query, k);
          long[] found = store.walk(query, k, 1 + choice.nextInt(40));
          assertThat(found).as("seed %d", seed).hasSize(Math.min(k, store.live));
          assertThat(Arrays.stream(found).distinct().count()).isEqualTo(found.length);
          store.checkHits(query, found);
          searches++;
          misses += Arrays.equals(found, exact) ? 0 : 1;
        }
      }
      store.steps(Integer.MAX_VALUE);
      store.checkLinks();
      assertThat(misses).as("seed %d of %d", seed, searches).isLessThanOrEqualTo(searches / 20);
    }
  }

  /**
   * Where all are equally near, the first ordinals are not the neighbors of all: every node is led
   * to, on every level.
   */
  @Test
  void whatIsEquallyNearIsLedTo() {
    Store oneHot = new Store(400, Metric.COSINE);
    for (int i = 0; i < 400; i++) {
      float[] vector = new float[400];
      vector[i] = 1;
      oneHot.add(vector, 1);
    }
    oneHot.index();
    assertThat(oneHot.reached()).isEqualTo(400);
    for (int i = 0; i < 400; i++) {
      long[] found = oneHot.walk(oneHot.arena.get(i), 1, 10);
      assertThat(ordinals(found)).containsExactly(i);
    }

    Store grid = new Store(2, Metric.L2);
    for (int i = 0; i < 6400; i++) {
      grid.add(new float[] {i % 80, i / 80}, 1);
    }
    grid.index();
    assertThat(grid.reached()).isEqualTo(6400);
    assertThat(grid.selfFound(50)).isGreaterThanOrEqualTo(0.995);

    Store oneDirection = new Store(6, Metric.COSINE);
    float[] direction = vector(6);
    for (int i = 0; i < 4000; i++) {
      float[] vector = vector(6);
      for (int j = 0; i % 2 == 0 && j < 6; j++) {
        vector[j] = direction[j] * (1 + i);
      }
      oneDirection.add(vector, 1);
    }
    oneDirection.index();
    assertThat(oneDirection.reached()).isGreaterThanOrEqualTo(3990);
    assertThat(oneDirection.selfFound(100)).isGreaterThanOrEqualTo(0.995);
    assertThat(oneDirection.recall(100, 10, 100)).isGreaterThanOrEqualTo(0.98);
  }

  private static int[] range(int from, int count, int step) {
    int[] range = new int[count];
    for (int i = 0; i < count; i++) {
      range[i] = from + step * i;
    }
    return range;
  }

  private static int[] ordinals(long[] packed) {
    return Arrays.stream(packed).mapToInt(Candidate::ordinal).toArray();
  }

  /** Vectors, a graph over them, and what is dead. */
  private final class Store {
    final int dimension;
    final Metric metric;
    VectorArena arena;
    HnswGraph graph = new HnswGraph(M);
    GraphMaintenance maintenance;
    long[] dead = new long[0];
    int count;
    int live;

    Store(int dimension, Metric metric) {
      this.dimension = dimension;
      this.metric = metric;
      arena = HeapArena.SCALAR.create(dimension, metric);
      maintenance = new GraphMaintenance(graph, arena, 100);
    }

    void add(float[] vector, int times) {
      byte[] bytes = new byte[4 * dimension];
      LittleEndian.putFloats(vector, 0, bytes, 0, dimension);
      arena.reserve(count + times);
      for (int i = 0; i < times; i++) {
        arena.read(count, 0, bytes, 0, dimension);
        arena.settle(count++);
        live++;
      }
      dead = Arrays.copyOf(dead, Bits.words(count));
    }

    void delete(int ordinal) {
      if (!Bits.get(dead, ordinal)) {
        dead = dead.clone();
        Bits.set(dead, ordinal);
        live--;
      }
    }

    void index() {
      steps(Integer.MAX_VALUE);
      assertThat(graph.size()).isEqualTo(count);
    }

    void steps(int max) {
      for (int i = 0; i < max && maintenance.plan(count, dead); i++) {
        maintenance.apply();
      }
    }

    /** Leaves out what is dead and no node, as a checkpoint does. */
    void compact(int[] moving) {
      long[] drop = dead.clone();
      for (int ordinal = 0; ordinal < Math.min(count, graph.size()); ordinal++) {
        if (graph.level(ordinal) >= 0) {
          Bits.clear(drop, ordinal);
        }
      }
      VectorArena before = arena;
      long[] deadBefore = dead;
      int[] moved = new int[count];
      int countBefore = count;
      arena = HeapArena.SCALAR.create(dimension, metric);
      dead = new long[0];
      count = 0;
      live = 0;
      for (int ordinal = 0; ordinal < countBefore; ordinal++) {
        moved[ordinal] = count;
        if (!Bits.get(drop, ordinal)) {
          add(before.get(ordinal), 1);
          if (Bits.get(deadBefore, ordinal)) {
            delete(count - 1);
          }
        }
      }
      for (int i = 0; i < moving.length; i++) {
        moving[i] = moved[moving[i]];
      }
      int linked = graph.linkedCount();
      graph = graph.without(drop);
      assertThat(graph.linkedCount()).isLessThanOrEqualTo(linked);
      maintenance = new GraphMaintenance(graph, arena, 100);
    }

    long[] walk(float[] query, int k, int ef) {
      return new SearchedGraph(arena, graph).nearest(query, k, ef, false, dead, count, live);
    }

    long[] scan(float[] query, int k) {
      return new SearchedGraph(arena, graph).nearest(query, k, 1, true, dead, count, live);
    }

    void checkHits(float[] query, long[] found) {
      var scorer = arena.scorer();
      scorer.query(query);
      for (int i = 0; i < found.length; i++) {
        int ordinal = Candidate.ordinal(found[i]);
        assertThat(Bits.get(dead, ordinal)).isFalse();
        assertThat(found[i]).isEqualTo(Candidate.pack(scorer.nearness(ordinal), ordinal));
        assertThat(i == 0 || found[i - 1] > found[i]).isTrue();
      }
    }

    double recall(int queries, int k, int ef) {
      int found = 0;
      for (int i = 0; i < queries; i++) {
        float[] query = vector(dimension);
        float worst = Candidate.nearness(scan(query, k)[k - 1]);
        for (long hit : walk(query, k, ef)) {
          found += Candidate.nearness(hit) >= worst ? 1 : 0;
        }
      }
      return found / (double) (queries * k);
    }

    double selfFound(int ef) {
      int found = 0;
      int asked = 0;
      for (int ordinal = 0; ordinal < count; ordinal += 7) {
        float[] query = arena.get(ordinal);
        float best = Candidate.nearness(scan(query, 1)[0]);
        found += Candidate.nearness(walk(query, 1, ef)[0]) == best ? 1 : 0;
        asked++;
      }
      return found / (double) asked;
    }

    int nodes() {
      int nodes = 0;
      for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
        nodes += graph.level(ordinal) >= 0 ? 1 : 0;
      }
      return nodes;
    }

    List<List<Integer>> lists(int level) {
      List<List<Integer>> lists = new ArrayList<>();
      for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
        List<Integer> list = new ArrayList<>();
        if (graph.level(ordinal) >= level) {
          int start = graph.start(ordinal, level);
          for (int i = 1; i <= graph.neighbors(ordinal, level)[start]; i++) {
            list.add(graph.neighbors(ordinal, level)[start + i]);
          }
        }
        lists.add(list);
      }
      return lists;
    }

    /** How many nodes links lead to on level 0, from the entry point. */
    int reached() {
      List<List<Integer>> lists = lists(0);
      BitSet seen = new BitSet();
      List<Integer> queue = new ArrayList<>(List.of(graph.entryPoint()));
      seen.set(graph.entryPoint());
      for (int i = 0; i < queue.size(); i++) {
        for (int neighbor : lists.get(queue.get(i))) {
          if (!seen.get(neighbor)) {
            seen.set(neighbor);
            queue.add(neighbor);
          }
        }
      }
      return queue.size();
    }

    /** Lists name nodes, once; a chain ascends, and every copy is in the chain of one node. */
    void checkLinks() {
      for (int level = 0; level <= graph.maxLevel(); level++) {
        List<List<Integer>> lists = lists(level);
        for (int ordinal = 0; ordinal < lists.size(); ordinal++) {
          assertThat(lists.get(ordinal)).doesNotHaveDuplicates().doesNotContain(ordinal);
          for (int neighbor : lists.get(ordinal)) {
            assertThat(graph.level(neighbor)).isGreaterThanOrEqualTo(level);
          }
        }
      }
      int linked = 0;
      BitSet inChain = new BitSet();
      for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
        int level = graph.level(ordinal);
        linked += level == HnswGraph.ABSENT ? 0 : 1;
        assertThat(level != HnswGraph.ABSENT || Bits.get(dead, ordinal)).isTrue();
        int before = ordinal;
        int copy = level >= 0 ? graph.copies().next(ordinal) : Copies.NONE;
        for (; copy != Copies.NONE; copy = graph.copies().next(copy)) {
          assertThat(copy).isGreaterThan(before);
          assertThat(graph.level(copy)).isEqualTo(HnswGraph.COPY);
          assertThat(inChain.get(copy)).isFalse();
          assertThat(arena.isEqual(copy, arena.get(ordinal))).isTrue();
          inChain.set(copy);
          before = copy;
        }
      }
      assertThat(linked).isEqualTo(graph.linkedCount());
      assertThat(linked - nodes()).isEqualTo(inChain.cardinality());
    }
  }
}
