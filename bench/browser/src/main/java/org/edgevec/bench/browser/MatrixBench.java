package org.edgevec.bench.browser;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.edgevec.Metric;
import org.edgevec.bench.DataSet;
import org.edgevec.bench.Report;
import org.edgevec.bench.matrix.Contestant;
import org.edgevec.bench.matrix.Crew;
import org.edgevec.bench.matrix.MatrixOptions;
import org.edgevec.bench.matrix.MatrixReport;
import org.edgevec.bench.matrix.MeasuredCell;
import org.edgevec.browser.Browsers;
import org.edgevec.shape.Cell;
import org.edgevec.shape.CellData;
import org.edgevec.shape.Shapes;

/**
 * Search on data of many shapes, as shipped, walked by floats, and by hnswlib-wasm, in as many
 * browsers as there are processors. The three indexes of a cell are timed in rounds that alternate.
 */
final class MatrixBench {

  private static final Gson GSON = new Gson();
  private static final int M = 16;

  /** After so many cells the page is loaded anew: hnswlib-wasm gives no memory back. */
  private static final int CELLS_OF_A_PAGE = 25;

  private final BenchServer server;
  private final Report report;
  private final MatrixOptions options;
  private final Effort effort;
  private final AtomicInteger served = new AtomicInteger();

  /**
   * How much is done.
   *
   * @param efConstruction of all graphs
   * @param rounds how often the searches of a cell are timed
   * @param budget what a step of one index on one cell may take
   */
  record Effort(int efConstruction, int rounds, Duration budget, boolean isQuick) {}

  MatrixBench(BenchServer server, Report report, MatrixOptions options, Effort effort) {
    this.server = server;
    this.report = report;
    this.options = options;
    this.effort = effort;
  }

  /** A cell before its data are there. */
  private record Named(String name, Loading loading) {}

  private interface Loading {
    CellData load() throws IOException;
  }

  /** Measured first on every page and not told: by then the code is compiled. */
  private static final Named WARM_UP =
      new Named(
          "warm-up",
          () -> new Cell(Shapes.named("Gaussian"), Metric.L2, 16, 1_500, Cell.SEED).data(50));

  /**
   * Measures a section's cells and reports.
   *
   * @param section one of {@link MatrixOptions}'
   * @param data real data besides, which the first section has
   */
  void run(String section, List<String> data) throws Exception {
    report.section("Data shapes: " + section);
    List<Named> cells = new ArrayList<>();
    for (Cell cell : options.cells(section, effort.isQuick())) {
      cells.add(new Named(cell.shape().name(), () -> options.data(cell)));
    }
    if (section.equals(MatrixOptions.MATRIX)) {
      for (String spec : data) {
        addStored(spec, cells);
      }
    }
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("No cell is left of " + section + " by these options.");
    }
    report.text(
        String.format(
            "M %d, efConstruction %d, %s; EdgeVec's sources as the tests' bundle has them.",
            M, effort.efConstruction(), options.description()));
    MatrixReport.tell(report, Crew.measure(cells, Worker::new));
  }

  private void addStored(String spec, List<Named> cells) throws IOException {
    DataSet data = options.load(spec);
    for (Metric metric : options.metrics()) {
      cells.add(new Named(data.name(), () -> new CellData(metric, data.base(), data.queries())));
    }
  }

  /** A browser of its own, driven by the thread that made it. */
  private final class Worker implements Crew.Worker<Named> {
    private final Playwright playwright = Browsers.playwright();
    private final BenchBrowser browser;
    private int measured;

    Worker() throws IOException {
      try {
        browser = BenchBrowser.start(playwright, server.url("/bench.html"));
        measureLoaded(WARM_UP);
      } catch (IOException | RuntimeException e) {
        playwright.close();
        throw e;
      }
    }

    @Override
    public MeasuredCell measure(Named cell) throws IOException {
      if (++measured % CELLS_OF_A_PAGE == 0) {
        browser.reload();
        measureLoaded(WARM_UP);
      }
      return measureLoaded(cell);
    }

    private MeasuredCell measureLoaded(Named cell) throws IOException {
      CellData data = cell.loading().load();
      ServedData shown = shown(data);
      server.add(shown);
      try {
        browser.run(
            effort.budget(),
            "matrixLoad",
            shown.description(),
            data.metric().name(),
            data.queries().length);
        return MeasuredCell.measure(
            cell.name(),
            data,
            List.of(
                new OnPage(browser, "shipped", "EdgeVec", data),
                new OnPage(browser, "floats", "floats", data),
                new OnPage(browser, "peer", "hnswlib-wasm", data)),
            effort.rounds());
      } finally {
        server.remove(shown);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        browser.close();
      } finally {
        playwright.close();
      }
    }
  }

  private ServedData shown(CellData data) {
    float[][] asked =
        Stream.of(data.queries(), data.sample(), data.besideSample())
            .flatMap(Arrays::stream)
            .toArray(float[][]::new);
    return new ServedData(
        "cell-" + served.incrementAndGet(),
        data.dimension(),
        data.base().length,
        (first, count) -> Arrays.copyOfRange(data.base(), first, first + count),
        asked);
  }

  /** One of the three indexes, on the page. */
  private final class OnPage implements Contestant {
    private final BenchBrowser browser;
    private final String key;
    private final String name;
    private final CellData data;

    OnPage(BenchBrowser browser, String key, String name, CellData data) {
      this.browser = browser;
      this.key = key;
      this.name = name;
      this.data = data;
    }

    private JsonElement run(String task, Object... arguments) {
      Object[] all = new Object[arguments.length + 1];
      all[0] = key;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      return browser.run(effort.budget(), task, all);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double build(CellData ofPage) {
      Map<String, Integer> graph = Map.of("m", M, "efConstruction", effort.efConstruction());
      try {
        return run("matrixBuild", graph).getAsDouble() / 1000;
      } catch (IllegalStateException e) {
        if (String.valueOf(e.getMessage()).contains("InvalidInputException")) {
          throw new RefusedException(String.valueOf(e.getMessage()), e);
        }
        throw e;
      }
    }

    @Override
    public int[][] search(float[][] asked, int k, int efSearch) {
      // The page has the sample and what is beside it as one.
      boolean isSample = asked != data.queries();
      int first = asked == data.besideSample() ? data.sample().length : 0;
      int[] found = GSON.fromJson(run("matrixSearch", isSample, k, efSearch), int[].class);
      int[][] hits = new int[asked.length][];
      for (int i = 0; i < hits.length; i++) {
        int from = (first + i) * k;
        hits[i] = Arrays.stream(found, from, from + k).filter(hit -> hit >= 0).toArray();
      }
      return hits;
    }

    @Override
    public double passMillis(int k, int efSearch) {
      return run("matrixPass", k, efSearch).getAsDouble();
    }

    @Override
    public long walkedAgain() {
      return run("matrixWalkedAgain").getAsLong();
    }

    @Override
    public void close() {
      // The page closes all at once, so once is enough; more does no harm.
      browser.run(effort.budget(), "matrixClose");
    }
  }
}
