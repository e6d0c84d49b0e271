package org.edgevec.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.edgevec.shape.ClusteredVectors;

/**
 * Names a data set on the command line.
 *
 * <ul>
 *   <li>{@code mnist=FOLDER}: MNIST's {@code train-images-idx3-ubyte.gz} and {@code
 *       t10k-images-idx3-ubyte.gz}, 60,000 vectors of 784 numbers and 10,000 queries;
 *   <li>{@code sift=FOLDER}: one file {@code *base.fvecs} and one {@code *query.fvecs};
 *   <li>{@code minilm=FOLDER}: the same files, of sentence embeddings of length 1;
 *   <li>{@code clustered=COUNTxDIMENSION}: from {@link ClusteredVectors}, as {@code
 *       clustered=10000x384}.
 * </ul>
 */
public final class DataSpec {

  /** Of generated data; the same seed gives the same vectors on every machine. */
  public static final long SEED = 42;

  private static final int GENERATED_QUERIES = 10_000;
  private static final Pattern GENERATED = Pattern.compile("([1-9][0-9]{0,7})x([1-9][0-9]{0,3})");

  private DataSpec() {}

  /**
   * Reads or generates the data set that a text names.
   *
   * @param queries how many queries at most
   * @throws IllegalArgumentException if the text is of another form
   * @throws IOException if a file is missing or is not what it should be
   */
  public static DataSet load(String spec, int queries) throws IOException {
    int equals = spec.indexOf('=');
    String value = spec.substring(equals + 1);
    return switch (equals < 0 ? "" : spec.substring(0, equals)) {
      case "mnist" -> mnist(Path.of(value)).withQueries(queries);
      case "sift" -> vecs("SIFT", "sift", Path.of(value)).withQueries(queries);
      case "minilm" -> vecs("MiniLM", "minilm", Path.of(value)).withQueries(queries);
      case "clustered" -> clustered(spec, value, Math.min(queries, GENERATED_QUERIES));
      default -> throw new IllegalArgumentException(unknown(spec));
    };
  }

  private static String unknown(String spec) {
    return "\""
        + spec
        + "\" names no data; give mnist=FOLDER, sift=FOLDER, minilm=FOLDER or"
        + " clustered=COUNTxDIMENSION.";
  }

  private static DataSet mnist(Path folder) throws IOException {
    float[][] base = IdxFile.readImages(folder.resolve("train-images-idx3-ubyte.gz"));
    float[][] queries = IdxFile.readImages(folder.resolve("t10k-images-idx3-ubyte.gz"));
    return new DataSet(name("MNIST", base), "mnist", base, queries);
  }

  private static DataSet vecs(String what, String key, Path folder) throws IOException {
    float[][] base = VecsFile.readFloats(only(folder, "*base.fvecs"));
    float[][] queries = VecsFile.readFloats(only(folder, "*query.fvecs"));
    return new DataSet(name(what, base), key, base, queries);
  }

  private static Path only(Path folder, String glob) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
      var paths = found.iterator();
      if (!paths.hasNext()) {
        throw new IOException("There is no file " + glob + " in " + folder + ".");
      }
      Path first = paths.next();
      if (paths.hasNext()) {
        throw new IOException("There are several files " + glob + " in " + folder + ".");
      }
      return first;
    }
  }

  private static DataSet clustered(String spec, String size, int queries) {
    Matcher matcher = GENERATED.matcher(size);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(unknown(spec));
    }
    return clustered(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), queries);
  }

  /** Generated data of that size. A smaller data set is the beginning of a larger one. */
  public static DataSet clustered(int count, int dimension, int queries) {
    ClusteredVectors vectors = new ClusteredVectors(dimension, SEED);
    float[][] base = vectors.base(0, count);
    return new DataSet(
        name("clustered", base),
        "clustered-" + count + "x" + dimension,
        base,
        vectors.queries(queries));
  }

  private static String name(String what, float[][] base) {
    return String.format("%s %,d × %d", what, base.length, base[0].length);
  }
}
