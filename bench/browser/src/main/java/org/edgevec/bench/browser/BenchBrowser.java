package org.edgevec.bench.browser;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.TimeoutError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.edgevec.browser.Browsers;

/**
 * A Chromium of its own with an empty profile on disk, and one tab of it that runs the tasks of
 * {@code bench.js}. A new one for each peer and round: nothing of the peer before is left in it.
 *
 * <p>The profile lies on a disk because in a private window, which is what automation usually gets,
 * IndexedDB is kept in memory, and what is durable there costs nothing.
 */
final class BenchBrowser implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(60);
  private static final int DELETE_ATTEMPTS = 10;
  private static final Gson GSON = new Gson();

  private final Path profile;
  private final BrowserContext context;
  private final Page page;
  private final String url;

  private BenchBrowser(Path profile, BrowserContext context, String url) {
    this.profile = profile;
    this.context = context;
    this.url = url;
    this.page = context.pages().isEmpty() ? context.newPage() : context.pages().get(0);
  }

  /** Starts it and loads the page at {@code url}. */
  static BenchBrowser start(Playwright playwright, String url) throws IOException {
    Path folder = BenchFolder.resolve("target/profiles");
    Files.createDirectories(folder);
    Path profile = Files.createTempDirectory(folder, "bench");
    BenchBrowser started =
        new BenchBrowser(profile, Browsers.launchChromium(playwright, profile), url);
    try {
      started.reload();
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** Loads the page anew; databases stay. */
  void reload() {
    page.navigate(url);
    page.waitForFunction(
        "window.ready", null, new Page.WaitForFunctionOptions().setTimeout(READY.toMillis()));
  }

  /**
   * Runs a task and waits for what it gives.
   *
   * @throws OverBudget if it takes longer; this browser is then of no more use
   * @throws IllegalStateException if it fails; the message has the page's error
   */
  JsonElement run(Duration budget, String task, Object... args) {
    page.evaluate(
        "([name, args]) => begin(name, JSON.parse(args))", List.of(task, GSON.toJson(args)));
    try {
      page.waitForFunction(
          "window.outcome",
          null,
          new Page.WaitForFunctionOptions().setTimeout(budget.toMillis()).setPollingInterval(50));
    } catch (TimeoutError e) {
      throw new OverBudget(budget);
    }
    String json = (String) page.evaluate("() => JSON.stringify(window.outcome)");
    JsonObject outcome = JsonParser.parseString(json).getAsJsonObject();
    if (outcome.has("error")) {
      throw new IllegalStateException(
          task + " failed on the page: " + outcome.get("error").getAsString());
    }
    return outcome.get("value");
  }

  /**
   * The bytes that are in use after a garbage collection: JavaScript and WebAssembly objects, and
   * what array buffers hold.
   */
  Heap heap() {
    CDPSession session = context.newCDPSession(page);
    try {
      session.send("HeapProfiler.enable");
      // The second finds what the finalizers of the first let go.
      session.send("HeapProfiler.collectGarbage");
      session.send("HeapProfiler.collectGarbage");
      JsonObject usage = session.send("Runtime.getHeapUsage");
      return new Heap(
          usage.get("usedSize").getAsLong(), usage.get("backingStorageSize").getAsLong());
    } finally {
      session.detach();
    }
  }

  /** Bytes in use: of objects under garbage collection, and of array buffers outside. */
  record Heap(long objectBytes, long bufferBytes) {}

  /** The name and version of the browser. */
  String version() {
    CDPSession session = context.newCDPSession(page);
    try {
      return session.send("Browser.getVersion").get("product").getAsString();
    } finally {
      session.detach();
    }
  }

  @Override
  public void close() throws IOException {
    context.close();
    for (int attempt = 1; !deleteProfile(attempt == DELETE_ATTEMPTS); attempt++) {
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  /**
   * Deletes the profile, in which a last process of the browser may still be writing.
   *
   * @return whether all of it is gone
   * @throws IOException if it is not, and this is the last attempt
   */
  private boolean deleteProfile(boolean isLast) throws IOException {
    try (Stream<Path> paths = Files.walk(profile)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
      return true;
    } catch (IOException | UncheckedIOException e) {
      if (isLast) {
        throw new IOException("The profile " + profile + " cannot be deleted.", e);
      }
      return false;
    }
  }
}
