package org.edgevec.shape;

import java.util.List;
import org.edgevec.HnswOptions;
import org.edgevec.vector.VectorArena;

/** Holds a cell to the {@link Bar}, for tests. */
public final class MatrixCheck {

  /** So many are stored that {@code efSearch} 100 walks through the graph and does not scan. */
  public static final int COUNT = 3_400;

  private static final int QUERIES = 120;

  private MatrixCheck() {}

  /**
   * What does not hold.
   *
   * @param shipped how the platform keeps vectors
   * @param floats the same, walked and linked by the vectors themselves
   */
  public static List<String> faults(
      Cell cell, VectorArena.Factory shipped, VectorArena.Factory floats) {
    CellData data = cell.data(QUERIES);
    Truth truth = Truth.of(data);
    Quality found = quality(data, truth, shipped);
    boolean isClear = Bar.isClear(cell.metric(), found);
    return Bar.faults(cell.metric(), found, isClear ? found : quality(data, truth, floats));
  }

  private static Quality quality(CellData data, Truth truth, VectorArena.Factory vectors) {
    try (CellIndex index =
        CellIndex.build(data.base(), data.metric(), HnswOptions.DEFAULT, vectors)) {
      return Quality.of(index, data, truth);
    }
  }
}
