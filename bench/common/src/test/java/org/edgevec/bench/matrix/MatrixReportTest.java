package org.edgevec.bench.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.edgevec.Metric;
import org.edgevec.bench.Machine;
import org.edgevec.bench.Report;
import org.edgevec.shape.Cell;
import org.edgevec.shape.CellData;
import org.edgevec.shape.Shapes;
import org.edgevec.vector.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatrixReportTest {

  private static final Cell CELL = new Cell(Shapes.named("Gaussian"), Metric.L2, 4, 300, 1);

  @TempDir Path folder;

  @Test
  void whatAnIndexMissesIsToldWithItsCell() throws IOException {
    String report = report(List.of(measure("good", 300, 300, 300), measure("bad", 20, 300, 300)));
    assertThat(report)
        .contains("1 of 2 cells keep to the bar.")
        .containsPattern("\\| good \\| 4 (\\| 1\\.0000 ){3}")
        .containsPattern(
            "\\| recall below the float walk's \\| at most 0\\.005 \\| 0\\.[5-9].* bad,")
        .containsPattern("\\| self \\| at least 0\\.995 \\| 0\\.0[0-9]+ \\| bad, L2, 4 dimensions")
        .containsPattern(
            "\\| bad, L2, 4 dimensions \\| recall 0\\.[0-9]+, by the vectors .* 1\\.0");
  }

  @Test
  void oneThatFailsOrRefusesLeavesTheOthers() throws IOException {
    String report = report(List.of(measure("no peer", 300, 300, -1), measure("no", -1, 300, 300)));
    assertThat(report)
        .containsPattern("\\| no peer \\| 4 \\| 1\\.0000 \\| 1\\.0000 \\| – ")
        .containsPattern("\\| no \\| 4 \\| refused \\| 1\\.0000 \\| 1\\.0000 ")
        .contains("2 of 2 cells keep to the bar.");
  }

  @Test
  void aCrewMeasuresEveryCellAndPassesOnWhatEndsIt() throws Exception {
    List<Integer> sizes = List.of(300, 20, 300, 20, 300);
    List<MeasuredCell> cells =
        Crew.measure(sizes, () -> worker(size -> measure("of " + size, size, 300, 300)));
    assertThat(cells)
        .extracting(MeasuredCell::data)
        .containsExactly("of 300", "of 20", "of 300", "of 20", "of 300");
    assertThatThrownBy(
            () ->
                Crew.measure(
                    sizes,
                    () ->
                        worker(
                            size -> {
                              throw new IOException("gone");
                            })))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
  }

  private interface Measuring {
    MeasuredCell measure(int size) throws IOException;
  }

  private static Crew.Worker<Integer> worker(Measuring measuring) {
    return new Crew.Worker<>() {
      @Override
      public MeasuredCell measure(Integer size) throws IOException {
        return measuring.measure(size);
      }

      @Override
      public void close() {}
    };
  }

  private String report(List<MeasuredCell> cells) throws IOException {
    Report report = new Report(folder, "test", "Test", Machine.current());
    report.section("Matrix");
    MatrixReport.tell(report, cells);
    report.save();
    assertThat(folder.resolve("test.json")).content().contains("\"cells\"");
    return Files.readString(report.markdownFile());
  }

  /** Each of three indexes knows so many of the vectors; with a negative number it refuses them. */
  private static MeasuredCell measure(String name, int shipped, int floats, int peer) {
    return MeasuredCell.measure(
        name,
        CELL.data(20),
        List.of(new Scan("ours", shipped), new Scan("floats", floats), new Scan("peer", peer)),
        1);
  }

  private static final class Scan implements Contestant {
    private final String name;
    private final int known;
    private float[][] base = {};
    private float[][] queries = {};

    Scan(String name, int known) {
      this.name = name;
      this.known = known;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double build(CellData data) {
      if (known < 0) {
        throw new RefusedException("no", new IllegalArgumentException());
      }
      base = Arrays.copyOf(data.base(), known);
      queries = data.queries();
      return 1;
    }

    @Override
    public int[][] search(float[][] asked, int k, int efSearch) {
      return Arrays.stream(asked).map(query -> search(query, k)).toArray(int[][]::new);
    }

    private int[] search(float[] query, int k) {
      Integer[] ordinals = new Integer[known];
      Arrays.setAll(ordinals, i -> i);
      Arrays.sort(
          ordinals, (a, b) -> Float.compare(distance(base[a], query), distance(base[b], query)));
      return Arrays.stream(ordinals).limit(k).mapToInt(i -> i).toArray();
    }

    private static float distance(float[] a, float[] b) {
      return Vectors.squaredDistance(a, 0, b, 0, a.length);
    }

    @Override
    public double passMillis(int k, int efSearch) {
      search(queries, k, efSearch);
      return 20;
    }

    @Override
    public long walkedAgain() {
      return -1;
    }

    @Override
    public void close() {}
  }
}
