package org.edgevec.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.ScalarKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelsTest {

  @TempDir Path folder;

  @Test
  void withoutAnOfferItIsPlainJava() {
    assertThat(Kernels.BEST).isInstanceOf(ScalarKernel.class);
  }

  @Test
  void whatIsOfferedIsTaken() throws IOException {
    assertThat(found(Offered.class.getName())).isInstanceOf(Offered.class);
  }

  /** As when the JVM lacks the module that the kernel is made of. */
  @Test
  void whatCannotBeLoadedIsPassedOver() throws IOException {
    assertThat(found("org.edgevec.NoSuchKernel")).isInstanceOf(ScalarKernel.class);
    assertThat(found(Unloadable.class.getName())).isInstanceOf(ScalarKernel.class);
    assertThat(found(Unloadable.class.getName() + "\n" + Offered.class.getName()))
        .isInstanceOf(Offered.class);
  }

  private Kernel found(String offer) throws IOException {
    Path services = folder.resolve("META-INF/services");
    Files.createDirectories(services);
    Files.writeString(services.resolve(Kernel.class.getName()), offer);
    try (URLClassLoader classes =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, Kernel.class.getClassLoader())) {
      return Kernels.find(classes);
    }
  }

  /** A kernel that works. */
  public static class Offered implements Kernel {
    private final ScalarKernel scalar = new ScalarKernel();

    @Override
    public String name() {
      return "offered";
    }

    @Override
    public float dot(float[] a, int aStart, float[] b, int bStart, int count) {
      return scalar.dot(a, aStart, b, bStart, count);
    }

    @Override
    public float squaredDistance(float[] a, int aStart, float[] b, int bStart, int count) {
      return scalar.squaredDistance(a, aStart, b, bStart, count);
    }

    @Override
    public void dot4(
        float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at) {
      scalar.dot4(q, qStart, rows, starts, count, out, at);
    }

    @Override
    public void squaredDistance4(
        float[] q, int qStart, float[][] rows, int[] starts, int count, float[] out, int at) {
      scalar.squaredDistance4(q, qStart, rows, starts, count, out, at);
    }
  }

  /** A kernel that needs what is not there. */
  public static final class Unloadable extends Offered {
    static {
      fail();
    }

    private static void fail() {
      throw new NoClassDefFoundError("jdk/incubator/vector/Vector");
    }
  }
}
