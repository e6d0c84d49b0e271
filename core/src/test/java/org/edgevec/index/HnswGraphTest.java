package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.edgevec.Metric;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.ScalarKernel;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HnswGraphTest {

  private static final int DIMENSION = 24;
  private static final int K = 10;

  private final SplitMix64 random = new SplitMix64(20261125);
  private final float[][] centers = points(60, null, 1);

  @ParameterizedTest
  @EnumSource(Metric.class)
  void findsNearlyAllOfTheTrueNearest(Metric metric) {
    Fixture fixture = new Fixture(metric, 8, 100);
    fixture.add(points(4000, centers, 0.3f));
    fixture.index();
    assertThat(fixture.recall(200, 100)).isGreaterThan(0.98);
    assertThat(fixture.recall(200, 400)).isGreaterThan(0.995);
  }

  @Test
  void whatIsInTheTailIsFound() {
    Fixture fixture = new Fixture(Metric.L2, 8, 100);
    fixture.add(points(3000, centers, 0.3f));
    fixture.index();
    float[][] late = points(50, centers, 0.3f);
    fixture.add(late);
    for (int i = 0; i < late.length; i++) {
      long[] nearest = fixture.nearest(late[i], 1, 50, false);
      assertThat(Candidate.ordinal(nearest[0])).isEqualTo(3000 + i);
      assertThat(Candidate.score(nearest[0], Metric.L2)).isZero();
    }
  }

  /** Every vector is in the graph or in the tail, at every moment, for one who holds no lock. */
  @Test
  void searchesBesideLinkingFindWhatIsThere() throws Exception {
    Fixture fixture = new Fixture(Metric.L2, 8, 60);
    float[][] vectors = points(12_000, centers, 0.3f);
    fixture.add(vectors);
    SearchedGraph index = new SearchedGraph(fixture.arena, fixture.graph);
    GraphMaintenance maintenance = new GraphMaintenance(fixture.graph, fixture.arena, 60);
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<int[]>> searchers = new ArrayList<>();
    for (int thread = 0; thread < 2; thread++) {
      SplitMix64 choice = new SplitMix64(thread);
      searchers.add(
          CompletableFuture.supplyAsync(
              () -> searchUntil(stop, index, choice, fixture, vectors),
              task -> new Thread(task).start()));
    }
    while (maintenance.plan(fixture.count, fixture.dead)) {
      assertThat(maintenance.isExclusive()).isFalse();
      maintenance.apply();
    }
    stop.set(true);
    for (CompletableFuture<int[]> searcher : searchers) {
      int[] searchesAndMisses = searcher.get();
      assertThat(searchesAndMisses[0]).isPositive();
      assertThat(searchesAndMisses[1])
          .as("misses of %s", searchesAndMisses[0])
          .isLessThanOrEqualTo(searchesAndMisses[0] / 100);
    }
  }

  private static int[] searchUntil(
      AtomicBoolean stop,
      SearchedGraph index,
      SplitMix64 choice,
      Fixture fixture,
      float[][] vectors) {
    int searches = 0;
    int misses = 0;
    while (!stop.get()) {
      // Those that are being linked at this moment are the interesting ones.
      int linked = fixture.graph.size();
      int ordinal =
          Math.min(vectors.length - 1, linked - 1 + (int) ((choice.nextLong() >>> 40) % 2));
      if (ordinal >= 0) {
        long[] found =
            index.nearest(
                vectors[ordinal], K, 60, false, fixture.dead, fixture.count, fixture.live);
        assertThat(found).hasSize(K);
        searches++;
        misses += Candidate.ordinal(found[0]) == ordinal ? 0 : 1;
      }
    }
    return new int[] {searches, misses};
  }

  @Test
  void theDeadAreNotFoundAndLeadOn() {
    Fixture fixture = new Fixture(Metric.L2, 8, 100);
    fixture.add(points(3000, centers, 0.3f));
    fixture.index();
    for (int ordinal = 0; ordinal < 3000; ordinal += 6) {
      fixture.delete(ordinal);
    }
    assertThat(fixture.recall(200, 200)).isGreaterThan(0.98);
    for (int i = 0; i < 100; i++) {
      for (long found : fixture.nearest(points(1, centers, 0.3f)[0], K, 100, false)) {
        assertThat(Candidate.ordinal(found) % 6).isNotZero();
      }
    }
  }

  @Test
  void recallHoldsWhenHalfOfTheVectorsAreReplacedOverAndOver() {
    Fixture churned = new Fixture(Metric.L2, 8, 100);
    churned.add(points(3000, centers, 0.3f));
    churned.index();
    for (int round = 0; round < 6; round++) {
      int first = churned.count;
      churned.add(points(500, centers, 0.3f));
      for (int i = 0, at = 0; i < 500; at++) {
        int ordinal = (int) (random.nextLong() >>> 33) % first;
        if (!Bits.get(churned.dead, ordinal)) {
          churned.delete(ordinal);
          i++;
        }
      }
      churned.index();
    }
    assertThat(churned.count - churned.graph.linkedCount()).isGreaterThan(1500);
    Fixture fresh = new Fixture(Metric.L2, 8, 100);
    for (int ordinal = 0; ordinal < churned.count; ordinal++) {
      if (!Bits.get(churned.dead, ordinal)) {
        fresh.add(new float[][] {churned.arena.get(ordinal)});
      }
    }
    fresh.index();
    double now = churned.recall(400, 60);
    double anew = fresh.recall(400, 60);
    System.out.println("recall after churn: " + now + ", built anew: " + anew);
    assertThat(now).isGreaterThan(anew - 0.01);
    checkLinks(churned.graph, churned.dead);
  }

  @Test
  void allDeletedAndOthersPutAreFound() {
    Fixture fixture = new Fixture(Metric.L2, 8, 100);
    fixture.add(points(2000, centers, 0.3f));
    fixture.index();
    for (int ordinal = 0; ordinal < 2000; ordinal++) {
      fixture.delete(ordinal);
    }
    fixture.index();
    assertThat(fixture.graph.linkedCount()).isZero();
    assertThat(fixture.nearest(centers[0], K, 100, false)).isEmpty();
    fixture.add(points(2000, centers, 0.3f));
    fixture.index();
    assertThat(fixture.graph.linkedCount()).isEqualTo(2000);
    assertThat(fixture.recall(100, 100)).isGreaterThan(0.98);
  }

  @Test
  void manyEqualVectorsDoNotCutOffTheOthers() {
    Fixture fixture = new Fixture(Metric.L2, 8, 100);
    float[] same = points(1, centers, 0.3f)[0];
    for (int i = 0; i < 1500; i++) {
      fixture.add(new float[][] {same});
    }
    fixture.add(points(3000, centers, 0.3f));
    fixture.index();
    assertThat(fixture.recall(200, 200)).isGreaterThan(0.98);
  }

  /** The contract is {@code min(k, live)} hits, whatever leads where. */
  @Test
  void aGraphThatFallsApartGivesAsManyHitsAsThereAre() {
    Fixture fixture = new Fixture(Metric.L2, 8, 100);
    fixture.add(points(4000, centers, 0.3f));
    fixture.index();
    for (int ordinal = 0; ordinal < 4000; ordinal++) {
      for (int level = 0; level <= fixture.graph.level(ordinal); level++) {
        fixture.graph.setNeighbors(ordinal, level, new int[0], 0, 0);
      }
    }
    fixture.add(points(5, centers, 0.3f));
    for (int k : new int[] {1, 10, 200}) {
      for (int deleted = 0; deleted < 300; deleted += 100) {
        long[] found = fixture.nearest(centers[0], k, 10, false);
        assertThat(found).hasSize(k);
        if (k > 6) {
          assertThat(found).isEqualTo(fixture.nearest(centers[0], k, 10, true));
        }
        for (int i = 0; i < 100; i++) {
          int ordinal = (int) (random.nextLong() >>> 33) % 4000;
          if (!Bits.get(fixture.dead, ordinal)) {
            fixture.delete(ordinal);
          }
        }
      }
    }
    int all = fixture.live;
    assertThat(fixture.nearest(centers[0], all, 10, false)).hasSize(all);
    assertThat(fixture.nearest(centers[0], all + 1, 10, false)).hasSize(all);
  }

  /** On level 0 the nearest fill a list; above, a walk would score them and find no way by them. */
  @Test
  void onlyOnLevel0ListsAreFilledWithWhatLeadsTheSameWay() {
    Fixture fixture = new Fixture(Metric.L2, 8, 100);
    fixture.add(points(4000, centers, 0.3f));
    fixture.index();
    assertThat(listLengths(fixture.graph, 0)).allMatch(length -> length >= 8);
    List<Integer> above = listLengths(fixture.graph, 1);
    assertThat(above).hasSizeGreaterThan(300).allMatch(length -> length >= 2);
    assertThat(above.stream().filter(length -> length < 8).count()).isGreaterThan(above.size() / 4);
  }

  private static List<Integer> listLengths(HnswGraph graph, int level) {
    List<Integer> result = new ArrayList<>();
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      if (graph.level(ordinal) >= level) {
        result.add(graph.neighbors(ordinal, level)[graph.start(ordinal, level)]);
      }
    }
    return result;
  }

  @Test
  void ordinalsThatMoveUpKeepTheirLinks() {
    Fixture fixture = new Fixture(Metric.L2, 8, 100);
    fixture.add(points(2000, centers, 0.3f));
    for (int ordinal = 0; ordinal < 2000; ordinal += 3) {
      fixture.delete(ordinal);
    }
    fixture.index();
    long[] drop = Arrays.copyOf(fixture.dead, fixture.dead.length);
    HnswGraph moved = fixture.graph.without(drop);
    Fixture compact = new Fixture(Metric.L2, 8, 100);
    for (int ordinal = 0; ordinal < 2000; ordinal++) {
      if (!Bits.get(drop, ordinal)) {
        compact.add(new float[][] {fixture.arena.get(ordinal)});
      }
    }
    compact.graph = moved;
    assertThat(moved.size()).isEqualTo(compact.count);
    assertThat(moved.linkedCount()).isEqualTo(fixture.graph.linkedCount());
    checkLinks(moved, compact.dead);
    assertThat(compact.recall(200, 100)).isGreaterThan(0.98);
  }

  @Test
  void oneNodeInMIsOnEachLevelMore() {
    int[] counts = new int[4];
    for (int ordinal = 0; ordinal < 1 << 18; ordinal++) {
      int level = Levels.of(ordinal, 16);
      for (int l = 0; l <= Math.min(3, level); l++) {
        counts[l]++;
      }
    }
    assertThat(counts[1]).isBetween(16_000, 16_800);
    assertThat(counts[2]).isBetween(930, 1_120);
    assertThat(counts[3]).isBetween(40, 90);
  }

  /** Every list names linked nodes of its level, none twice, and not its own. */
  private static void checkLinks(HnswGraph graph, long[] dead) {
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      assertThat(graph.level(ordinal) >= 0 || Bits.get(dead, ordinal)).isTrue();
      for (int level = 0; level <= graph.level(ordinal); level++) {
        int[] list = graph.neighbors(ordinal, level);
        int start = graph.start(ordinal, level);
        int[] named = Arrays.copyOfRange(list, start + 1, start + 1 + list[start]);
        assertThat(Arrays.stream(named).distinct().count()).isEqualTo(named.length);
        for (int neighbor : named) {
          assertThat(neighbor).isNotEqualTo(ordinal).isLessThan(graph.size());
          assertThat(graph.level(neighbor)).isGreaterThanOrEqualTo(level);
        }
      }
    }
  }

  private float[][] points(int count, float[][] around, float spread) {
    float[][] points = new float[count][DIMENSION];
    for (float[] point : points) {
      int center = around == null ? 0 : (int) (random.nextLong() >>> 33) % around.length;
      for (int i = 0; i < DIMENSION; i++) {
        float noise = (random.nextLong() >>> 40) / (float) (1 << 23) - 1;
        point[i] = spread * noise + (around == null ? 0 : around[center][i]);
      }
    }
    return points;
  }

  /** Vectors, a graph over them, and what is dead. */
  private final class Fixture {
    final Metric metric;
    final VectorArena arena;
    final int efConstruction;
    HnswGraph graph;
    long[] dead = new long[0];
    int count;
    int live;

    Fixture(Metric metric, int m, int efConstruction) {
      this.metric = metric;
      this.efConstruction = efConstruction;
      arena = new HeapArena(DIMENSION, metric, new ScalarKernel());
      graph = new HnswGraph(m);
    }

    void add(float[][] vectors) {
      arena.reserve(count + vectors.length);
      for (float[] vector : vectors) {
        byte[] bytes = new byte[4 * DIMENSION];
        LittleEndian.putFloats(vector, 0, bytes, 0, DIMENSION);
        arena.read(count, 0, bytes, 0, DIMENSION);
        arena.settle(count++);
        live++;
      }
      dead = Arrays.copyOf(dead, Bits.words(count));
    }

    void delete(int ordinal) {
      Bits.set(dead, ordinal);
      live--;
    }

    void index() {
      GraphMaintenance maintenance = new GraphMaintenance(graph, arena, efConstruction);
      while (maintenance.plan(count, dead)) {
        maintenance.apply();
      }
      assertThat(graph.size()).isEqualTo(count);
    }

    long[] nearest(float[] query, int k, int ef, boolean exact) {
      return new SearchedGraph(arena, graph).nearest(query, k, ef, exact, dead, count, live);
    }

    double recall(int queries, int ef) {
      int found = 0;
      for (float[] query : points(queries, centers, 0.3f)) {
        long[] exact = nearest(query, K, ef, true);
        long[] walked = nearest(query, K, ef, false);
        for (long candidate : walked) {
          found += Arrays.stream(exact).anyMatch(c -> c == candidate) ? 1 : 0;
        }
      }
      return found / (double) (queries * K);
    }
  }
}
