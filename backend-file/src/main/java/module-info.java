/**
 * EdgeVec in a folder of the file system: the module that programs require. It finds the kernels of
 * {@code org.edgevec.simd} where they are there, and does without where they are not.
 */
module org.edgevec.file {
  requires transitive org.edgevec.core;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.edgevec.file;

  uses org.edgevec.vector.Kernel;
}
