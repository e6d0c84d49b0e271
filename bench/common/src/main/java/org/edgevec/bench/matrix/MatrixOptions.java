package org.edgevec.bench.matrix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.edgevec.Metric;
import org.edgevec.bench.DataSet;
import org.edgevec.bench.DataSpec;
import org.edgevec.shape.Cell;
import org.edgevec.shape.CellData;
import org.edgevec.shape.Quality;
import org.edgevec.shape.Shape;
import org.edgevec.shape.Shapes;
import picocli.CommandLine.Option;

/** Which cells are measured: options of the command line, the same on both sides. */
public final class MatrixOptions {

  /** The names of the three sections, in their order. */
  public static final String MATRIX = "matrix";

  public static final String COPIES = "copies";
  public static final String EDGES = "edges";

  /** So many are stored that {@code efSearch} 100 walks through a graph of {@code m} 16. */
  private static final int QUICK_COUNT = 3_300;

  private static final int COPIES_DIMENSION = 32;
  private static final int EDGES_DIMENSION = 16;

  /** Without a common divisor with the numbers of shapes, metrics and dimensions. */
  private static final int QUICK_EVERY = 13;

  @Option(
      names = "--matrix-dimensions",
      split = ",",
      paramLabel = "N",
      description = "Of the matrix (2,16,64,384,768)")
  private List<Integer> dimensions = Cell.DIMENSIONS;

  @Option(
      names = "--matrix-metrics",
      split = ",",
      paramLabel = "METRIC",
      description = "Of matrix, copies and edges (all of L2, COSINE, DOT)")
  private Set<Metric> metrics = EnumSet.allOf(Metric.class);

  @Option(
      names = "--matrix-shapes",
      split = ",",
      paramLabel = "TEXT",
      description =
          "Of matrix, copies and edges those shapes only whose name has one of these in it, as"
              + " \"groups of 500\"")
  private List<String> shapes = List.of("");

  @Option(
      names = "--matrix-count",
      paramLabel = "N",
      description = "Vectors of a cell (matrix and edges 4000, copies 10000, quick 3300)")
  private int count;

  @Option(
      names = "--matrix-queries",
      paramLabel = "N",
      description = "Held-out queries of a cell; half as many stored vectors are asked for, too")
  private int queries = 100;

  @Option(names = "--matrix-seed", paramLabel = "N", description = "Of all cells' data")
  private long seed = Cell.SEED;

  /**
   * The cells of a section, without those of real data.
   *
   * @throws IllegalArgumentException if the options leave none
   */
  public List<Cell> cells(String section, boolean isQuick) {
    List<Cell> cells =
        switch (section) {
          case MATRIX -> cells(Shapes.matrix(), dimensions, size(isQuick, 4_000));
          case COPIES -> cells(Shapes.copies(), List.of(COPIES_DIMENSION), size(isQuick, 10_000));
          case EDGES -> cells(Shapes.scales(), List.of(EDGES_DIMENSION), size(isQuick, 4_000));
          default -> throw new IllegalArgumentException(section);
        };
    return isQuick ? some(cells) : cells;
  }

  private int size(boolean isQuick, int full) {
    return count > 0 ? count : isQuick ? QUICK_COUNT : full;
  }

  private List<Cell> cells(List<Shape> all, List<Integer> ofDimensions, int size) {
    List<Cell> cells = new ArrayList<>();
    for (Metric metric : metrics) {
      for (Shape shape : all) {
        for (int dimension : ofDimensions) {
          if (isWanted(shape.name())) {
            cells.add(new Cell(shape, metric, dimension, size, seed));
          }
        }
      }
    }
    return cells;
  }

  private boolean isWanted(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return shapes.stream().anyMatch(part -> lower.contains(part.toLowerCase(Locale.ROOT)));
  }

  /** A few of all kinds and no large dimensions. */
  private static List<Cell> some(List<Cell> cells) {
    List<Cell> some = new ArrayList<>();
    for (int i = 0; i < cells.size(); i += QUICK_EVERY) {
      Cell cell = cells.get(i);
      int dimension = Math.min(EDGES_DIMENSION, cell.dimension());
      some.add(new Cell(cell.shape(), cell.metric(), dimension, cell.count(), cell.seed()));
    }
    return some;
  }

  /** Held-out queries of a cell. */
  public int queries() {
    return queries;
  }

  /** What the generated data of a cell are. */
  public CellData data(Cell cell) {
    return cell.data(queries);
  }

  /** The metrics that real data are measured under. */
  public List<Metric> metrics() {
    return List.copyOf(metrics);
  }

  /** Reads the real data that a text names. */
  public DataSet load(String spec) throws IOException {
    return DataSpec.load(spec, queries);
  }

  /** How a cell is asked, for people. */
  public String description() {
    return queries
        + " held-out queries a cell and half as many stored vectors, seed "
        + seed
        + ", efSearch "
        + Quality.EFS;
  }
}
