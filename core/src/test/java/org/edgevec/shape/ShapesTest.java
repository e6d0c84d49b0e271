package org.edgevec.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.edgevec.Metric;
import org.edgevec.vector.Vectors;
import org.junit.jupiter.api.Test;

class ShapesTest {

  private static final int COUNT = 1_500;

  @Test
  void everyShapeGivesDirectionsOfEveryDimension() {
    for (Shape shape : Shapes.matrix()) {
      for (int dimension : new int[] {2, 16}) {
        CellData data = new Cell(shape, Metric.COSINE, dimension, COUNT, 3).data(20);
        assertThat(data.base()).as(shape.name()).hasDimensions(COUNT, dimension);
        assertThat(data.queries()).as(shape.name()).hasDimensions(30, dimension);
        for (float[] vector : data.base()) {
          assertThat(Vectors.isDirection(Vectors.norm(vector, 0, dimension)))
              .as(shape + " " + Arrays.toString(vector))
              .isTrue();
        }
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameVectorsOnEveryMachine() {
    int hash = 1;
    for (Shape shape : Shapes.matrix()) {
      CellData data = new Cell(shape, Metric.L2, 8, 200, 5).data(4);
      assertThat(new Cell(shape, Metric.L2, 8, 200, 5).data(4).queries())
          .as(shape.name())
          .isDeepEqualTo(data.queries());
      hash = 31 * hash + Arrays.deepHashCode(data.base());
      hash = 31 * hash + Arrays.deepHashCode(data.queries());
    }
    // Computed once, so that a change of the data is noticed: figures could not be compared.
    assertThat(hash).isEqualTo(433223171);
  }

  @Test
  void anotherSeedGivesOtherVectors() {
    for (String name : List.of("Gaussian", "clusters", "bags of words", "versions of notes")) {
      float[][] one = new Cell(Shapes.named(name), Metric.L2, 16, 10, 1).data(1).base();
      float[][] other = new Cell(Shapes.named(name), Metric.L2, 16, 10, 2).data(1).base();
      assertThat(Arrays.deepEquals(one, other)).as(name).isFalse();
    }
  }

  @Test
  void namesTellShapesApart() {
    Set<String> names = new HashSet<>();
    for (Shape shape : Shapes.matrix()) {
      assertThat(names.add(shape.name())).as(shape.name()).isTrue();
      assertThat(Shapes.named(shape.name())).isSameAs(shape);
    }
    assertThatThrownBy(() -> Shapes.named("triangles")).hasMessageContaining("triangles");
  }

  @Test
  void copiesAreAsManyAsTheirNameSays() {
    for (boolean isShuffled : new boolean[] {false, true}) {
      Shape shape = Shapes.copies(10, isShuffled);
      float[][] base = new Cell(shape, Metric.L2, 8, 200, 1).data(1).base();
      assertThat(distinct(base)).isEqualTo(20);
      assertThat(Arrays.equals(base[0], base[1]) && Arrays.equals(base[0], base[9]))
          .isEqualTo(!isShuffled);
    }
  }

  @Test
  void groupsLieAsNearAsTheirNoise() {
    float[][] base =
        new Cell(Shapes.named("groups of 50 noise 0.01"), Metric.L2, 32, 100, 1).data(1).base();
    assertThat(distinct(base)).isEqualTo(100);
    int near = 0;
    for (float[] vector : base) {
      near += Vectors.squaredDistance(base[0], 0, vector, 0, 32) < 32 * 0.03 * 0.03 ? 1 : 0;
    }
    assertThat(near).isBetween(25, 75);
  }

  @Test
  void whatComesLaterIsOfAnotherKind() {
    float[][] base = new Cell(Shapes.named("offset later"), Metric.L2, 4, COUNT, 1).data(1).base();
    for (int i = 0; i < COUNT; i++) {
      assertThat(base[i][0] > 50).isEqualTo(i >= Shapes.FIRST_KIND);
    }
  }

  @Test
  void aRoundHasEveryShapeMetricAndDimension() {
    Set<Shape> shapes = new HashSet<>();
    Set<Metric> metrics = new HashSet<>();
    Set<Integer> dimensions = new HashSet<>();
    for (Cell cell : Cell.round(1_000, 1)) {
      shapes.add(cell.shape());
      metrics.add(cell.metric());
      dimensions.add(cell.dimension());
    }
    assertThat(shapes).hasSameSizeAs(Shapes.matrix());
    assertThat(metrics).containsExactlyInAnyOrder(Metric.values());
    assertThat(dimensions).containsExactlyInAnyOrderElementsOf(Cell.DIMENSIONS);
  }

  private static long distinct(float[][] vectors) {
    return Arrays.stream(vectors).map(Arrays::toString).distinct().count();
  }
}
