package org.edgevec.browser.bundle;

import java.util.List;
import java.util.stream.Collectors;
import org.edgevec.linear.LinearArena;
import org.edgevec.shape.Cell;
import org.edgevec.shape.FloatArena;
import org.edgevec.shape.MatrixCheck;
import org.edgevec.vector.VectorArena;

/** A round of the matrix of data shapes on the arena that the browser gets. */
final class MatrixCases {

  private static final List<Cell> CELLS = Cell.round(MatrixCheck.COUNT, Cell.SEED);

  private MatrixCases() {}

  static String cells() {
    return CELLS.stream().map(Cell::toString).collect(Collectors.joining("\n"));
  }

  /** "kept", or what does not hold, one a line. */
  static String run(int index) {
    VectorArena.Factory shipped = LinearArena.factory();
    List<String> faults =
        MatrixCheck.faults(CELLS.get(index), shipped, FloatArena.factory(shipped));
    return faults.isEmpty() ? "kept" : String.join("\n", faults);
  }
}
