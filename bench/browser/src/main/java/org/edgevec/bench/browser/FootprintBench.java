package org.edgevec.bench.browser;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.edgevec.bench.Report;
import org.edgevec.bench.Table;
import org.edgevec.bench.browser.BenchBrowser.Heap;

/** What a peer takes up: memory for each vector, and the download. */
final class FootprintBench {

  private final Playwright playwright;
  private final BenchServer server;
  private final Report report;
  private final List<Peer> peers;
  private final Duration budget;

  FootprintBench(
      Playwright playwright, BenchServer server, Report report, List<Peer> peers, Duration budget) {
    this.playwright = playwright;
    this.server = server;
    this.report = report;
    this.peers = List.copyOf(peers);
    this.budget = budget;
  }

  /** Memory after a build, less what was used before the peer was loaded. */
  void memory(int count, int dimension) throws IOException {
    ServedData data = ServedData.clustered(count, dimension);
    report.section("Memory with " + Texts.size(data));
    server.add(data);
    Table table =
        new Table(
            "Bytes for each vector, of which the numbers alone are " + 4 * dimension,
            "",
            "linear memory",
            "objects on the heap",
            "other array buffers",
            "all");
    for (Peer peer : peers) {
      System.err.println(peer.title());
      try (BenchBrowser browser = start()) {
        browser.run(budget, "load", data.description());
        Heap before = browser.heap();
        build(browser, peer);
        long linear = browser.run(budget, "linearBytes").getAsLong();
        addMemory(table, peer, before, browser.heap(), linear, count);
      } catch (OverBudget | IllegalStateException | PlaywrightException e) {
        // A peer that fails is a result; the others are still to be measured.
        System.err.println(peer.title() + ": " + e.getMessage());
        table.row(peer.title(), Texts.failure(e), "", "", "");
      }
    }
    server.remove(data);
    report.table(table);
  }

  private static void addMemory(
      Table table, Peer peer, Heap before, Heap after, long linearBytes, int count) {
    double objects = after.objectBytes() - before.objectBytes();
    double buffers = after.bufferBytes() - before.bufferBytes();
    table.row(
        peer.title(),
        Texts.count((double) linearBytes / count),
        Texts.count(objects / count),
        Texts.count(buffers / count),
        Texts.count((linearBytes + objects + buffers) / count));
  }

  /** What a page fetches of each peer's packages until a first index is built. */
  void download() throws IOException {
    report.section("Download");
    ServedData data = ServedData.clustered(2_000, 16);
    server.add(data);
    Table table =
        new Table(
            "What a page fetches of the published packages, in KB",
            "",
            "files",
            "plain",
            "gzip -9");
    for (Peer peer : peers) {
      System.err.println(peer.title());
      try (BenchBrowser browser = start()) {
        browser.run(budget, "load", data.description());
        build(browser, peer);
        Downloads.Size size = server.downloads().sizeOf(peer.packages());
        table.row(
            peer.title(),
            Texts.count(size.files()),
            Texts.kilobytes(size.plainBytes()),
            Texts.kilobytes(size.zippedBytes()));
      } catch (OverBudget | IllegalStateException | PlaywrightException e) {
        // A peer that fails is a result; the others are still to be measured.
        System.err.println(peer.title() + ": " + e.getMessage());
        table.row(peer.title(), Texts.failure(e), "", "");
      }
    }
    server.remove(data);
    report.table(table);
    report.text(
        "Orama's modules are published as they are written; a bundler makes them smaller, and the"
            + " others hardly.");
  }

  private BenchBrowser start() throws IOException {
    return BenchBrowser.start(playwright, server.url("/bench.html?linear"));
  }

  private JsonObject build(BenchBrowser browser, Peer peer) {
    Map<String, Number> parameters =
        Map.of("m", 16, "efConstruction", 200, "seed", 100, "efSearch", 64);
    return browser.run(budget, "build", peer.module(), parameters).getAsJsonObject();
  }
}
