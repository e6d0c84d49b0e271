package org.edgevec.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.vector.ForwardingArena;
import org.edgevec.vector.ForwardingScorer;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What searches find where walks go by bounds that say much, little, or nothing. */
final class BoundedSearchTest {

  private static final int DIMENSION = 8;
  private static final int COUNT = 6000;
  private static final int QUERIES = 60;

  private final SplitMix64 random = new SplitMix64(5);

  /**
   * Vectors whose walkers tell more than the nearness, by as much as a function of ordinals says.
   */
  private static final class BoundedArena extends ForwardingArena {
    private final IntToDoubleFunction slack;

    BoundedArena(VectorArena inner, IntToDoubleFunction slack) {
      super(inner);
      this.slack = slack;
    }

    @Override
    public Scorer walker(Scorer scorer) {
      return new Bounds(scorer, slack);
    }
  }

  private static final class Bounds extends ForwardingScorer {
    private final IntToDoubleFunction slack;

    Bounds(Scorer exact, IntToDoubleFunction slack) {
      super(exact);
      this.slack = slack;
    }

    @Override
    public float nearness(int ordinal) {
      return (float) (inner.nearness(ordinal) + slack.applyAsDouble(ordinal));
    }

    @Override
    public void nearness(int[] ordinals, int count, float[] nearness) {
      for (int i = 0; i < count; i++) {
        nearness[i] = nearness(ordinals[i]);
      }
    }

    @Override
    public boolean isExact() {
      return false;
    }

    @Override
    public float slack(int ordinal) {
      float bound = nearness(ordinal);
      return 1.0001f * (bound - inner.nearness(ordinal)) + 2 * Math.ulp(bound);
    }
  }

  /** The same every time, for each ordinal another; between 0 and 1. */
  private static double noise(int ordinal) {
    return (new SplitMix64(ordinal).nextLong() >>> 11) * 0x1p-53;
  }

  private VectorArena filled(IntToDoubleFunction slack) {
    VectorArena arena = new BoundedArena(HeapArena.SCALAR.create(DIMENSION, Metric.L2), slack);
    arena.reserve(COUNT);
    byte[] bytes = new byte[4 * DIMENSION];
    SplitMix64 components = new SplitMix64(11);
    for (int i = 0; i < COUNT; i++) {
      LittleEndian.putFloats(vector(components), 0, bytes, 0, DIMENSION);
      arena.read(i, 0, bytes, 0, DIMENSION);
      arena.settle(i);
    }
    return arena;
  }

