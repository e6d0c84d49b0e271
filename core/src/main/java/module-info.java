/**
 * The database itself, in plain Java: what users call ({@link org.edgevec}) and what a place to
 * store it in implements ({@link org.edgevec.storage}). All else is for EdgeVec's own modules
 * alone, and may change with every version.
 *
 * <p>The annotations of nullness are not handed on ({@code static transitive}): whoever compiles
 * against this module would then need theirs.
 */
@SuppressWarnings("module") // the modules named below are built after this one
module org.edgevec.core {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.edgevec;
  exports org.edgevec.storage;
  exports org.edgevec.quant to
      org.edgevec.file,
      org.edgevec.simd;
  exports org.edgevec.vector to
      org.edgevec.file,
      org.edgevec.simd;
}
