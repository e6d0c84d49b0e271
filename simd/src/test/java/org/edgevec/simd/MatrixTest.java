package org.edgevec.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.edgevec.quant.CodedArena;
import org.edgevec.shape.Cell;
import org.edgevec.shape.MatrixCheck;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;
import org.junit.jupiter.api.Test;

/**
 * Search on data of many shapes finds what a walk by the vectors themselves finds: a round of the
 * matrix that {@code ./dev bench jvm --only matrix} goes through. {@code -Dedgevec.matrix.seed}
 * draws other data.
 */
final class MatrixTest {

  private static final VectorApiKernel KERNEL = new VectorApiKernel();
  private static final VectorArena.Factory FLOATS =
      (dimension, metric) -> new HeapArena(dimension, metric, KERNEL);

  /** In all processors: cells have nothing in common. */
  @Test
  void searchFindsWhatAWalkByTheVectorsThemselvesFinds() {
    long seed = Long.getLong("edgevec.matrix.seed", Cell.SEED);
    List<String> faults =
        Cell.round(MatrixCheck.COUNT, seed).parallelStream().flatMap(MatrixTest::faults).toList();
    assertThat(faults).isEmpty();
  }

  private static Stream<String> faults(Cell cell) {
    return MatrixCheck.faults(cell, CodedArena.on(KERNEL), FLOATS).stream()
        .map(fault -> cell + ": " + fault);
  }
}
