/**
 * Kernels of the JDK's Vector API, an incubating module that this one brings along. Nothing here is
 * called by name: who has this module beside {@code org.edgevec.file} scores vectors by it.
 */
module org.edgevec.simd {
  requires jdk.incubator.vector;
  requires org.edgevec.core;
  requires static org.jspecify;

  provides org.edgevec.vector.Kernel with
      org.edgevec.simd.VectorApiKernel;
}
