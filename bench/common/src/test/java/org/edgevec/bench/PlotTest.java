package org.edgevec.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotTest {

  private static final int BLUE = 0xff0072b2;
  private static final int GREY = 0xff808080;

  @TempDir Path folder;

  /** As many lines as there are peers, with as many points as a sweep has. */
  private static Plot crowded() {
    Plot plot = new Plot("Recall against QPS", "recall@10", "QPS").yLogarithmic();
    for (int line = 1; line <= 7; line++) {
      double[] recalls =
          IntStream.range(0, 12).mapToDouble(i -> 1 - Math.pow(0.6, i + 4)).toArray();
      double unit = 3000.0 * line;
      double[] rates = Arrays.stream(recalls).map(recall -> unit * (1.02 - recall)).toArray();
      plot.line("an index with a long name, " + line, recalls, rates);
    }
    return plot.reference("to compare with", new double[] {0.9, 1}, new double[] {100, 2000});
  }

  @Test
  void aPlotIsASmallSharpImage() throws IOException {
    Path file = folder.resolve("plot.png");
    Files.writeString(file, "what was there before, however long it is".repeat(10_000));
    crowded().write(file);
    assertThat(Files.size(file)).isBetween(10_000L, 60_000L);
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(1440);
    assertThat(image.getHeight()).isEqualTo(840);
    int[] pixels = image.getRGB(0, 0, 1440, 840, null, 0, 1440);
    assertThat(Arrays.stream(pixels).distinct().count()).isBetween(100L, 256L);
    assertThat(pixels).contains(BLUE, GREY).startsWith(-1);
  }

  @Test
  void everyKindOfAxisCanBeDrawn() throws IOException {
    double[] n = {1000, 10_000, 1_000_000};
    double[] tiny = {0.0001, 0.001, 0.0002};
    Plot linear = new Plot("p", "x", "y").line("line", n, tiny);
    Plot logarithmic = new Plot("p", "x", "y").xLogarithmic().yLogarithmic().line("line", n, tiny);
    Plot single = new Plot("p", "x", "y").line("line", new double[] {1}, new double[] {5});
    for (Plot plot : new Plot[] {linear, logarithmic, single}) {
      Path file = folder.resolve("plot.png");
      plot.write(file);
      assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(1440);
    }
  }

  @Test
  void whatIsNoPointIsRefusedAndALineWithoutPointsIsNone() {
    Plot plot = new Plot("p", "x", "y");
    assertThatThrownBy(() -> plot.line("line", new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 and 3 coordinates");
    assertThat(plot.line("line", new double[0], new double[0]).isEmpty()).isTrue();
    plot.from(0.9).line("line", new double[] {0.5, 0.8}, new double[2]);
    assertThat(plot.isEmpty()).isTrue();
    plot.line("line", new double[] {0.8, 0.9, 1}, new double[3]);
    assertThat(plot.isEmpty()).isFalse();
  }
}
