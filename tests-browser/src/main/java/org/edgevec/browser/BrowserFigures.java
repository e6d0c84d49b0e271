package org.edgevec.browser;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures in Chromium what the project promises of speed and size, and prints it beside the
 * targets. Figures, not a test: they depend on the machine. The profile lies on a disk: in a
 * private window IndexedDB is in memory, and durability would cost nothing.
 */
public final class BrowserFigures {

  private static final int RUNS = 5;

  private static final String OPTIONS = "{dimension: 128, metric: 'l2'}";

  /** How the 10,000 entries come into the log. */
  private enum Writing {
    CONCURRENT(
        "10,000 concurrent puts", "await Promise.all(ids.map((id, i) => db.put(id, v(i))));"),
    SEQUENTIAL(
        "10,000 puts, one by one", "for (let i = 0; i < n; i++) await db.put(ids[i], v(i));"),
    BATCHES("10,000 by putMany", "await db.putMany(ids, flat);");

    final String label;
    final String script;

    Writing(String label, String script) {
      this.label = label;
      this.script = script;
    }
  }

  private final PrintStream out;
  private final Page page;

  private BrowserFigures(PrintStream out, Page page) {
    this.out = out;
    this.page = page;
  }

  /** Measures and prints. */
  public static void main(String[] args) throws IOException {
    Path profile = Files.createTempDirectory("edgevec-figures");
    try (PackageServer server = PackageServer.start();
        Playwright playwright = Browsers.playwright();
        BrowserContext browser = Browsers.launchChromium(playwright, profile)) {
      Page page = browser.newPage();
      page.setDefaultTimeout(120_000);
      page.navigate(server.url("/test.html"));
      Object version = page.evaluate("() => /Chrome\\/([\\d.]+)/.exec(navigator.userAgent)[1]");
      System.out.println("Chromium " + version + ", medians of " + RUNS + " runs");
      new BrowserFigures(System.out, page).measureAll();
    } finally {
      delete(profile);
    }
  }

  /**
   * What a last process of the browser may still be writing is left to whoever clears the folder.
   */
  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (DirectoryNotEmptyException | UncheckedIOException e) {
      System.err.println(folder + " could not be deleted: " + e.getMessage());
    }
  }

  private void measureAll() throws IOException {
    out.printf("%n%-52s %16s %12s%n", "what", "measured", "target");
    for (Writing writing : Writing.values()) {
      measureReplay(writing);
    }
    measureSinglePuts();
    measureDownload();
  }

  private void measureReplay(Writing writing) {
    JsonObject written = evaluate(write(writing));
    List<Double> open = new ArrayList<>();
    List<Double> reported = new ArrayList<>();
    long records = 0;
    for (int run = 0; run < RUNS; run++) {
      JsonObject opened = evaluate(OPEN);
      open.add(opened.get("millis").getAsDouble());
      reported.add(opened.get("reported").getAsDouble());
      records = opened.get("records").getAsLong();
    }
    if (records != 10_000) {
      throw new IllegalStateException("10,000 records should be replayed, not " + records);
    }
    line("replay of " + writing.label + ": open()", median(open), "ms", "< 100 ms");
    line("  of which recovery, by its report", median(reported), "ms", "");
    double seconds = written.get("millis").getAsDouble() / 1000;
    String target = writing == Writing.SEQUENTIAL ? "" : "> 10,000 /s";
    line("writing " + writing.label, 10_000 / seconds, "/s", target);
    if (writing == Writing.BATCHES) {
      JsonObject shrunk = evaluate(CHECKPOINT);
      double before = shrunk.get("before").getAsDouble();
      double after = shrunk.get("after").getAsDouble();
      line("log shrinks at a checkpoint by", 100 * (before - after) / before, "%", ">= 99 %");
    }
  }

  private static String write(Writing writing) {
    return """
    const n = 10000;
    await edgevec.destroy('figures');
    const flat = new Float32Array(n * 128);
    for (let i = 0; i < n; i++) flat.set(vector(i, 128), i * 128);
    const v = (i) => flat.subarray(i * 128, (i + 1) * 128);
    const ids = Array.from({length: n}, (_, i) => 'id-' + i);
    const db = await edgevec.open('figures', %s);
    const begin = performance.now();
    %s
    const millis = performance.now() - begin;
    await db.close();
    return {millis};
    """
        .formatted(OPTIONS, writing.script);
  }

  private static final String OPEN =
      """
      const begin = performance.now();
      const db = await edgevec.open('figures');
      const millis = performance.now() - begin;
      const {durationMillis, replayedRecords} = await db.recoveryReport();
      await db.close();
      return {millis, reported: durationMillis, records: replayedRecords};
      """;

  private static final String CHECKPOINT =
      """
      const db = await edgevec.open('figures');
      const before = (await db.stats()).logBytes;
      await db.checkpoint();
      const after = (await db.stats()).logBytes;
      await db.close();
      return {before, after};
      """;

  private void measureSinglePuts() {
    JsonObject measured =
        evaluate(
            """
            await edgevec.destroy('singles');
            const db = await edgevec.open('singles', %s);
            const times = [];
            for (let i = 0; i < 1000; i++) {
              const value = vector(i, 128);
              const begin = performance.now();
              await db.put('id-' + i, value);
              times.push(performance.now() - begin);
            }
            await db.close();
            times.sort((a, b) => a - b);
            return {median: times[500], p99: times[990]};
            """
                .formatted(OPTIONS));
    line("one durable put (strict), median", measured.get("median").getAsDouble(), "ms", "< 2 ms");
    line("one durable put (strict), P99", measured.get("p99").getAsDouble(), "ms", "");
  }

  private void measureDownload() throws IOException {
    long plain = 0;
    long zipped = 0;
    try (Stream<Path> paths =
        Files.walk(ModuleFolder.built("target/npm/node_modules/edgevec-java"))) {
      for (Path path : paths.filter(BrowserFigures::isDownloaded).toList()) {
        byte[] bytes = Files.readAllBytes(path);
        plain += bytes.length;
        zipped += Gzip.length(bytes);
      }
    }
    line("download, wasm and JavaScript, gzip -9", zipped / 1000.0, "KB", "< 120 KB");
    line("  not compressed", plain / 1000.0, "KB", "");
  }

  private static boolean isDownloaded(Path path) {
    String name = path.toString();
    return name.endsWith(".js") || name.endsWith(".wasm");
  }

  /** Each on a page that was loaded anew, as a visitor would. */
  private JsonObject evaluate(String body) {
    page.reload();
    page.waitForFunction("window.ready");
    String json = (String) page.evaluate("async () => json(await (async () => {" + body + "})())");
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private void line(String what, double value, String unit, String target) {
    String number = String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : "%.2f", value);
    out.printf("%-52s %16s %12s%n", what, number + " " + unit, target);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
