package org.edgevec.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Chromium that can be killed. */
final class ChromiumProcess implements KillableBrowser {

  private static final long START_SECONDS = 60;

  private final Process process;
  private final Browser browser;

  private ChromiumProcess(Process process, Browser browser) {
    this.process = process;
    this.browser = browser;
  }

  /** Starts Chromium on a profile, with flags beside the usual ones, and connects to it. */
  static ChromiumProcess start(Playwright playwright, Path profile, List<String> flags)
      throws IOException, InterruptedException {
    Path portFile = profile.resolve("DevToolsActivePort");
    Files.deleteIfExists(portFile);
    List<String> command = new ArrayList<>();
    command.add(Browsers.chromium().toString());
    command.addAll(Browsers.CHROMIUM_FLAGS);
    command.addAll(flags);
    command.add("--remote-debugging-port=0");
    command.add("--user-data-dir=" + profile);
    command.add("about:blank");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      String port = awaitPort(process, portFile);
      return new ChromiumProcess(
          process, playwright.chromium().connectOverCDP("http://127.0.0.1:" + port));
    } catch (PlaywrightException e) {
      ProcessTree.kill(List.of(process.toHandle()));
      throw new IOException("Chromium does not answer: " + e.getMessage(), e);
    } catch (RuntimeException | IOException | InterruptedException e) {
      ProcessTree.kill(List.of(process.toHandle()));
      throw e;
    }
  }

  private static String awaitPort(Process process, Path portFile)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        throw new IOException("Chromium ended at its start, with status " + process.exitValue());
      }
      // Two lines, the second of which tells that the first is whole.
      if (Files.exists(portFile) && Files.readString(portFile).contains("\n")) {
        return Files.readAllLines(portFile).get(0);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new IOException("Chromium did not listen within " + START_SECONDS + " seconds");
  }

  @Override
  public String version() {
    return "Chromium " + browser.version();
  }

  @Override
  public Page newPage() {
    return browser.contexts().get(0).newPage();
  }

  @Override
  public void killPages() {
    Renderers.kill(browser);
  }

  @Override
  public void kill() throws InterruptedException {
    ProcessTree.kill(List.of(process.toHandle()));
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
