package org.edgevec.browser.bundle;

import java.util.Arrays;
import org.edgevec.HnswOptions;
import org.edgevec.Metric;
import org.edgevec.linear.Floats;
import org.edgevec.linear.LinearArena;
import org.edgevec.shape.CellIndex;
import org.edgevec.shape.FloatArena;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.typedarrays.Float32Array;

/** Two indexes over the same vectors, for a benchmark: as shipped, and walked by floats. */
final class MatrixIndexes {

  private static Metric metric = Metric.L2;
  private static float[][] base = {};
  private static float[][] queries = {};
  private static float[][] sample = {};
  private static @Nullable CellIndex shipped;
  private static @Nullable CellIndex walkedByFloats;

  private MatrixIndexes() {}

  static void load(
      Metric by,
      int dimension,
      Float32Array stored,
      Float32Array asked,
      Float32Array askedForThemselves) {
    metric = by;
    base = rows(stored, dimension);
    queries = rows(asked, dimension);
    sample = rows(askedForThemselves, dimension);
  }

  private static float[][] rows(Float32Array all, int dimension) {
    float[] floats = Floats.copyOf(all);
    float[][] rows = new float[floats.length / dimension][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(floats, i * dimension, (i + 1) * dimension);
    }
    return rows;
  }

  static String build(boolean floats, int m, int efConstruction) {
    VectorArena.Factory vectors = LinearArena.factory();
    HnswOptions graph = HnswOptions.of(m, efConstruction);
    if (floats) {
      walkedByFloats = CellIndex.build(base, metric, graph, FloatArena.factory(vectors));
    } else {
      shipped = CellIndex.build(base, metric, graph, vectors);
    }
    return "built";
  }

  private static CellIndex index(boolean floats) {
    CellIndex index = floats ? walkedByFloats : shipped;
    if (index == null) {
      throw new IllegalStateException("nothing is built");
    }
    return index;
  }

  static int[] search(boolean floats, boolean ofSample, int k, int efSearch) {
    int[][] found = index(floats).search(ofSample ? sample : queries, k, efSearch);
    int[] ordinals = new int[k * found.length];
    Arrays.fill(ordinals, -1);
    for (int i = 0; i < found.length; i++) {
      System.arraycopy(found[i], 0, ordinals, i * k, found[i].length);
    }
    return ordinals;
  }

  static double walkedAgain(boolean floats) {
    return index(floats).walkedAgain();
  }

  static String close() {
    if (shipped != null) {
      shipped.close();
      shipped = null;
    }
    if (walkedByFloats != null) {
      walkedByFloats.close();
      walkedByFloats = null;
    }
    return "closed";
  }
}
