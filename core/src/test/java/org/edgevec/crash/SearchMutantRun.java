package org.edgevec.crash;

import java.util.Arrays;
import java.util.List;
import org.edgevec.Metric;
import org.edgevec.bytes.LittleEndian;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.index.Candidate;
import org.edgevec.index.GraphMaintenance;
import org.edgevec.index.HnswGraph;
import org.edgevec.index.SearchedGraph;
import org.edgevec.quant.ByteCodedArena;
import org.edgevec.shape.Cell;
import org.edgevec.shape.FloatArena;
import org.edgevec.shape.MatrixCheck;
import org.edgevec.shape.Shapes;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;

/** Checks of search, in the class loader that this is loaded by. */
final class SearchMutantRun {

  private static final int COUNT = 5000;
  private static final int DIMENSION = 8;

  private SearchMutantRun() {}

  /**
   * Runs one check.
   *
   * @param arguments {@code cell}, a shape, a metric and a dimension; {@code row}; {@code levels};
   *     {@code nodes}; {@code scan}; or {@code fill}
   * @return what was found wrong; empty if nothing was
   */
  static String run(String[] arguments) {
    return switch (arguments[0]) {
      case "cell" ->
          cell(arguments[1], Metric.valueOf(arguments[2]), Integer.parseInt(arguments[3]));
      case "row" -> row();
      case "levels" -> levels();
      case "nodes" -> nodes();
      case "scan" -> scan();
      case "fill" -> fill();
      default -> throw new IllegalArgumentException(arguments[0]);
    };
  }

  private static String cell(String shape, Metric metric, int dimension) {
    Cell cell = new Cell(Shapes.named(shape), metric, dimension, MatrixCheck.COUNT, Cell.SEED);
    List<String> faults =
        MatrixCheck.faults(cell, ByteCodedArena::new, FloatArena.factory(ByteCodedArena::new));
    return String.join("; ", faults);
  }

  private static VectorArena filled(SplitMix64 random) {
    float[][] base = new float[COUNT][];
    for (int i = 0; i < COUNT; i++) {
      base[i] = vector(random);
    }
    VectorArena arena = new ByteCodedArena(DIMENSION, Metric.L2);
    fill(arena, base);
    return arena;
  }

  private static void fill(VectorArena arena, float[][] base) {
    arena.reserve(base.length);
    byte[] bytes = new byte[4 * arena.dimension()];
    for (int i = 0; i < base.length; i++) {
      LittleEndian.putFloats(base[i], 0, bytes, 0, arena.dimension());
      arena.read(i, 0, bytes, 0, arena.dimension());
      arena.settle(i);
    }
  }

  private static HnswGraph linked(VectorArena arena, int count, int efConstruction) {
    HnswGraph graph = new HnswGraph(16);
    GraphMaintenance maintenance = new GraphMaintenance(graph, arena, efConstruction);
    long[] none = new long[count / 64 + 1];
    while (maintenance.plan(count, none)) {
      maintenance.apply();
    }
    return graph;
  }

  private static float[] vector(SplitMix64 random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (random.nextLong() >>> 40) / (float) (1 << 24);
    }
    return vector;
  }

  /** Groups of near-duplicates one after the other, as the versions of notes come. */
  private static String row() {
    int count = 8000;
    int dimension = 32;
    SplitMix64 random = new SplitMix64(5);
    float[][] base = new float[count][dimension];
    float[] center = new float[dimension];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < dimension; j++) {
        center[j] = i % 200 == 0 ? normal(random) : center[j];
        base[i][j] = center[j] + 0.01f * normal(random);
      }
    }
    VectorArena arena = new ByteCodedArena(dimension, Metric.L2);
    fill(arena, base);
    HnswGraph graph = linked(arena, count, 200);
    long[] none = new long[count / 64 + 1];
    SearchedGraph index = new SearchedGraph(arena, graph);
    int found = 0;
    for (int i = 0; i < count; i++) {
      // Not to the bit: that one would be looked up.
      float[] query = arena.get(i);
      query[0] = Math.nextUp(query[0]);
      long[] nearest = index.nearest(query, 1, 100, false, none, count, count);
      found += Candidate.ordinal(nearest[0]) == i ? 1 : 0;
    }
    return found >= 0.995 * count ? "" : found + " of " + count + " find themselves";
  }

  /** Groups as near each other as codes can tell: no more nodes are raised than by the vectors. */
  private static String levels() {
    float[][] base =
        new Cell(Shapes.named("groups of 50 noise 0.001"), Metric.COSINE, 2, COUNT, Cell.SEED)
            .data(1)
            .base();
    int byCodes = raised(new ByteCodedArena(2, Metric.COSINE), base);
    int byVectors = raised(HeapArena.SCALAR.create(2, Metric.COSINE), base);
    return byCodes <= byVectors * 1.1 ? "" : byCodes + " nodes are raised instead of " + byVectors;
  }

  private static int raised(VectorArena arena, float[][] base) {
    fill(arena, base);
    HnswGraph graph = linked(arena, COUNT, 100);
    int raised = 0;
    for (int i = 0; i < COUNT; i++) {
      raised += Math.max(0, graph.level(i));
    }
    return raised;
  }

  /** Vectors that many entries have, where walks do not lead to each. */
  private static String nodes() {
    float[][] base =
        new Cell(Shapes.named("log-normal lengths"), Metric.L2, 384, COUNT, Cell.SEED)
            .data(1)
            .base();
    System.arraycopy(base, 0, base, COUNT / 2, COUNT / 2);
    VectorArena arena = new ByteCodedArena(384, Metric.L2);
    fill(arena, base);
    HnswGraph graph = linked(arena, COUNT, 100);
    int nodes = 0;
    for (int i = 0; i < COUNT; i++) {
      nodes += graph.level(i) >= 0 ? 1 : 0;
    }
    return nodes == COUNT / 2 ? "" : nodes + " nodes for " + COUNT / 2 + " vectors";
  }

  /** About normally distributed: the sum of twelve. */
  private static float normal(SplitMix64 random) {
    float sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += (random.nextLong() >>> 40) / (float) (1 << 24);
    }
    return sum;
  }

  /** A scan by bounds and one by the vectors. */
  private static String scan() {
    SplitMix64 random = new SplitMix64(3);
    VectorArena arena = filled(random);
    SearchedGraph bounded = new SearchedGraph(arena, new HnswGraph(16));
    SearchedGraph plain = new SearchedGraph(arena.view(), new HnswGraph(16));
    long[] none = new long[COUNT / 64 + 1];
    for (int i = 0; i < 50; i++) {
      float[] query = vector(random);
      long[] found = bounded.nearest(query, 10, 10, true, none, COUNT, COUNT);
      if (!Arrays.equals(found, plain.nearest(query, 10, 10, true, none, COUNT, COUNT))) {
        return "a scan by bounds finds others";
      }
    }
    return "";
  }

  /** A graph without a single link. */
  private static String fill() {
    VectorArena arena = filled(new SplitMix64(4));
    HnswGraph graph = new HnswGraph(16);
    for (int i = 0; i < COUNT; i++) {
      graph.add(0);
    }
    SearchedGraph index = new SearchedGraph(arena, graph);
    long[] none = new long[COUNT / 64 + 1];
    long[] found = index.nearest(arena.get(7), 10, 10, false, none, COUNT, COUNT);
    return found.length == 10 ? "" : found.length + " hits of 10";
  }
}
