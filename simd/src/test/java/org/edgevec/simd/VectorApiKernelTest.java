package org.edgevec.simd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ServiceLoader;
import org.edgevec.Metric;
import org.edgevec.vector.Extremes;
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

  @Test
  void tinyComponentsAreFoundWhereverTheyAre() {
    VectorApiKernel kernel = new VectorApiKernel();
    for (int count = 1; count < 70; count++) {
      float[] vector = new float[count + 2];
      vector[0] = 1e-30f;
      vector[count + 1] = 1e-30f;
      for (int at = 1; at <= count; at++) {
        for (float value : new float[] {1e-30f, -Float.MIN_VALUE, -0.0f, 0x1p-39f, -1}) {
          vector[at] = value;
          assertThat(kernel.hasTiny(vector, 1, count))
              .isEqualTo(Extremes.hasTiny(vector, 1, count));
        }
      }
    }
  }

  /** A search whose kernel is compiled on the way must not order equal vectors by that. */
  @Test
  void theInterpreterAndTheCompilerGiveTheSameBits() throws Exception {
    VectorApiKernel kernel = new VectorApiKernel();
    int bits = KernelBits.of(kernel);
    for (int i = 0; i < 2000; i++) {
      assertThat(KernelBits.of(kernel)).isEqualTo(bits);
    }
    Process interpreter =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xint",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                KernelBits.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String printed = new String(interpreter.getInputStream().readAllBytes(), UTF_8);
    assertThat(interpreter.waitFor()).isZero();
    assertThat(printed.trim()).isEqualTo(String.valueOf(bits));
  }
}
