package org.edgevec.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A plot of one or more lines, written as SVG. Needs a font, but no screen. The vertical axis
 * begins at 0 unless it is logarithmic.
 */
public final class Plot {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 540;
  private static final String NUMBERS = "#,##0.####";

  private final String title;
  private final String xTitle;
  private final String yTitle;
  private final List<Series> lines = new ArrayList<>();
  private boolean isXLogarithmic;
  private boolean isYLogarithmic;

  /** A line; {@code x} and {@code y} are equally long. */
  private record Series(String name, double[] x, double[] y, boolean isDashed) {}

  public Plot(String title, String xTitle, String yTitle) {
    this.title = title;
    this.xTitle = xTitle;
    this.yTitle = yTitle;
  }

  /** With powers of ten on the horizontal axis. */
  public Plot xLogarithmic() {
    isXLogarithmic = true;
    return this;
  }

  /** With powers of ten on the vertical axis. */
  public Plot yLogarithmic() {
    isYLogarithmic = true;
    return this;
  }

  /**
   * Adds a line with a mark at each point; one without points is left out.
   *
   * @param name unique within the plot
   */
  public Plot line(String name, double[] x, double[] y) {
    return add(new Series(name, x, y, false));
  }

  /** Adds a line without marks, to compare with. */
  public Plot reference(String name, double[] x, double[] y) {
    return add(new Series(name, x, y, true));
  }

  private Plot add(Series series) {
    if (series.x().length != series.y().length) {
      throw new IllegalArgumentException(
          series.x().length + " and " + series.y().length + " coordinates are no points.");
    }
    if (series.x().length > 0) {
      lines.add(series);
    }
    return this;
  }

  public String title() {
    return title;
  }

  /** Whether there is nothing to draw. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /**
   * Writes the plot.
   *
   * @param file with a name that ends in {@code .svg}
   */
  public void write(Path file) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .theme(Styler.ChartTheme.Matlab)
            .build();
    chart.getStyler().setXAxisLogarithmic(isXLogarithmic);
    chart.getStyler().setYAxisLogarithmic(isYLogarithmic);
    chart.getStyler().setXAxisDecimalPattern(NUMBERS);
    chart.getStyler().setYAxisDecimalPattern(NUMBERS);
    if (!isYLogarithmic) {
      // So that heights are ratios.
      chart.getStyler().setYAxisMin(0.0);
    }
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    for (Series line : lines) {
      var series = chart.addSeries(line.name(), line.x(), line.y());
      series.setMarker(line.isDashed() ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
    }
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }
}
