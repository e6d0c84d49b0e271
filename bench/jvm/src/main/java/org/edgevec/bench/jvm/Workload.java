package org.edgevec.bench.jvm;

import java.io.IOException;
import java.nio.file.Path;
import org.edgevec.bench.DataSet;
import org.edgevec.bench.ExactNeighbors;
import org.edgevec.bench.VecsFile;

/**
 * A data set with its true neighbours, as files that child JVMs read.
 *
 * @param name of the data, for people
 * @param key of the data, for file names
 * @param size how many vectors
 * @param dimension their components
 * @param folder where the files are
 */
record Workload(String name, String key, int size, int dimension, Path folder) {

  static Path baseFile(Path folder) {
    return folder.resolve("base.fvecs");
  }

  static Path queryFile(Path folder) {
    return folder.resolve("query.fvecs");
  }

  static Path truthFile(Path folder) {
    return folder.resolve("truth.ivecs");
  }

  /** Finds the {@code k} true neighbours of each query, and writes all into an empty folder. */
  static Workload prepare(DataSet data, int k, Path folder) throws IOException {
    Folders.empty(folder);
    VecsFile.write(baseFile(folder), data.base());
    VecsFile.write(queryFile(folder), data.queries());
    VecsFile.write(truthFile(folder), ExactNeighbors.find(data.base(), data.queries(), k));
    return new Workload(data.name(), data.key(), data.size(), data.dimension(), folder);
  }
}
