package org.edgevec.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class PlotTest {

  private static final String BLUE = "rgb(0,114,178)";
  private static final String GREY = "rgb(128,128,128)";

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
  void aPlotIsASmallDrawingWithItsLinesAndPoints() throws Exception {
    Path file = folder.resolve("plot.svg");
    Files.writeString(file, "what was there before, however long it is".repeat(10_000));
    crowded().write(file);
    // As it is served, and as a repository keeps it.
    assertThat(compressedBytes(file)).isBetween(5_000, 40_000);
    Element svg = read(file);
    // Each point once, and a sample of each line in the legend.
    assertThat(svg.getElementsByTagName("ellipse").getLength()).isEqualTo(7 * 12 + 7);
    assertThat(Files.readString(file)).contains(BLUE, GREY, "stroke-dasharray");
  }

  /** So that a plot that was drawn anew differs where its numbers do. */
  @Test
  void theSameNumbersMakeTheSameFile() throws IOException {
    Path one = folder.resolve("one.svg");
    Path other = folder.resolve("other.svg");
    crowded().write(one);
    crowded().write(other);
    assertThat(other).hasSameBinaryContentAs(one);
  }

  @Test
  void everyKindOfAxisCanBeDrawn() throws Exception {
    double[] n = {1000, 10_000, 1_000_000};
    double[] tiny = {0.0001, 0.001, 0.0002};
    Plot linear = new Plot("p", "x", "y").line("line", n, tiny);
    Plot logarithmic = new Plot("p", "x", "y").xLogarithmic().yLogarithmic().line("line", n, tiny);
    Plot single = new Plot("p", "x", "y").line("line", new double[] {1}, new double[] {5});
    for (Plot plot : new Plot[] {linear, logarithmic, single}) {
      Path file = folder.resolve("plot.svg");
      plot.write(file);
      int points = plot == single ? 1 : n.length;
      assertThat(read(file).getElementsByTagName("ellipse").getLength()).isEqualTo(points + 1);
    }
  }

  private static Element read(Path file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    // The document type, which lies in the network, is not needed.
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    Element svg = factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    assertThat(svg.getTagName()).isEqualTo("svg");
    assertThat(svg.getAttribute("viewBox")).isEqualTo("0 0 720 420");
    return svg;
  }

  private static int compressedBytes(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(bytes)) {
      Files.copy(file, out);
    }
    return bytes.size();
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
