package org.edgevec.bench.browser;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.edgevec.bench.Percentiles;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;

/** What durability costs: opening a stored database, replay of a log, inserts, checkpoints. */
final class StorageBench {

  private static final Gson GSON = new Gson();

  private static final int DIMENSION = 128;
  private static final int LARGE_DIMENSION = 768;

  /** To fill the largest database may take as many budgets of a step. */
  private static final int FILL_BUDGETS = 3;

  /**
   * How much is done.
   *
   * @param stored entries of the databases that are opened
   * @param logged entries that are replayed, and of a batch
   * @param opens how often each database is opened in each way
   * @param singles inserts one by one
   * @param budget what one step may take
   */
  record Effort(int stored, int logged, int opens, int singles, Duration budget) {}

  private final Playwright playwright;
  private final BenchServer server;
  private final Report report;
  private final Effort effort;

  StorageBench(Playwright playwright, BenchServer server, Report report, Effort effort) {
    this.playwright = playwright;
    this.server = server;
    this.report = report;
    this.effort = effort;
  }

  // --- open ------------------------------------------------------------------------------------

  /** Opens a database with its graph; the page is loaded anew before each time. */
  void open() throws IOException {
    report.section("Open: a stored database with its graph");
    Table opened =
        new Table(
            "open() in ms, "
                + effort.opens()
                + " times each, page reloaded before each; aim for 100,000 × 128: P99 below 500",
            "",
            "median",
            "P99",
            "first search after it, median");
    Table filled =
        new Table(
            "How it was filled: s",
            "",
            "putMany (durable)",
            "rest of the graph",
            "checkpoint",
            "MB of vectors stored");
    for (int dimension : List.of(DIMENSION, LARGE_DIMENSION)) {
      ServedData data = ServedData.clustered(effort.stored(), dimension);
      server.add(data);
      try (BenchBrowser browser = start()) {
        measureOpen(browser, data, opened, filled);
      } finally {
        server.remove(data);
      }
    }
    report.table(opened);
    report.table(filled);
  }

  private void measureOpen(BenchBrowser browser, ServedData data, Table opened, Table filled) {
    String size = Texts.size(data);
    Duration budget = effort.budget().multipliedBy(FILL_BUDGETS);
    JsonObject made = browser.run(budget, "populate", data.description()).getAsJsonObject();
    filled.row(
        size,
        Texts.seconds(made.get("putMillis").getAsDouble()),
        Texts.seconds(made.get("indexMillis").getAsDouble()),
        Texts.seconds(made.get("checkpointMillis").getAsDouble()),
        Texts.count(made.get("segmentBytes").getAsDouble() / 1e6));
    addOpens(browser, data, false, size + ", open() alone", opened);
    addOpens(browser, data, true, size + ", with import and start of the module", opened);
  }

  private void addOpens(
      BenchBrowser browser, ServedData data, boolean isFirst, String title, Table table) {
    double[] millis = new double[effort.opens()];
    double[] searches = new double[effort.opens()];
    for (int i = 0; i < millis.length; i++) {
      browser.reload();
      JsonObject opened = run(browser, "openStored", data.description(), isFirst);
      millis[i] = opened.get("openMillis").getAsDouble();
      searches[i] = opened.get("firstSearchMillis").getAsDouble();
    }
    report.value(title, millis);
    Percentiles times = new Percentiles(millis);
    table.row(
        title,
        Texts.millis(times.median()),
        Texts.millis(times.at(99)),
        Texts.millis(new Percentiles(searches).median()));
  }

  // --- replay ----------------------------------------------------------------------------------

  /** Opens a database whose entries are all in its log. */
  void replay() throws IOException {
    report.section("Replay of " + Texts.count(effort.logged()) + " × " + DIMENSION);
    Table table =
        new Table(
            "open() in ms, "
                + effort.opens()
                + " times, page reloaded before each; aim for 10,000: below 60",
            "written by",
            "median",
            "P99",
            "recovery by its own report, median");
    ServedData data = ServedData.clustered(effort.logged(), DIMENSION);
    server.add(data);
    for (String writing : List.of("putMany", "concurrent puts")) {
      try (BenchBrowser browser = start()) {
        browser.run(effort.budget(), "writeLog", data.description(), writing);
        double[] millis = new double[effort.opens()];
        double[] recoveries = new double[effort.opens()];
        for (int i = 0; i < millis.length; i++) {
          browser.reload();
          JsonObject opened = run(browser, "replay", data.description());
          millis[i] = opened.get("openMillis").getAsDouble();
          recoveries[i] = opened.get("recoveryMillis").getAsDouble();
        }
        Percentiles times = new Percentiles(millis);
        table.row(
            writing,
            Texts.millis(times.median()),
            Texts.millis(times.at(99)),
            Texts.millis(new Percentiles(recoveries).median()));
      }
    }
    server.remove(data);
    report.table(table);
  }

  // --- insert ----------------------------------------------------------------------------------

