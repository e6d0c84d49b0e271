package org.edgevec.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClusteredVectorsTest {

  @Test
  void theSameSeedGivesTheSameVectorsOnEveryMachine() {
    float[][] vectors = new ClusteredVectors(32, 42).base(0, 3);
    assertThat(new ClusteredVectors(32, 42).base(0, 3)).isDeepEqualTo(vectors);
    assertThat(new ClusteredVectors(32, 43).base(0, 1)[0]).isNotEqualTo(vectors[0]);
    // Computed once, so that a change of the data is noticed: figures could not be compared.
    assertThat(Float.floatToIntBits(vectors[0][0])).isEqualTo(1055814981);
    assertThat(Float.floatToIntBits(vectors[2][31])).isEqualTo(1079233137);
  }

  @Test
  void aLargerSetBeginsWithTheSmallerOne() {
    ClusteredVectors vectors = new ClusteredVectors(16, 1);
    float[][] all = vectors.base(0, 50);
    assertThat(vectors.base(20, 30)[0]).isEqualTo(all[20]);
  }

  @Test
  void queriesAreNotAmongTheVectors() {
    ClusteredVectors vectors = new ClusteredVectors(16, 1);
    float[][] base = vectors.base(0, 1000);
    for (float[] query : vectors.queries(100)) {
      assertThat(List.of(base)).doesNotContain(query);
    }
  }

  /** Uniform noise would give 0.7 or more: all vectors are then about equally far. */
  @Test
  void theNearestAreMuchNearerThanTheMean() {
    ClusteredVectors vectors = new ClusteredVectors(128, 42);
    float[][] base = vectors.base(0, 5_000);
    float[][] queries = vectors.queries(20);
    double ratios = 0;
    for (float[] query : queries) {
      double mean = 0;
      double nearest = Double.POSITIVE_INFINITY;
      for (float[] vector : base) {
        mean += distance(query, vector) / base.length;
        nearest = Math.min(nearest, distance(query, vector));
      }
      ratios += nearest / mean;
    }
    assertThat(ratios / queries.length).isBetween(0.05, 0.5);
  }

  @Test
  void inOneClusterAllLieNearer() {
    float[][] one = new ClusteredVectors(64, 1, 42).base(0, 200);
    float[][] many = new ClusteredVectors(64, 42).base(0, 200);
    assertThat(meanDistance(one)).isLessThan(0.8 * meanDistance(many));
  }

  private static double meanDistance(float[][] vectors) {
    double sum = 0;
    for (int i = 1; i < vectors.length; i++) {
      sum += distance(vectors[0], vectors[i]) / (vectors.length - 1);
    }
    return sum;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }
}
