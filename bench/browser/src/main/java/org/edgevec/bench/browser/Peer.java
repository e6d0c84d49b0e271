package org.edgevec.bench.browser;

import java.util.List;
import java.util.Set;

/** What is compared. Each has a module of its own name in {@code src/main/web/peers}. */
enum Peer {
  EDGEVEC_JAVA("edgevec-java", "this project", Set.of("edgevec-java"), Efs.ALL, 4, 1000),
  /** As another checkout has it, to compare two states of it in one run. */
  EDGEVEC_JAVA_OTHER(
      "edgevec-java-other",
      "this project, other build",
      Set.of("edgevec-java-other"),
      Efs.ALL,
      4,
      1000),
  HNSWLIB_WASM("hnswlib-wasm", "hnswlib-wasm", Set.of("hnswlib-wasm"), Efs.ALL, 4, 1000),
  /** Each efSearch costs it a build: fewer are tried. */
  EDGEVEC("edgevec", "edgevec (Rust)", Set.of("edgevec"), Efs.ALL, 7, 1000),
  PGLITE(
      "pglite",
      "PGlite + pgvector",
      Set.of("@electric-sql/pglite", "@electric-sql/pglite-pgvector"),
      Efs.ALL,
      7,
      500),
  /** Exact; the similarity that a document needs at least is in the place of efSearch. */
  ORAMA(
      "orama",
      "Orama (exact)",
      Set.of("@orama/orama"),
      List.of(0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.3, 0.0, -1.0),
      1,
      100);

  private final String module;
  private final String title;
  private final Set<String> packages;
  private final List<? extends Number> parameters;
  private final int stride;
  private final int queries;

  Peer(
      String module,
      String title,
      Set<String> packages,
      List<? extends Number> parameters,
      int stride,
      int queries) {
    this.module = module;
    this.title = title;
    this.packages = packages;
    this.parameters = parameters;
    this.stride = stride;
    this.queries = queries;
  }

  /** The name of its module, by which it is chosen on the command line, too. */
  String module() {
    return module;
  }

  /** Its name in tables. */
  String title() {
    return title;
  }

  /** The npm packages that its users install. */
  Set<String> packages() {
    return packages;
  }

  /** What can be tried for efSearch, from cheap to dear. */
  List<Number> parameters() {
    return List.copyOf(parameters);
  }

  /** Every how many of the parameters are tried at first. */
  int stride() {
    return stride;
  }

  /** How many queries are asked at most, so that a slow one ends. */
  int queries() {
    return queries;
  }

  /** Whether it computes the wanted order also for vectors that are not normalised. */
  boolean hasL2() {
    return this != ORAMA;
  }

  private static final class Efs {
    static final List<Integer> ALL =
        List.of(
            10, 12, 14, 16, 18, 20, 22, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 96, 112, 128, 144,
            160, 192, 224, 256, 320, 384, 448, 512);
  }
}
