package org.edgevec.browser;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.ScalarKernel;

/** The kernels that score vectors on the JVM. */
final class JvmKernels {

  private JvmKernels() {}

  static Stream<Kernel> all() {
    return Stream.of(new ScalarKernel(), vectorApi());
  }

  /**
   * That of {@code edgevec-simd}, which is kept from the class path: there, all databases of the
   * JVM would score with it.
   */
  private static Kernel vectorApi() {
    try {
      URL classes = ModuleFolder.built("../simd/target/classes").toUri().toURL();
      ClassLoader loader = new URLClassLoader(new URL[] {classes}, Kernel.class.getClassLoader());
      return ServiceLoader.load(Kernel.class, loader).findFirst().orElseThrow();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
