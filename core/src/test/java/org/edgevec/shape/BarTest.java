package org.edgevec.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.edgevec.Metric;
import org.junit.jupiter.api.Test;

/** The instruments notice what they are for. */
class BarTest {

  private static final float[][] BASE = {{1, 0}, {1, 0}, {0, 1}, {-1, 0}, {3, 4}};

  @Test
  void ofEquallyNearOnesEachIsRight() {
    Truth truth = new Truth(Metric.L2, BASE, new float[][] {{1, 0.1f}}, 1);
    assertThat(truth.recall(0, new int[] {0})).isEqualTo(1);
    assertThat(truth.recall(0, new int[] {1})).isEqualTo(1);
    assertThat(truth.recall(0, new int[] {2})).isZero();
    assertThat(truth.recall(0, new int[0])).isZero();
  }

  @Test
  void everyMetricHasItsOwnNearest() {
    float[][] query = {{3, 1}};
    assertThat(new Truth(Metric.COSINE, BASE, query, 1).recall(0, new int[] {4})).isZero();
    assertThat(new Truth(Metric.DOT, BASE, query, 1).recall(0, new int[] {4})).isEqualTo(1);
    assertThat(new Truth(Metric.L2, BASE, query, 3).recall(0, new int[] {0, 1, 3}))
        .isEqualTo(2 / 3.0);
    assertThat(new Truth(Metric.DOT, BASE, query, 9).recall(0, new int[] {4})).isEqualTo(0.2);
  }

  @Test
  void aVectorFindsItselfOrWhatIsAsNear() {
    Truth truth = new Truth(Metric.COSINE, BASE, BASE, 1);
    assertThat(truth.isItself(0, 0)).isTrue();
    assertThat(truth.isItself(0, 1)).isTrue();
    assertThat(truth.isItself(0, 2)).isFalse();
    assertThat(new Truth(Metric.DOT, BASE, BASE, 1).isItself(0, 4)).isTrue();
  }

  @Test
  void valuesFarFromOneAreToldApart() {
    for (float scale : new float[] {1e-27f, 1e-19f, 1e19f, 1e28f}) {
      float[][] base = new float[BASE.length][];
      for (int i = 0; i < base.length; i++) {
        base[i] = new float[] {BASE[i][0] * scale, BASE[i][1] * scale};
      }
      for (Metric metric : Metric.values()) {
        Truth truth = new Truth(metric, base, new float[][] {{2 * scale, scale / 4}}, 1);
        assertThat(truth.recall(0, new int[] {3})).as(metric + " " + scale).isZero();
        int nearest = metric == Metric.DOT ? 4 : 0;
        assertThat(truth.recall(0, new int[] {nearest})).as(metric + " " + scale).isEqualTo(1);
      }
    }
  }

  @Test
  void whatKeepsToTheBarHasNoFaults() {
    assertThat(Bar.faults(Metric.L2, quality(1, 1, 1, 1), quality(1, 1, 1, 1))).isEmpty();
    assertThat(Bar.faults(Metric.L2, quality(0.5, 0.8, 0.996, 1), quality(0, 0, 1, 1))).isEmpty();
  }

  @Test
  void everyFaultIsTold() {
    assertThat(Bar.faults(Metric.L2, quality(0.1, 0.5, 0.99, 1), quality(0, 0, 1, 1)))
        .singleElement()
        .asString()
        .startsWith("recall 0.99");
    assertThat(Bar.faults(Metric.L2, quality(0.5, 1, 0.997, 1), quality(1, 1, 0.997, 1)))
        .singleElement()
        .asString()
        .startsWith("efSearch 100 finds 0.997");
    Quality good = quality(1, 1, 1, 1);
    assertThat(Bar.faults(Metric.COSINE, new Quality(good.recalls(), 0.99, 1, 0), good))
        .containsExactly("only 0.99 of the stored vectors find themselves");
    assertThat(Bar.faults(Metric.DOT, new Quality(good.recalls(), 0.99, 1, 3), good))
        .containsExactly(
            "only 0.99 of the stored vectors find themselves",
            "3 searches found fewer than min(k, live)");
  }

