package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.edgevec.FailingArenas;
import org.edgevec.Metric;
import org.edgevec.Platform;
import org.edgevec.bytes.Bits;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Linking by several threads: the same recall, the same rules, and no chance in it. */
@Timeout(120)
final class GraphRoundTest {

  private static final int DIMENSION = 16;
  private static final int COUNT = 6000;
  private static final int M = 8;
  private static final int EF_CONSTRUCTION = 60;
  private static final int K = 10;

  /** What comes one after the other. */
  private enum Order {
    CLUSTERS,
    SORTED,
    SAME_TEN_TIMES,
    DRIFT,
    /** So near each other and so few that some have no node above by chance. */
    GROUPS
  }

  private VectorArena.Factory arenas = HeapArena.SCALAR;

  /** A platform with threads, as many as are asked for. */
  private static final class Threads implements Platform {
    private int calls;

    @Override
    public void runParallel(Work work, int threads) {
      calls++;
      List<CompletableFuture<Void>> others = new ArrayList<>();
      for (int i = 1; i < threads; i++) {
        others.add(CompletableFuture.runAsync(work::run, task -> new Thread(task).start()));
      }
      try {
        work.run();
      } finally {
        others.forEach(Threads::await);
      }
    }

    private static void await(CompletableFuture<Void> other) {
      try {
        other.join();
      } catch (CompletionException e) {
        throw (RuntimeException) e.getCause();
      }
    }

    @Override
    public long currentTimeMillis() {
      return 0;
    }

    @Override
    public long randomLong() {
      return 0;
    }

    @Override
    public boolean schedule(Runnable task, long delayMillis) {
      return false;
    }
  }

  private static float[][] vectors(Order order, int count, long seed) {
    Random random = new Random(seed);
    Random centers = new Random(7);
    float[][] around = new float[60][DIMENSION];
    for (float[] center : around) {
      for (int i = 0; i < DIMENSION; i++) {
        center[i] = centers.nextFloat();
      }
    }
    float[][] vectors = new float[count][DIMENSION];
    for (int at = 0; at < count; at++) {
      int center =
          order == Order.SORTED ? at * around.length / count : random.nextInt(around.length);
      for (int i = 0; i < DIMENSION; i++) {
        float drift = order == Order.DRIFT ? at / 1000f : 0;
        vectors[at][i] = around[center][i] + 0.2f * (float) random.nextGaussian() + drift;
      }
      if (order == Order.SAME_TEN_TIMES && at % 10 != 0) {
        vectors[at] = vectors[at - 1];
      }
      if (order == Order.GROUPS) {
        vectors[at] = inGroup(at / 20, random);
      }
    }
    return vectors;
  }

