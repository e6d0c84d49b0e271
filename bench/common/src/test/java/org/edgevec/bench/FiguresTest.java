package org.edgevec.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void recallCountsTheTrueOnesAmongTheFirstFound() {
    int[][] truth = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    assertThat(Recall.at(2, truth, new int[][] {{2, 1}, {6, 9}})).isEqualTo(0.75);
    assertThat(Recall.at(2, truth, new int[][] {{3, 1, 2}, {}})).isEqualTo(0.25);
    assertThatThrownBy(() -> Recall.at(2, truth, new int[1][]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void percentilesAreMeasuredValues() {
    Percentiles twenty =
        new Percentiles(20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    assertThat(twenty.median()).isEqualTo(10);
    assertThat(twenty.at(99)).isEqualTo(20);
    assertThat(twenty.at(95)).isEqualTo(19);
    assertThat(twenty.at(0.001)).isEqualTo(1);
    assertThat(twenty.min()).isEqualTo(1);
    assertThat(twenty.max()).isEqualTo(20);
    assertThat(new Percentiles(3).at(99)).isEqualTo(3);
    assertThatThrownBy(Percentiles::new).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> twenty.at(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
