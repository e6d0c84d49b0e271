package org.edgevec.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Consumer;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.index.Candidate;
import org.edgevec.index.GraphMaintenance;
import org.edgevec.index.HnswGraph;
import org.edgevec.index.VectorIndex;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.VectorArenaContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CodedArenaTest extends VectorArenaContract {

  private static final int ENOUGH = 1024;

  private final SplitMix64 random = new SplitMix64(3);

  @Override
  protected VectorArena create(int dimension, Metric metric) {
    return new CodedArena(new HeapArena(dimension, metric, new VectorApiKernel()));
  }

  @ParameterizedTest
  @EnumSource
  void aWalkerIsExactUntilThereAreEnoughAndNearAfterwards(Metric metric) {
    for (int dimension : new int[] {7, 16, 17, 67, 128, 401}) {
      VectorArena arena = create(dimension, metric);
      Scorer scorer = arena.scorer();
      Scorer walker = arena.walker(arena.scorer());
      fill(arena, 0, ENOUGH - 1, metric);
      walker.query(5);
      assertThat(walker.isExact()).isTrue();
      fill(arena, ENOUGH - 1, ENOUGH, metric);
      walker.query(5);
      scorer.query(5);
      assertThat(walker.isExact()).as(metric + " of " + dimension).isFalse();
      assertNear(walker, scorer, metric, dimension);
      float[] query = vector(dimension);
      walker.query(query);
      scorer.query(query);
      assertNear(walker, scorer, metric, dimension);
    }
  }

  @Test
  void aWalkerTellsItsScorerTheQuery() {
    VectorArena arena = create(20, Metric.L2);
    fill(arena, 0, ENOUGH, Metric.L2);
    Scorer scorer = arena.scorer();
    Scorer walker = arena.walker(scorer);
    walker.query(arena.get(7));
    assertThat(walker.isExact()).isFalse();
    assertThat(scorer.nearness(7)).isZero();
  }

  /** In batches of every size up to 9, and one by one; within a hundredth of what varies. */
  private static void assertNear(Scorer walker, Scorer scorer, Metric metric, int dimension) {
    double tolerance = metric == Metric.COSINE ? 0.02 : 0.02 * dimension;
    for (int count = 1; count < 10; count++) {
      int[] ordinals = new int[count];
      for (int i = 0; i < count; i++) {
        ordinals[i] = 100 * i + count;
      }
      float[] near = new float[count];
      walker.nearness(ordinals, count, near);
      for (int i = 0; i < count; i++) {
        double exact = scorer.nearness(ordinals[i]);
        assertThat(Math.abs(near[i] - exact)).isLessThan(tolerance);
        assertThat(walker.nearness(ordinals[i])).isEqualTo(near[i]);
      }
    }
  }

  @Test
  void copiesKeepTheirCodes() {
    VectorArena arena = create(20, Metric.COSINE);
    fill(arena, 0, 2 * ENOUGH, Metric.COSINE);
    VectorArena compact = create(20, Metric.COSINE);
    compact.reserve(ENOUGH);
    for (int i = 0; i < ENOUGH; i++) {
      compact.copy(arena, 2 * i, i);
    }
    Scorer walker = arena.walker(arena.scorer());
    Scorer compactWalker = compact.walker(compact.scorer());
    walker.query(14);
    compactWalker.query(7);
    assertThat(compactWalker.isExact()).isFalse();
    for (int i = 0; i < ENOUGH; i++) {
      assertThat(compactWalker.nearness(i)).isEqualTo(walker.nearness(2 * i));
    }
  }

  @Test
  void vectorsThatCodesCannotTellApartAreScoredThemselves() {
    // One component so large that all others round to nothing; and all far away and near each
    // other.
    assertThat(isExactAfter(Metric.L2, vector -> vector[0] = 1e6f)).isTrue();
    assertThat(
            isExactAfter(
                Metric.L2,
                vector -> {
                  for (int i = 0; i < vector.length; i++) {
                    vector[i] += 1e4f;
                  }
                }))
        .isTrue();
    assertThat(isExactAfter(Metric.L2, vector -> vector[0] = 1e30f)).isTrue();
    assertThat(isExactAfter(Metric.DOT, vector -> vector[0] = 1e-42f)).isFalse();
    assertThat(isExactAfter(Metric.L2, vector -> {})).isFalse();
  }

  private boolean isExactAfter(Metric metric, Consumer<float[]> change) {
    VectorArena arena = create(40, metric);
    arena.reserve(ENOUGH);
    for (int i = 0; i < ENOUGH; i++) {
      float[] vector = vector(40);
      change.accept(vector);
      put(arena, i, vector);
    }
    Scorer walker = arena.walker(arena.scorer());
    walker.query(3);
    return walker.isExact();
  }

  @Test
  void codesAreTriedAgainWhenThereAreManyMore() {
    VectorArena arena = create(8, Metric.L2);
    fill(arena, 0, ENOUGH, Metric.L2);
    Scorer walker = arena.walker(arena.scorer());
    walker.query(0);
    assertThat(walker.isExact()).isFalse();
    arena.reserve(16 * ENOUGH);
    for (int i = ENOUGH; i < 16 * ENOUGH; i++) {
      float[] vector = vector(8);
      vector[0] = 1e6f;
      put(arena, i, vector);
    }
    walker.query(0);
    assertThat(walker.isExact()).isTrue();
  }

  /** Scores are those of the vectors, whatever led to them; so are those of the tail. */
  @ParameterizedTest
  @EnumSource
  void aGraphBuiltAndWalkedByCodesFindsWhatAScanFinds(Metric metric) {
    int dimension = 24;
    int count = 5000;
    int linked = 4900;
    VectorArena arena = create(dimension, metric);
    fill(arena, 0, count, metric);
    long[] dead = new long[count / 64 + 1];
    HnswGraph graph = new HnswGraph(16);
    GraphMaintenance maintenance = new GraphMaintenance(graph, arena, 100);
    while (maintenance.plan(linked, dead)) {
      maintenance.apply();
    }
    VectorIndex index = new VectorIndex(arena, graph);
    Scorer scorer = arena.scorer();
    int found = 0;
    for (int q = 0; q < 50; q++) {
      float[] query = vector(dimension);
      scorer.query(query);
      long[] exact = index.nearest(query, 10, 10, true, dead, count, count);
      long[] walked = index.nearest(query, 10, 100, false, dead, count, count);
      assertThat(walked).hasSize(10);
      for (long candidate : walked) {
        float score = Candidate.score(candidate, metric);
        float nearness = scorer.nearness(Candidate.ordinal(candidate));
        assertThat(metric.higherIsNearer() ? score : -score).isCloseTo(nearness, within(1e-4f));
        for (long other : exact) {
          found += Candidate.ordinal(other) == Candidate.ordinal(candidate) ? 1 : 0;
        }
      }
    }
    assertThat(found).isGreaterThan(metric == Metric.DOT ? 450 : 480);
  }

  private void fill(VectorArena arena, int from, int to, Metric metric) {
    arena.reserve(to);
    for (int i = from; i < to; i++) {
      put(arena, i, vector(arena.dimension()));
    }
  }

  private static void put(VectorArena arena, int ordinal, float[] vector) {
    byte[] bytes = new byte[4 * vector.length];
    LittleEndian.putFloats(vector, 0, bytes, 0, vector.length);
    arena.read(ordinal, 0, bytes, 0, vector.length);
    arena.settle(ordinal);
  }

  private float[] vector(int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (random.nextLong() >>> 40) / (float) (1 << 23) - 1;
    }
    return vector;
  }
}