  private static float[] inGroup(int group, Random random) {
    Random center = new Random(group);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = center.nextFloat() + 0.001f * (float) random.nextGaussian();
    }
    return vector;
  }

  private VectorArena arena(float[][] vectors) {
    VectorArena arena = arenas.create(DIMENSION, Metric.L2);
    arena.reserve(vectors.length);
    byte[] bytes = new byte[4 * DIMENSION];
    for (int ordinal = 0; ordinal < vectors.length; ordinal++) {
      LittleEndian.putFloats(vectors[ordinal], 0, bytes, 0, DIMENSION);
      arena.read(ordinal, 0, bytes, 0, DIMENSION);
      arena.settle(ordinal);
    }
    return arena;
  }

  private static HnswGraph linked(VectorArena arena, int count, Platform platform, int threads) {
    HnswGraph graph = new HnswGraph(M);
    long[] dead = new long[Bits.words(count)];
    GraphMaintenance maintenance =
        new GraphMaintenance(graph, arena, EF_CONSTRUCTION, platform, threads);
    while (maintenance.plan(count, dead)) {
      maintenance.apply();
    }
    assertThat(graph.size()).isEqualTo(count);
    return graph;
  }

  private static double recall(
      VectorArena arena, HnswGraph graph, int count, int ef, float[][] queries) {
    SearchedGraph index = new SearchedGraph(arena, graph);
    long[] dead = new long[Bits.words(count)];
    int found = 0;
    for (float[] query : queries) {
      long[] exact = index.nearest(query, K, ef, true, dead, count, count);
      for (long candidate : index.nearest(query, K, ef, false, dead, count, count)) {
        found += Candidate.nearness(candidate) >= Candidate.nearness(exact[K - 1]) ? 1 : 0;
      }
    }
    return found / (double) (queries.length * K);
  }

  @ParameterizedTest
  @EnumSource
  void recallIsThatOfOneThread(Order order) {
    float[][] vectors = vectors(order, COUNT, 1);
    VectorArena arena = arena(vectors);
    HnswGraph one = linked(arena, COUNT, new Threads(), 1);
    HnswGraph several = linked(arena, COUNT, new Threads(), 3);
    checkLinks(several);
    float[][] queries = vectors(order, 500, 2);
    for (int ef : new int[] {10, 20, 60}) {
      double expected = recall(arena, one, COUNT, ef, queries);
      double actual = recall(arena, several, COUNT, ef, queries);
      System.out.println(order + ", ef " + ef + ": one thread " + expected + ", several " + actual);
      assertThat(actual).isGreaterThan(expected - 0.01);
    }
  }

  /** Which thread works what out is chance; what comes of it is not, here where no codes are. */
  @Test
  void theSameGraphComesOfItHoweverManyThreadsThereAre() {
    VectorArena arena = arena(vectors(Order.CLUSTERS, COUNT, 1));
    Threads platform = new Threads();
    int[] expected = content(linked(arena, COUNT, platform, 2));
    assertThat(platform.calls).as("rounds").isGreaterThan(100);
    assertThat(content(linked(arena, COUNT, platform, 2))).isEqualTo(expected);
    assertThat(content(linked(arena, COUNT, platform, 5))).isEqualTo(expected);
    assertThat(content(linked(arena, COUNT, Platform.inline(), 4))).isEqualTo(expected);
    assertThat(content(linked(arena, COUNT, platform, 1))).isNotEqualTo(expected);
  }

  /** Deletions find a round planned, and taking the dead out does, too. */
  @Test
  void whatDiesBetweenPlanningAndItsTurnIsNotLinked() {
    VectorArena arena = arena(vectors(Order.SORTED, COUNT, 1));
    HnswGraph graph = new HnswGraph(M);
    GraphMaintenance maintenance =
        new GraphMaintenance(graph, arena, EF_CONSTRUCTION, new Threads(), 3);
    Random random = new Random(3);
    long[] dead = new long[Bits.words(COUNT)];
    int deaths = 0;
    while (maintenance.plan(COUNT, dead)) {
      maintenance.apply();
      if (graph.size() > 4000 && graph.size() % 3 == 0) {
        dead = dead.clone();
        // Of those that come next, and of those that they are linked to.
        Bits.set(dead, Math.min(COUNT - 1, graph.size() + random.nextInt(8)));
        Bits.set(dead, random.nextInt(graph.size()));
        deaths++;
      }
    }
    assertThat(deaths).isGreaterThan(500);
    checkLinks(graph);
    for (int ordinal = 4000; ordinal < COUNT; ordinal++) {
      assertThat(graph.level(ordinal) >= 0 || Bits.get(dead, ordinal)).isTrue();
    }
  }

  /** In whichever thread: who begins anew finds a whole graph. */
  @Test
  void aRoundThatFailsLeavesAWholeGraph() {
    FailingArenas failing = new FailingArenas();
    arenas = failing;
    VectorArena arena = arena(vectors(Order.CLUSTERS, COUNT, 1));
    HnswGraph graph = linkedTo(arena, 3000);
    for (int after = 0; after < 2000; after += 97) {
      failing.fail(
          after,
          1,
          () -> {
            throw new ArithmeticException("a defect");
          });
      assertThatThrownBy(() -> linkOn(arena, graph, 2, COUNT))
          .isInstanceOf(ArithmeticException.class);
    }
    failing.heal();
    linkOn(arena, graph, 2, COUNT);
    checkLinks(graph);
    assertThat(graph.size()).isEqualTo(COUNT);
    float[][] queries = vectors(Order.CLUSTERS, 200, 2);
    assertThat(recall(arena, graph, COUNT, 60, queries)).isGreaterThan(0.99);
  }

  private static HnswGraph linkedTo(VectorArena arena, int count) {
    HnswGraph graph = new HnswGraph(M);
    linkOn(arena, graph, 1, count);
    return graph;
  }

  private static void linkOn(VectorArena arena, HnswGraph graph, int threads, int count) {
    GraphMaintenance maintenance =
        new GraphMaintenance(graph, arena, EF_CONSTRUCTION, new Threads(), threads);
    long[] dead = new long[Bits.words(COUNT)];
    while (maintenance.plan(count, dead)) {
      maintenance.apply();
    }
  }

  /** Every list names linked nodes of its level, none twice, and not its own. */
  private static void checkLinks(HnswGraph graph) {
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      for (int level = 0; level <= graph.level(ordinal); level++) {
        int[] named = named(graph, ordinal, level);
        assertThat(Arrays.stream(named).distinct().count()).isEqualTo(named.length);
        for (int neighbor : named) {
          assertThat(neighbor).isNotEqualTo(ordinal).isLessThan(graph.size());
          assertThat(graph.level(neighbor)).isGreaterThanOrEqualTo(level);
        }
      }
    }
  }

  private static int[] named(HnswGraph graph, int ordinal, int level) {
    int[] list = graph.neighbors(ordinal, level);
    int start = graph.start(ordinal, level) + 1;
    return Arrays.copyOfRange(list, start, start + list[start - 1]);
  }

  /** All lists, one after the other. */
  private static int[] content(HnswGraph graph) {
    int[] all = new int[graph.size() * 4 * (M + 1)];
    int count = 0;
    for (int ordinal = 0; ordinal < graph.size(); ordinal++) {
      for (int level = 0; level <= graph.level(ordinal); level++) {
        for (int neighbor : named(graph, ordinal, level)) {
          all[count++] = neighbor;
        }
        all[count++] = -1;
      }
    }
    return Arrays.copyOf(all, count);
  }
}
