package org.edgevec.vector;

import org.edgevec.Metric;

final class HeapArenaTest extends VectorArenaContract {

  @Override
  protected VectorArena create(int dimension, Metric metric) {
    return new HeapArena(dimension, metric, new ScalarKernel());
  }

  @Override
  protected boolean isExact() {
    return true;
  }
}
