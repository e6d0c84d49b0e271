package org.edgevec.bench.matrix;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;
import org.edgevec.shape.Bar;

/** Tells what was measured on cells: a table for each metric, the worst cells, the faults. */
public final class MatrixReport {

  private static final String NONE = "–";

  private MatrixReport() {}

  /**
   * Adds the tables to the report's present section.
   *
   * @param cells at least one
   */
  public static void tell(Report report, List<MeasuredCell> cells) {
    String peer = cells.get(0).peer().name();
    report.text(
        String.format(
            "Recall@10 by score, ties counted, with efSearch 100; \"floats\" is the same index walked"
                + " and linked by the vectors themselves. A ratio of times says how many times as"
                + " long as EdgeVec the other takes. \"self\": the part of the stored vectors that"
                + " find themselves; \"beside\": if the query is a bit off, so that none is looked"
                + " up. Where efSearch is so large that a walk would cost more than a"
                + " scan (400 with fewer than 12,800 vectors), EdgeVec scans."));
    cells.stream()
        .map(MeasuredCell::metric)
        .distinct()
        .forEach(metric -> report.table(table(metric, peer, cells)));
    report.table(worst(peer, cells));
    report.table(faults(cells));
    long good = cells.stream().filter(cell -> cell.faults().isEmpty()).count();
    report.text(good + " of " + cells.size() + " cells keep to the bar.");
    report.value("cells", cells);
  }

  private static Table table(String metric, String peer, List<MeasuredCell> cells) {
    Table table =
        new Table(
            metric,
            "data",
            "dimensions",
            "recall",
            "floats",
            peer,
            "ef 10",
            "ef 30",
            "ef 400",
            "self",
            "beside",
            "beside, floats",
            "self, floats",
            "self, " + peer,
            "µs",
            "floats / this",
            peer + " / this",
            "by vectors",
            "build s",
            "floats' / this",
            peer + "'s / this");
    for (MeasuredCell cell : cells) {
      if (cell.metric().equals(metric)) {
        add(table, cell);
      }
    }
    return table;
  }

  private static void add(Table table, MeasuredCell cell) {
    Measured ours = cell.shipped();
    Measured floats = cell.floats();
    Measured peer = cell.peer();
    boolean isThere = ours.failure() == null;
    table.row(
        cell.data(),
        Integer.toString(cell.dimension()),
        isThere ? number(ours.recall()) : ours.isRefused() ? "refused" : "failed",
        number(floats.recall()),
        number(peer.recall()),
        number(ours.recall(10)),
        number(ours.recall(30)),
        number(ours.recall(400)),
        number(ours.known(ours.self())),
        number(ours.known(ours.beside())),
        number(floats.known(floats.beside())),
        number(floats.known(floats.self())),
        number(peer.known(peer.self())),
        isThere ? String.format(Locale.ROOT, "%.0f", ours.micros()) : NONE,
        ratio(floats, ours, Measured::micros),
        ratio(peer, ours, Measured::micros),
        ours.walkedAgain() < 0 ? NONE : number(ours.walkedAgain()),
        isThere ? String.format(Locale.ROOT, "%.2f", ours.buildSeconds()) : NONE,
        ratio(floats, ours, Measured::buildSeconds),
        ratio(peer, ours, Measured::buildSeconds));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%.4f", value);
  }

  private static String ratio(Measured a, Measured b, ToDoubleFunction<Measured> figure) {
    return a.failure() != null || b.failure() != null
        ? NONE
        : String.format(Locale.ROOT, "%.2f", figure.applyAsDouble(a) / figure.applyAsDouble(b));
  }

  /** Of each bar the cell that comes out worst; none where it comes out above all others. */
  private static Table worst(String peer, List<MeasuredCell> cells) {
    Table table = new Table("The worst cell", "what", "aim", "figure", "cell");
    add(table, cells, "recall below the float walk's", "at most " + Bar.RECALL, false, Worst.FLOAT);
    add(table, cells, "recall below " + peer + "'s", NONE, false, Worst.PEER);
    add(table, cells, "a larger efSearch finds less", "at most " + Bar.LARGER, false, Worst.FALL);
    add(
        table,
        cells,
        "self",
        "at least " + Bar.SELF,
        true,
        cell -> cell.shipped().known(cell.shipped().self()));
    add(
        table,
        cells,
        "fewer hits than min(k, live)",
        "0",
        false,
        cell -> cell.shipped().known(cell.shipped().fewer()));
    add(table, cells, "times as long as the float walk", NONE, false, Worst.TIME);
    add(table, cells, "times as long as " + peer, NONE, false, Worst.PEER_TIME);
    add(table, cells, "by vectors", NONE, false, cell -> cell.shipped().walkedAgain());
    return table;
  }

  /** What a cell may be worst in. */
  private static final class Worst {
    static final ToDoubleFunction<MeasuredCell> FLOAT =
        cell -> cell.floats().recall() - cell.shipped().recall();
    static final ToDoubleFunction<MeasuredCell> PEER =
        cell -> cell.peer().recall() - cell.shipped().recall();
    static final ToDoubleFunction<MeasuredCell> FALL = MeasuredCell::largestFall;
    static final ToDoubleFunction<MeasuredCell> TIME =
        cell -> cell.shipped().time() / cell.floats().time();
    static final ToDoubleFunction<MeasuredCell> PEER_TIME =
        cell -> cell.shipped().time() / cell.peer().time();

    private Worst() {}
  }

  private static void add(
      Table table,
      List<MeasuredCell> cells,
      String what,
      String aim,
      boolean isLeastWorst,
      ToDoubleFunction<MeasuredCell> figure) {
    Comparator<MeasuredCell> order = Comparator.comparingDouble(figure);
    Optional<MeasuredCell> worst =
        cells.stream()
            .filter(cell -> figure.applyAsDouble(cell) >= 0)
            .max(isLeastWorst ? order.reversed() : order);
    worst.ifPresent(cell -> table.row(what, aim, number(figure.applyAsDouble(cell)), cell.title()));
  }

  private static Table faults(List<MeasuredCell> cells) {
    Table table = new Table("Cells that do not keep to the bar", "cell", "what");
    for (MeasuredCell cell : cells) {
      for (String fault : cell.faults()) {
        table.row(cell.title(), fault);
      }
    }
    return table;
  }
}
