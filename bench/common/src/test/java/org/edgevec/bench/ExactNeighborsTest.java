package org.edgevec.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.edgevec.shape.ClusteredVectors;
import org.junit.jupiter.api.Test;

class ExactNeighborsTest {

  @Test
  void theyAreWhatSortingAllFinds() {
    for (int dimension : new int[] {1, 5, 63, 64, 130}) {
      ClusteredVectors vectors = new ClusteredVectors(dimension, 7);
      float[][] base = vectors.base(0, 300);
      float[][] queries = vectors.queries(10);
      int[][] found = ExactNeighbors.find(base, queries, 12);
      for (int i = 0; i < queries.length; i++) {
        float[] query = queries[i];
        int[] sorted =
            IntStream.range(0, base.length)
                .boxed()
                .sorted(Comparator.comparingDouble(o -> squaredDistance(query, base[o])))
                .mapToInt(o -> o)
                .limit(12)
                .toArray();
        assertThat(found[i]).as("dimension %d, query %d", dimension, i).isEqualTo(sorted);
      }
    }
  }

  private static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return sum;
  }

  @Test
  void ofEquallyNearOnesTheFirstAreTaken() {
    float[][] base = {{2}, {1}, {1}, {1}, {0}};
    assertThat(ExactNeighbors.find(base, new float[][] {{1}}, 2)[0]).containsExactly(1, 2);
  }

  @Test
  void noMoreThanThereAreAreFound() {
    assertThat(ExactNeighbors.find(new float[][] {{2}, {1}}, new float[][] {{0}}, 10)[0])
        .containsExactly(1, 0);
  }
}
