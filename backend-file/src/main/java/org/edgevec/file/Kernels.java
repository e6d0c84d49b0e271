package org.edgevec.file;

import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.ScalarKernel;

/**
 * The kernel that this JVM scores vectors with: the one that the class path offers, such as {@code
 * edgevec-simd}'s, or the scalar one. An offered one that this JVM cannot load, because it was
 * started without {@code --add-modules jdk.incubator.vector}, is passed over.
 */
final class Kernels {

  static final Kernel BEST = find(Kernel.class.getClassLoader());

  private Kernels() {}

  static Kernel find(ClassLoader classes) {
    Iterator<Kernel> offered = ServiceLoader.load(Kernel.class, classes).iterator();
    while (true) {
      try {
        if (!offered.hasNext()) {
          return new ScalarKernel();
        }
        return offered.next();
      } catch (ServiceConfigurationError | LinkageError e) {
        System.getLogger("org.edgevec")
            .log(
                System.Logger.Level.WARNING,
                "A kernel on the class path cannot be used and vectors are scored without SIMD."
                    + " Start the JVM with --add-modules jdk.incubator.vector.",
                e);
      }
    }
  }
}
