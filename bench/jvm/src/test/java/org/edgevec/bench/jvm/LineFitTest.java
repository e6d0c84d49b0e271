package org.edgevec.bench.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineFitTest {

  @Test
  void pointsOnALineAreFittedExactly() {
    LineFit fit = LineFit.of(new double[] {1, 2, 4}, new double[] {5, 7, 11});
    assertThat(fit.intercept()).isCloseTo(3, within(1e-12));
    assertThat(fit.slope()).isCloseTo(2, within(1e-12));
    assertThat(fit.determination()).isCloseTo(1, within(1e-12));
  }

  @Test
  void ofOtherPointsTheSumOfSquaresIsLeast() {
    LineFit fit = LineFit.of(new double[] {0, 1, 2}, new double[] {0, 2, 1});
    assertThat(fit.slope()).isCloseTo(0.5, within(1e-12));
    assertThat(fit.intercept()).isCloseTo(0.5, within(1e-12));
    assertThat(fit.determination()).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void sizesGrowByHalfDecades() {
    assertThat(GrowthSection.counts(100_000))
        .isEqualTo(List.of(1_000, 3_162, 10_000, 31_623, 100_000));
    assertThat(GrowthSection.counts(99_000)).endsWith(31_623);
  }

  @Test
  void theScalarClassPathLacksTheVectorApiKernels() {
    String separator = java.io.File.pathSeparator;
    assertThat(
            Peers.withoutSimd(
                String.join(
                    separator,
                    "a/core/target/classes",
                    "a/simd/target/classes",
                    "b/edgevec-simd-0.1.0.jar",
                    "c.jar")))
        .isEqualTo("a/core/target/classes" + separator + "c.jar");
  }
}