  private static float[] vector(SplitMix64 random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (random.nextLong() >>> 40) / (float) (1 << 24);
    }
    return vector;
  }

  private static HnswGraph linked(VectorArena arena) {
    HnswGraph graph = new HnswGraph(8);
    GraphMaintenance maintenance = new GraphMaintenance(graph, arena, 60);
    long[] none = new long[COUNT / 64 + 1];
    while (maintenance.plan(COUNT, none)) {
      maintenance.apply();
    }
    return graph;
  }

  private static long[] nearest(SearchedGraph index, float[] query, int k, int ef) {
    return index.nearest(query, k, ef, false, new long[COUNT / 64 + 1], COUNT, COUNT);
  }

  private static long[] truth(SearchedGraph index, float[] query, int k) {
    return index.nearest(query, k, k, true, new long[COUNT / 64 + 1], COUNT, COUNT);
  }

  /** The share of the true nearest that an index finds of those of another. */
  private double recall(SearchedGraph index, SearchedGraph reference, int k, int ef) {
    int found = 0;
    SplitMix64 queries = new SplitMix64(13);
    for (int q = 0; q < QUERIES; q++) {
      float[] query = vector(queries);
      Set<Long> true10 = new HashSet<>();
      Arrays.stream(truth(reference, query, k)).forEach(true10::add);
      long[] hits = nearest(index, query, k, ef);
      assertThat(hits).hasSize(k).isSortedAccordingTo((a, b) -> Long.compare(b, a));
      found += (int) Arrays.stream(hits).filter(true10::contains).count();
    }
    return found / (double) (k * QUERIES);
  }

  @Test
  void boundsThatSayMuchDecide() {
    VectorArena arena = filled(ordinal -> 1e-4 * noise(ordinal));
    SearchedGraph index = new SearchedGraph(arena, linked(arena));
    assertThat(recall(index, index, 10, 100)).isGreaterThan(0.99);
    assertThat(index.trust().walks()).isEqualTo(QUERIES);
    assertThat(index.trust().walksByVectors()).isZero();
  }

  /** Of no use, of use for some, and wrong by so much that they lead away from what is near. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 1, 100})
  void whatBoundsLeaveOpenTheVectorsDecide(double slack) {
    VectorArena arena = filled(ordinal -> slack * noise(ordinal));
    SearchedGraph index = new SearchedGraph(arena, linked(arena));
    VectorArena plain = filled(ordinal -> 0);
    SearchedGraph reference = new SearchedGraph(plain, linked(plain));
    for (int ef : new int[] {10, 30, 100}) {
      double expected = recall(reference, reference, 10, ef);
      assertThat(recall(index, reference, 10, ef)).isGreaterThan(expected - 0.02);
    }
    if (slack >= 1) {
      assertThat(index.trust().walksByVectors()).isEqualTo(3L * QUERIES);
    }
  }

  /** One in a hundred of which nothing is known takes part in every pool. */
  @Test
  void someOfWhichNothingIsKnownHideNoOthers() {
    VectorArena arena = filled(ordinal -> ordinal % 100 == 0 ? 1000 : 0);
    SearchedGraph index = new SearchedGraph(arena, linked(arena));
    assertThat(recall(index, index, 10, 100)).isGreaterThan(0.99);
  }

  @Test
  void fewerThanAskedForAreDecidedAsWell() {
    VectorArena arena = filled(ordinal -> 1e-3 * noise(ordinal));
    SearchedGraph index = new SearchedGraph(arena, linked(arena));
    SearchedGraph reference = new SearchedGraph(arena.view(), index.graph());
    for (int k : new int[] {1, 2, 50, 120}) {
      assertThat(recall(index, reference, k, 1))
          .isGreaterThan(recall(reference, reference, k, 1) - 0.05);
    }
  }

  /** Bit by bit, whatever the bounds, with dead ones among them. */
  @Test
  void scansByBoundsFindWhatScansFind() {
    for (double slack : new double[] {0, 0.01, 1, 100}) {
      VectorArena arena = filled(ordinal -> slack * noise(ordinal));
      SearchedGraph index = new SearchedGraph(arena, new HnswGraph(8));
      SearchedGraph plain = new SearchedGraph(arena.view(), new HnswGraph(8));
      long[] dead = new long[COUNT / 64 + 1];
      int live = COUNT;
      for (int i = 0; i < COUNT; i += 3) {
        dead[i >>> 6] |= 1L << i;
        live--;
      }
      for (int k : new int[] {1, 10, 333, 3999, 4000, 5000}) {
        float[] query = vector(random);
        assertThat(index.nearest(query, k, 1, true, dead, COUNT, live))
            .isEqualTo(plain.nearest(query, k, 1, true, dead, COUNT, live));
      }
    }
  }

  /**
   * What walks learned about bounds changes which way is taken, and comes back when they are good.
   */
  @Test
  void boundsThatDoNotDecideAreLeftOutUntilTheyDo() {
    double[] slack = {100};
    VectorArena arena = filled(ordinal -> slack[0] * noise(ordinal));
    SearchedGraph index = new SearchedGraph(arena, linked(arena));
    for (int i = 0; i < 200; i++) {
      nearest(index, vector(random), 10, 100);
    }
    assertThat(index.trust().walksByVectors()).isEqualTo(200);
    assertThat(index.trust().isWorthTrying()).isFalse();
    slack[0] = 0;
    for (int i = 0; i < 1000; i++) {
      nearest(index, vector(random), 10, 100);
    }
    assertThat(index.trust().walksByVectors()).isLessThan(800);
    assertThat(index.trust().isWorthTrying()).isTrue();
  }
}
