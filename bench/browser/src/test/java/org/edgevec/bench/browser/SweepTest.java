package org.edgevec.bench.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.edgevec.bench.browser.Sweep.Measured;
import org.junit.jupiter.api.Test;

final class SweepTest {

  private final List<Integer> asked = new ArrayList<>();

  @Test
  void findsTheCheapestThatReachesTheRecall() {
    for (int cheapest = 1; cheapest <= 30; cheapest++) {
      for (int stride = 1; stride <= 8; stride++) {
        asked.clear();
        int wanted = cheapest;
        List<Measured<Integer>> curve =
            new Sweep<>(numbers(30), stride, 0.99, 0.99)
                .run(number -> measured(number, number >= wanted ? 0.99 : 0.5));
        assertThat(Sweep.firstWith(curve, 0.99).orElseThrow().parameter()).isEqualTo(cheapest);
        assertThat(asked).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void theCurveGoesOnToItsEndAndIsOrdered() {
    List<Measured<Integer>> curve =
        new Sweep<>(numbers(30), 4, 0.5, 0.9).run(number -> measured(number, number / 30.0));
    assertThat(asked).startsWith(1, 5, 9, 13, 17, 21, 25, 29).doesNotContain(30);
    assertThat(curve).extracting(Measured::parameter).isSorted().contains(29, 15);
  }

  @Test
  void withoutEnoughRecallTheDearestIsTriedAndNoneFound() {
    List<Measured<Integer>> curve =
        new Sweep<>(numbers(6), 4, 0.9, 0.99).run(number -> measured(number, 0.1));
    assertThat(asked).containsExactly(1, 5, 6);
    assertThat(Sweep.firstWith(curve, 0.9)).isEmpty();
  }

  @Test
  void refusesWhatCannotBeSwept() {
    assertThatThrownBy(() -> new Sweep<>(List.<Integer>of(), 1, 0.9, 0.99))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sweep<>(numbers(3), 0, 0.9, 0.99))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sweep<>(numbers(3), 1, 0.9, 0.8))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Measured<Integer> measured(int number, double recall) {
    asked.add(number);
    return new Measured<>(number, recall, number, new double[] {number});
  }

  private static List<Integer> numbers(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }
}
