package org.edgevec.bench.jvm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.edgevec.Metric;
import org.edgevec.bench.DataSet;
import org.edgevec.bench.Report;
import org.edgevec.bench.matrix.Crew;
import org.edgevec.bench.matrix.MatrixOptions;
import org.edgevec.bench.matrix.MatrixReport;
import org.edgevec.bench.matrix.MeasuredCell;
import org.edgevec.shape.Cell;
import org.edgevec.shape.Shapes;

/**
 * Search on data of many shapes, as shipped, walked by floats, and by hnswlib-core: one of {@link
 * MatrixOptions}' sections.
 *
 * <p>Cells are measured in as many JVMs as there are processors. The three indexes of a cell are
 * timed in rounds that alternate, so a ratio compares what ran at nearly the same time.
 */
final class MatrixSection implements Section {

  /** Measured first in every JVM and not told: by then the code is compiled. */
  private static final Cell WARM_UP =
      new Cell(Shapes.named("Gaussian"), Metric.L2, 16, 1_500, Cell.SEED);

  private final String name;

  MatrixSection(String name) {
    this.name = name;
  }

  /** What a child is asked. */
  private record Request(String command, Object arguments) {}

  @Override
  public void run(Settings settings, Report report) throws Exception {
    report.section("Data shapes: " + name);
    List<Request> requests = new ArrayList<>();
    for (Cell cell : settings.matrix().cells(name, settings.isQuick())) {
      requests.add(new Request("generated", generated(settings, cell)));
    }
    if (name.equals(MatrixOptions.MATRIX)) {
      addStored(settings, requests);
    }
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("No cell is left of " + name + " by these options.");
    }
    report.text(
        String.format(
            "M %d, efConstruction %d, %s; hnswlib-core with EdgeVec's kernel.",
            settings.parameters().m(),
            settings.parameters().efConstruction(),
            settings.matrix().description()));
    MatrixReport.tell(report, Crew.measure(requests, () -> new Worker(settings)));
  }

  private static MatrixTask.Generated generated(Settings settings, Cell cell) {
    return new MatrixTask.Generated(
        cell.shape().name(),
        cell.metric(),
        cell.dimension(),
        cell.count(),
        cell.seed(),
        settings.matrix().queries(),
        settings.parameters(),
        settings.rounds());
  }

  private static void addStored(Settings settings, List<Request> requests) throws IOException {
    for (String spec : settings.askedData()) {
      DataSet data = settings.matrix().load(spec);
      Workload workload =
          Workload.prepare(data, 1, settings.work().resolve("matrix-" + data.key()));
      for (Metric metric : settings.matrix().metrics()) {
        requests.add(
            new Request(
                "stored",
                new MatrixTask.Stored(
                    data.name(),
                    workload.folder().toString(),
                    metric,
                    settings.parameters(),
                    settings.rounds())));
      }
    }
  }

  /** A JVM with the Vector API. */
  private static final class Worker implements Crew.Worker<Request> {
    private final Child child;

    Worker(Settings settings) throws IOException {
      child = settings.startEdgeVec(MatrixTask.class);
      measure(new Request("generated", generated(settings, WARM_UP)));
    }

    @Override
    public MeasuredCell measure(Request request) throws IOException {
      return child.ask(request.command(), request.arguments(), MeasuredCell.class);
    }

    @Override
    public void close() throws IOException {
      child.close();
    }
  }
}
