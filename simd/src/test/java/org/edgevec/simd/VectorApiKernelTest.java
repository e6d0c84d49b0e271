package org.edgevec.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.edgevec.Metric;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.VectorArena;
import org.edgevec.vector.VectorArenaContract;
import org.junit.jupiter.api.Test;

final class VectorApiKernelTest extends VectorArenaContract {

  @Override
  protected VectorArena create(int dimension, Metric metric) {
    return new HeapArena(dimension, metric, new VectorApiKernel());
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(Kernel.class))
        .singleElement()
        .isInstanceOf(VectorApiKernel.class)
        .satisfies(kernel -> assertThat(kernel.name()).startsWith("Vector API, "));
  }
}
