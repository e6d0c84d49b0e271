package org.edgevec.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.index.Candidate;
import org.edgevec.index.GraphMaintenance;
import org.edgevec.index.HnswGraph;
import org.edgevec.index.SearchedGraph;
import org.edgevec.quant.CodedArena;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Scorer;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.VectorArenaContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ArrayCodesTest extends VectorArenaContract {

  private static final int ENOUGH = 1024;

  private final SplitMix64 random = new SplitMix64(3);

  @Override
  protected VectorArena create(int dimension, Metric metric) {
    HeapArena vectors = new HeapArena(dimension, metric, new VectorApiKernel());
    return new CodedArena(vectors, vectors.extremes(), new ArrayCodes(vectors));
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

  /** Squares of the others overflow or vanish. */
  @Test
  void boundsAreGivenOnlyWhereTheyAreKnown() {
    for (Metric metric : Metric.values()) {
      boolean isCosine = metric == Metric.COSINE;
      for (float length : new float[] {1e-9f, 1, 1e17f}) {
        assertThat(isExact(metric, length, 1)).as(metric + " " + length).isFalse();
      }
      for (float length : new float[] {1e-25f, 1e-11f, 1e19f, 1e25f}) {
        assertThat(isExact(metric, length, 1)).as(metric + " " + length).isEqualTo(!isCosine);
        assertThat(isExact(metric, 1, length)).as(metric + " " + length).isEqualTo(!isCosine);
      }
    }
    assertThat(isExact(Metric.L2, 0, 1)).isFalse();
    assertThat(isExact(Metric.DOT, 1, 0)).isFalse();
  }

  /** Whether a walker is exact where one stored vector, and then the query, have other lengths. */
  private boolean isExact(Metric metric, float length, float queryLength) {
    VectorArena arena = create(5, metric);
    arena.reserve(2);
    put(arena, 0, new float[] {0, 0, length, 0, 0});
    put(arena, 1, new float[] {0, 1, 0, 0, 0});
    Scorer walker = arena.walker(arena.scorer());
    walker.query(new float[] {0, 0, 0, queryLength, 0});
    return walker.isExact();
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
    SearchedGraph index = new SearchedGraph(arena, graph);
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