  /** What is looked up says nothing about walks: those are held to the walks by the vectors. */
  @Test
  void whatIsFoundFromBesideIsHeldToWhatTheVectorsFind() {
    double[][] recalls = quality(1, 1, 1, 1).recalls();
    Quality good = new Quality(recalls, 1, 1, 0);
    Quality less = new Quality(recalls, 1, 0.98, 0);
    assertThat(Bar.faults(Metric.L2, less, good))
        .containsExactly(
            "only 0.98 of the stored vectors are found from beside them, by the vectors themselves"
                + " 1.0");
    assertThat(Bar.faults(Metric.L2, good, less)).isEmpty();
    assertThat(Bar.faults(Metric.L2, less, less)).isEmpty();
    assertThat(Bar.isClear(Metric.L2, less)).isFalse();
    assertThat(Bar.isClear(Metric.L2, good)).isTrue();
  }

  @Test
  void whatFindsNearlyAllNeedsNoComparison() {
    Quality good = quality(0, 0, 0.996, 1);
    assertThat(Bar.isClear(Metric.L2, good)).isTrue();
    assertThat(Bar.isClear(Metric.L2, quality(1, 1, 0.994, 1))).isFalse();
    Quality lost = new Quality(good.recalls(), 0.99, 1, 0);
    assertThat(Bar.isClear(Metric.DOT, lost)).isFalse();
    assertThat(Bar.isClear(Metric.COSINE, lost)).isTrue();
  }

  @Test
  void underTheInnerProductAVectorFindsItselfAsOftenAsByTheVectors() {
    Quality same = new Quality(quality(1, 1, 1, 1).recalls(), 0.8, 1, 0);
    assertThat(Bar.faults(Metric.DOT, same, same)).isEmpty();
    assertThat(Bar.faults(Metric.L2, same, same)).hasSize(1);
  }

  /** Missing here what the other misses there is no fault; missing it everywhere is one. */
  @Test
  void whatMayBeChanceIsNoFault() {
    Quality one = alternating(0);
    Quality other = alternating(1);
    assertThat(Bar.error(one, other)).isBetween(0.02, 0.04);
    assertThat(Bar.faults(Metric.L2, one, other)).isEmpty();
    assertThat(Bar.faults(Metric.L2, one, quality(1, 1, 1, 1))).hasSize(1);
  }

  @Test
  void anIndexThatFindsEverythingIsMeasuredAsSuchAndOneThatFindsLittleToo() {
    CellData data = new Cell(Shapes.named("Gaussian"), Metric.L2, 4, 300, 1).data(20);
    Truth truth = Truth.of(data);
    Searcher scan = (queries, k, ef) -> scan(data.base(), queries, k);
    Quality all = Quality.of(scan, data, truth);
    assertThat(all.recall(10)).isEqualTo(1);
    assertThat(all.self()).isEqualTo(1);
    assertThat(all.beside()).isEqualTo(1);
    assertThat(all.fewer()).isZero();
    Quality little = Quality.of((queries, k, ef) -> new int[queries.length][1], data, truth);
    assertThat(little.recall(100)).isLessThan(0.1);
    assertThat(little.self()).isLessThan(0.1);
    assertThat(little.fewer()).isGreaterThan(100);
  }

  private static int[][] scan(float[][] base, float[][] queries, int k) {
    return Arrays.stream(queries).map(query -> scan(base, query, k)).toArray(int[][]::new);
  }

  private static int[] scan(float[][] base, float[] query, int k) {
    Integer[] ordinals = new Integer[base.length];
    Arrays.setAll(ordinals, i -> i);
    Arrays.sort(
        ordinals, (a, b) -> Float.compare(distance(base[a], query), distance(base[b], query)));
    return Arrays.stream(ordinals).limit(k).mapToInt(i -> i).toArray();
  }

  private static float distance(float[] a, float[] b) {
    return org.edgevec.vector.Vectors.squaredDistance(a, 0, b, 0, a.length);
  }

  /** The same recall for each of 50 queries, by efSearch. */
  private static Quality quality(double... recalls) {
    double[][] all = new double[recalls.length][50];
    for (int i = 0; i < recalls.length; i++) {
      Arrays.fill(all[i], recalls[i]);
    }
    return new Quality(all, 1, 1, 0);
  }

  /** A recall of 0.8 for every other query, and for the others 0.98 or 1. */
  private static Quality alternating(int offset) {
    double[][] all = new double[Quality.EFS.size()][50];
    for (double[] recalls : all) {
      for (int i = 0; i < recalls.length; i++) {
        recalls[i] = (i + offset) % 2 == 0 ? 0.8 : offset == 0 ? 0.98 : 1;
      }
    }
    return new Quality(all, 1, 1, 0);
  }
}
