package org.edgevec.bench.browser;

import java.util.Map;
import org.edgevec.bench.DataSet;
import org.edgevec.bench.DataSpec;
import org.edgevec.shape.ClusteredVectors;

/**
 * Vectors that pages can fetch.
 *
 * @param name in addresses
 * @param queries at least one
 */
record ServedData(String name, int dimension, int count, Rows rows, float[][] queries) {

  /** Gives the vectors with the ordinals from {@code first} on. */
  interface Rows {
    float[][] get(int first, int count);
  }

  /** What a page has to know of it. */
  Map<String, Object> description() {
    return Map.of("name", name, "dimension", dimension, "count", count);
  }

  /** A data set that is held whole. */
  static ServedData of(DataSet data) {
    Rows rows =
        (first, count) -> {
          float[][] result = new float[count][];
          System.arraycopy(data.base(), first, result, 0, count);
          return result;
        };
    return new ServedData(data.key(), data.dimension(), data.size(), rows, data.queries());
  }

  /** Generated vectors, made when they are asked for: there may be more than memory should hold. */
  static ServedData clustered(int count, int dimension) {
    ClusteredVectors vectors = new ClusteredVectors(dimension, DataSpec.SEED);
    return new ServedData(
        "clustered-" + count + "x" + dimension,
        dimension,
        count,
        vectors::base,
        vectors.queries(100));
  }
}