  /** Inserts that have come to the disk, here and in PGlite over IndexedDB; checkpoints. */
  void insert(boolean withPglite) throws IOException {
    report.section("Durable inserts of " + DIMENSION + " dimensions");
    ServedData data = ServedData.clustered(effort.logged(), DIMENSION);
    server.add(data);
    Table singles =
        new Table(
            "One insert in ms, awaited one by one; aim: strict, median below 2",
            "",
            "inserts",
            "median",
            "P99");
    Table batches = new Table("Batches: vectors/s; aim: above 10,000", "", "entries", "vectors/s");
    Table checkpoints = new Table("Checkpoints in ms", "", "ms");
    for (String durability : List.of("strict", "relaxed")) {
      try (BenchBrowser browser = start()) {
        measureInserts(browser, data, durability, singles, batches, checkpoints);
      }
    }
    if (withPglite) {
      for (boolean isRelaxed : new boolean[] {false, true}) {
        for (boolean isIndexed : new boolean[] {false, true}) {
          measurePglite(data, isRelaxed, isIndexed, singles, batches);
        }
      }
    }
    server.remove(data);
    report.table(singles);
    report.table(batches);
    report.table(checkpoints);
    report.text(
        "strict: the write survives a power cut. PGlite has no such level in a browser: with"
            + " relaxedDurability off a query ends when its files are in IndexedDB, by transactions"
            + " of the browser's default durability, which is \"relaxed\" in Chromium; with it on,"
            + " it ends before that.");
  }

  private void measureInserts(
      BenchBrowser browser,
      ServedData data,
      String durability,
      Table singles,
      Table batches,
      Table checkpoints) {
    String title = Peer.EDGEVEC_JAVA.title() + ", " + durability;
    JsonObject one = run(browser, "singles", data.description(), durability, effort.singles());
    addSingles(singles, title, one);
    browser.reload();
    JsonObject many = run(browser, "batches", data.description(), durability);
    addBatch(batches, title + ", putMany", data.count(), many.get("manyMillis").getAsDouble());
    addBatch(
        batches, title + ", concurrent puts", data.count(), many.get("groupMillis").getAsDouble());
    checkpoints.row(
        title + ", the first, " + Texts.count(data.count()) + " entries",
        Texts.millis(many.get("firstCheckpointMillis").getAsDouble()));
    checkpoints.row(
        title + ", after a tenth more",
        Texts.millis(many.get("nextCheckpointMillis").getAsDouble()));
  }

  private void measurePglite(
      ServedData data, boolean isRelaxed, boolean isIndexed, Table singles, Table batches)
      throws IOException {
    String title =
        "PGlite, relaxedDurability "
            + (isRelaxed ? "on" : "off")
            + (isIndexed ? ", with HNSW index" : ", no index");
    try (BenchBrowser browser = start()) {
      JsonObject inserts =
          run(
              browser,
              "pgliteInserts",
              data.description(),
              Map.of(
                  "isRelaxed", isRelaxed, "isIndexed", isIndexed, "count", effort.singles() / 5));
      addSingles(singles, title, inserts);
      addBatch(
          batches,
          title + ", one INSERT",
          inserts.get("batch").getAsInt(),
          inserts.get("batchMillis").getAsDouble());
    } catch (OverBudget | IllegalStateException | PlaywrightException e) {
      // A peer that fails is a result; the others are still to be measured.
      System.err.println(title + ": " + e.getMessage());
      singles.row(title, Texts.failure(e), "", "");
    }
  }

  private static void addSingles(Table table, String title, JsonObject inserts) {
    double[] millis = GSON.fromJson(inserts.get("millis"), double[].class);
    Percentiles times = new Percentiles(millis);
    table.row(
        title,
        Texts.count(millis.length),
        Texts.millis(times.median()),
        Texts.millis(times.at(99)));
  }

  private static void addBatch(Table table, String title, int count, double millis) {
    table.row(title, Texts.count(count), Texts.count(count / millis * 1000));
  }

  // --- pauses ----------------------------------------------------------------------------------

  /** How long the page is held up while the database works. */
  void pauses() throws IOException {
    report.section("Pauses on the page, " + Texts.count(effort.logged()) + " × " + DIMENSION);
    ServedData data = ServedData.clustered(effort.logged(), DIMENSION);
    server.add(data);
    Table table =
        new Table(
            "A loop of tasks, one search in each, while the other half is written and linked: ms",
            "",
            "took",
            "longest pause",
            "P99 pause",
            "search, median",
            "search, P99");
    try (BenchBrowser browser = start()) {
      JsonObject phases = run(browser, "pauses", data.description());
      for (String phase : phases.keySet()) {
        JsonObject measured = phases.getAsJsonObject(phase);
        Percentiles gaps = new Percentiles(GSON.fromJson(measured.get("gaps"), double[].class));
        Percentiles searches =
            new Percentiles(GSON.fromJson(measured.get("searches"), double[].class));
        table.row(
            phase,
            Texts.millis(measured.get("workMillis").getAsDouble()),
            Texts.millis(gaps.max()),
            Texts.millis(gaps.at(99)),
            Texts.millis(searches.median()),
            Texts.millis(searches.at(99)));
      }
    }
    server.remove(data);
    report.table(table);
  }

  private BenchBrowser start() throws IOException {
    return BenchBrowser.start(playwright, server.url("/bench.html"));
  }

  private JsonObject run(BenchBrowser browser, String task, Object... args) {
    return browser.run(effort.budget(), task, args).getAsJsonObject();
  }
}
