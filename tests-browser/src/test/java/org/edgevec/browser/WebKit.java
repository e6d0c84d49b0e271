package org.edgevec.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.MutableCapabilities;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.openqa.selenium.support.ui.FluentWait;

/**
 * WebKitGTK's small browser, driven by WebDriver, on a display that nobody sees. Playwright drives
 * no WebKit but its own, which is none that anybody uses. Where there is none, or no display can be
 * had, tests in it are skipped; {@code ./dev test} installs both where it may.
 *
 * <p>What it stores is gone when it ends.
 */
final class WebKit implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process screen;
  private final Process server;
  private final RemoteWebDriver driver;

  private WebKit(Process screen, Process server, RemoteWebDriver driver) {
    this.screen = screen;
    this.server = server;
    this.driver = driver;
  }

  /** Starts it; a test is skipped where that cannot be. */
  static WebKit start() throws IOException {
    Optional<Path> webDriver = Browsers.onPath("WebKitWebDriver").findFirst();
    Optional<Path> browser = miniBrowser();
    Optional<Path> xvfb = Browsers.onPath("Xvfb").findFirst();
    assumeTrue(
        webDriver.isPresent() && browser.isPresent() && xvfb.isPresent(),
        "no WebKitGTK with its WebDriver, or no Xvfb");
    Process screen = new ProcessBuilder(xvfb.get().toString(), "-displayfd", "1").start();
    Process server = null;
    try {
      int port = freePort();
      server = serve(webDriver.get(), port, displayOf(screen));
      return new WebKit(screen, server, connect(port, browser.get()));
    } catch (IOException | RuntimeException | Error e) {
      screen.destroyForcibly();
      if (server != null) {
        server.destroyForcibly();
      }
      throw e;
    }
  }

  private static Optional<Path> miniBrowser() throws IOException {
    Path libraries = Path.of("/usr/lib");
    if (!Files.isDirectory(libraries)) {
      return Optional.empty();
    }
    try (Stream<Path> found =
        Files.find(
            libraries,
            3,
            (path, attributes) ->
                path.endsWith("MiniBrowser") && path.getParent().toString().contains("webkit"))) {
      return found.sorted().findFirst();
    }
  }

  private static Process serve(Path webDriver, int port, String display) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(webDriver.toString(), "--port=" + port);
    builder.environment().put("DISPLAY", display);
    // It cannot make one where it runs as root, as in many a CI.
    builder.environment().put("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Says its number once it is there. */
  private static String displayOf(Process screen) throws IOException {
    InputStream said = screen.getInputStream();
    StringBuilder number = new StringBuilder(":");
    for (int digit = said.read(); digit > ' '; digit = said.read()) {
      number.append((char) digit);
    }
    return number.toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static RemoteWebDriver connect(int port, Path browser) {
    URI uri = URI.create("http://127.0.0.1:" + port);
    new FluentWait<>(uri)
        .withTimeout(PATIENCE)
        .pollingEvery(Duration.ofMillis(50))
        .ignoring(RuntimeException.class)
        .until(WebKit::answers);
    MutableCapabilities wanted = new MutableCapabilities();
    wanted.setCapability("browserName", "MiniBrowser");
    wanted.setCapability(
        "webkitgtk:browserOptions",
        Map.of("binary", browser.toString(), "args", List.of("--automation")));
    RemoteWebDriver driver;
    try {
      driver = new RemoteWebDriver(uri.toURL(), wanted, false);
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return driver;
  }

  private static boolean answers(URI uri) {
    try (InputStream status = uri.resolve("/status").toURL().openStream()) {
      return !new String(status.readAllBytes(), StandardCharsets.UTF_8).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Name and version. */
  String version() {
    return "WebKitGTK " + driver.getCapabilities().getBrowserVersion();
  }

  /** Shows a page, in place of the one that is shown, and waits until an expression holds on it. */
  void load(String url, String ready) {
    driver.get(url);
    awaitPage(ready);
  }

  private void awaitPage(String ready) {
    new FluentWait<>(driver)
        .withTimeout(PATIENCE)
        .pollingEvery(Duration.ofMillis(20))
        .until(page -> page.executeScript("return Boolean(" + ready + ");"));
  }

  /** Goes back to the page before. */
  void back(String ready) {
    driver.navigate().back();
    awaitPage(ready);
  }

  /** What the body of a function returns. */
  Object evaluate(String body, Object... arguments) {
    return driver.executeScript(body, arguments);
  }

  /** As {@link TestPage#run}. */
  String run(String body, Object arg) {
    Object answer =
        driver.executeAsyncScript(
            "const [arg, done] = arguments; (async () => {"
                + body
                + "})().then((value) => done((window.json ?? JSON.stringify)(value)), (e) => done('rejected: ' + e));",
            arg);
    return (String) answer;
  }

  String run(String body) {
    return run(body, null);
  }

  @Override
  public void close() {
    try {
      driver.quit();
    } finally {
      server.destroy();
      screen.destroy();
    }
  }
}
