package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.edgevec.HnswOptions;
import org.edgevec.InvalidInputException;
import org.edgevec.Metric;
import org.edgevec.bench.VecsFile;
import org.edgevec.bench.matrix.Contestant;
import org.edgevec.bench.matrix.MeasuredCell;
import org.edgevec.quant.CodedArena;
import org.edgevec.shape.Cell;
import org.edgevec.shape.CellData;
import org.edgevec.shape.CellIndex;
import org.edgevec.shape.Shapes;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.Kernel;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;

/** Measures cells of the matrix, with hnswlib-core beside. */
final class MatrixTask implements Task {

  private static final Gson GSON = new Gson();

  /**
   * Data to generate.
   *
   * @param shape its name
   * @param queries how many are held out
   */
  record Generated(
      String shape,
      Metric metric,
      int dimension,
      int count,
      long seed,
      int queries,
      BuildParameters parameters,
      int rounds) {}

  /**
   * Data to read.
   *
   * @param folder with the files of a {@link Workload}
   */
  record Stored(
      String name, String folder, Metric metric, BuildParameters parameters, int rounds) {}

  @Override
  public Object handle(String command, JsonObject arguments) throws IOException {
    return switch (command) {
      case "generated" -> measure(GSON.fromJson(arguments, Generated.class));
      case "stored" -> measure(GSON.fromJson(arguments, Stored.class));
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static MeasuredCell measure(Generated cell) {
    CellData data =
        new Cell(
                Shapes.named(cell.shape()),
                cell.metric(),
                cell.dimension(),
                cell.count(),
                cell.seed())
            .data(cell.queries());
    return MeasuredCell.measure(cell.shape(), data, contestants(cell.parameters()), cell.rounds());
  }

  private static MeasuredCell measure(Stored cell) throws IOException {
    Path folder = Path.of(cell.folder());
    CellData data =
        new CellData(
            cell.metric(),
            VecsFile.readFloats(Workload.baseFile(folder)),
            VecsFile.readFloats(Workload.queryFile(folder)));
    return MeasuredCell.measure(cell.name(), data, contestants(cell.parameters()), cell.rounds());
  }

  private static List<Contestant> contestants(BuildParameters parameters) {
    Kernel kernel = EdgeVecPeer.kernel();
    HnswOptions graph = HnswOptions.of(parameters.m(), parameters.efConstruction());
    return List.of(
        new OfEdgeVec("EdgeVec", graph, CodedArena.on(kernel)),
        new OfEdgeVec(
            "floats", graph, (dimension, metric) -> new HeapArena(dimension, metric, kernel)),
        new HnswlibCells(kernel, parameters));
  }

  /** EdgeVec over memory. */
  private static final class OfEdgeVec implements Contestant {
    private final String name;
    private final HnswOptions graph;
    private final VectorArena.Factory vectors;
    private @Nullable CellIndex index;
    private float[][] queries = {};

    OfEdgeVec(String name, HnswOptions graph, VectorArena.Factory vectors) {
      this.name = name;
      this.graph = graph;
      this.vectors = vectors;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double build(CellData data) {
      queries = data.queries();
      long begin = System.nanoTime();
      try {
        index = CellIndex.build(data.base(), data.metric(), graph, vectors);
      } catch (InvalidInputException e) {
        throw new RefusedException(String.valueOf(e.getMessage()), e);
      }
      return (System.nanoTime() - begin) / 1e9;
    }

    private CellIndex index() {
      CellIndex built = index;
      if (built == null) {
        throw new IllegalStateException("nothing is built");
      }
      return built;
    }

    @Override
    public int[][] search(float[][] asked, int k, int efSearch) {
      return index().search(asked, k, efSearch);
    }

    @Override
    public double passMillis(int k, int efSearch) {
      long begin = System.nanoTime();
      int[][] found = index().search(queries, k, efSearch);
      double millis = (System.nanoTime() - begin) / 1e6;
      return found.length == queries.length ? millis : Double.NaN;
    }

    @Override
    public long walkedAgain() {
      return index().walkedAgain();
    }

    @Override
    public void close() {
      if (index != null) {
        index.close();
      }
    }
  }

  @Override
  public void close() {
    // Nothing is left open.
  }
}
