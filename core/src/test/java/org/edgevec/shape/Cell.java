package org.edgevec.shape;

import java.util.ArrayList;
import java.util.List;
import org.edgevec.Metric;

/**
 * A cell of the matrix: names data that are drawn from it alone.
 *
 * @param count how many vectors are stored
 * @param seed of what is drawn at random
 */
public record Cell(Shape shape, Metric metric, int dimension, int count, long seed) {

  /** The dimensions of the matrix. */
  public static final List<Integer> DIMENSIONS = List.of(2, 16, 64, 384, 768);

  /** The seed of whoever has no reason for another one. */
  public static final long SEED = 11;

  /** Those of a {@link #round} in turn, the larger ones less often: they take longer. */
  private static final List<Integer> ROUND_DIMENSIONS = List.of(16, 64, 2, 384, 16, 64, 768);

  /** Draws its vectors and so many queries. */
  public CellData data(int queries) {
    Chance chance = new Chance(seed);
    Shape.Source source = shape.maker().begin(new Shape.Space(dimension, count, metric, chance));
    float[][] base = new float[count][];
    for (int i = 0; i < count; i++) {
      base[i] = source.stored(i);
    }
    float[][] heldOut = new float[queries][];
    for (int i = 0; i < queries; i++) {
      heldOut[i] = source.heldOut();
    }
    return new CellData(metric, base, heldOut);
  }

  /**
   * Cells in which every shape, every metric and every dimension occurs, and each with many of the
   * others: few enough for a test. First come those that were found wrong once.
   */
  public static List<Cell> round(int count, long seed) {
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell(Shapes.named("groups of 500 noise 0.01"), Metric.COSINE, 64, count, seed));
    cells.add(new Cell(Shapes.named("offset later"), Metric.L2, 64, count, seed));
    cells.add(new Cell(Shapes.named("an outlier component later"), Metric.L2, 64, count, seed));
    cells.add(new Cell(Shapes.named("versions of notes"), Metric.COSINE, 384, count, seed));
    List<Shape> shapes = Shapes.matrix();
    for (int i = 0; i < shapes.size(); i++) {
      // Cosines of places far out on a line differ by less than a float can show.
      boolean isLine = shapes.get(i).name().equals("line of integers");
      Metric metric = isLine ? Metric.L2 : Metric.values()[i % 3];
      int dimension = ROUND_DIMENSIONS.get(i % ROUND_DIMENSIONS.size());
      cells.add(new Cell(shapes.get(i), metric, dimension, count, seed));
    }
    return cells;
  }

  @Override
  public String toString() {
    return shape + ", " + metric + ", " + count + " x " + dimension + ", seed " + seed;
  }
}
