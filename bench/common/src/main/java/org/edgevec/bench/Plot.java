package org.edgevec.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A plot of one or more lines, written as SVG, its letters as shapes. Needs a font, but no screen.
 * The vertical axis begins at 0 unless it is logarithmic.
 */
public final class Plot {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;

  private static final String NUMBERS = "#,##0.####";
  private static final DecimalFormatSymbols SYMBOLS = DecimalFormatSymbols.getInstance(Locale.ROOT);
  private static final double EPSILON = 1e-6;

  private static final Color GRID = new Color(0xe0e0e0);
  private static final Color REFERENCE = new Color(0x808080);

  /** Told apart by the colour-blind, too (Okabe and Ito, 2008). */
  private static final Color[] COLORS = {
    new Color(0x0072b2),
    new Color(0xd55e00),
    new Color(0x009e73),
    new Color(0xcc79a7),
    new Color(0xe69f00),
    new Color(0x56b4e9),
    new Color(0x000000),
  };

  static {
    // Before anything of AWT's is loaded: a screen that may be there is not asked for.
    System.setProperty("java.awt.headless", "true");
  }

  private final String title;
  private final String xTitle;
  private final String yTitle;
  private final List<Series> lines = new ArrayList<>();
  private double least = Double.NEGATIVE_INFINITY;
  private boolean isXLogarithmic;
  private boolean isYLogarithmic;

  /** A line; {@code x} and {@code y} are equally long. */
  private record Series(String name, double[] x, double[] y, boolean isDashed) {}

  public Plot(String title, String xTitle, String yTitle) {
    this.title = title;
    this.xTitle = xTitle;
    this.yTitle = yTitle;
  }

  /** Leaves out what of the lines to come lies further to the left. */
  public Plot from(double x) {
    least = x;
    return this;
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
    int[] shown =
        IntStream.range(0, series.x().length).filter(i -> series.x()[i] >= least).toArray();
    if (shown.length > 0) {
      lines.add(
          new Series(
              series.name(),
              IntStream.of(shown).mapToDouble(i -> series.x()[i]).toArray(),
              IntStream.of(shown).mapToDouble(i -> series.y()[i]).toArray(),
              series.isDashed()));
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
   * Writes the plot, in place of a file that may be there.
   *
   * @param file with a name that ends in {@code .svg}
   */
  public void write(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      VectorGraphicsEncoder.saveVectorGraphic(chart(), out, VectorGraphicsFormat.SVG);
    }
  }

  private XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .theme(Styler.ChartTheme.Matlab)
            .build();
    style(chart.getStyler());
    for (Series line : lines) {
      XYSeries series = chart.addSeries(line.name(), line.x(), line.y());
      series.setMarker(line.isDashed() ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
      if (line.isDashed()) {
        series.setLineColor(REFERENCE).setLineStyle(SeriesLines.DASH_DASH);
      }
    }
    return chart;
  }

  /** A number on a logarithmic axis; only every third, or they would overlap. */
  private static String label(double value) {
    double mantissa = value / Math.pow(10, Math.floor(Math.log10(value) + EPSILON));
    boolean isShown =
        DoubleStream.of(1, 2, 5).anyMatch(shown -> Math.abs(mantissa - shown) < EPSILON);
    // XChart cannot lay out a text of no length.
    return isShown ? new DecimalFormat(NUMBERS, SYMBOLS).format(value) : " ";
  }

  private void style(XYStyler styler) {
    styler.setXAxisLogarithmic(isXLogarithmic);
    styler.setYAxisLogarithmic(isYLogarithmic);
    styler.setLocale(Locale.ROOT);
    styler.setXAxisDecimalPattern(NUMBERS);
    styler.setYAxisDecimalPattern(NUMBERS);
    if (isYLogarithmic) {
      styler.setYAxisLogarithmicDecadeOnly(false);
      styler.setYAxisTickLabelsFormattingFunction(Plot::label);
    } else {
      // So that heights are ratios.
      styler.setYAxisMin(0.0);
    }
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setSeriesColors(COLORS);
    styler.setPlotBorderColor(GRID);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setPlotTicksMarksVisible(false);
    styler.setMarkerSize(7);
  }
}
