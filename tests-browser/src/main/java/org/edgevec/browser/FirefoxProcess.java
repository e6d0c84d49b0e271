package org.edgevec.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A stock Firefox that can be killed.
 *
 * <p>Playwright starts it, with arguments that are all ours, for two reasons. Its own way to start
 * on a profile that stays waits for ever for the first tab of a stock Firefox to load. And it sets
 * {@code MOZ_CRASHREPORTER_SHUTDOWN}, with which the whole browser ends when one tab's process
 * does; {@code env} takes that away again.
 */
final class FirefoxProcess implements KillableBrowser {

  private static final double START_MILLIS = 60_000;
  private static final long NOTICE_SECONDS = 20;

  private final BrowserContext context;
  private final Path profile;

  private FirefoxProcess(BrowserContext context, Path profile) {
    this.context = context;
    this.profile = profile;
  }

  /** Starts Firefox on a profile. */
  static FirefoxProcess start(Playwright playwright, Path executable, Path profile)
      throws IOException, InterruptedException {
    try {
      return new FirefoxProcess(
          playwright.firefox().launchPersistentContext(profile, options(executable, profile)),
          profile);
    } catch (PlaywrightException e) {
      ProcessTree.kill(processes(profile));
      throw new IOException("Firefox did not start: " + e.getMessage(), e);
    }
  }

  private static BrowserType.LaunchPersistentContextOptions options(Path executable, Path profile) {
    return new BrowserType.LaunchPersistentContextOptions()
        .setChannel("moz-firefox")
        .setExecutablePath(Path.of("/usr/bin/env"))
        .setIgnoreAllDefaultArgs(true)
        .setArgs(
            List.of(
                "-u",
                "MOZ_CRASHREPORTER_SHUTDOWN",
                executable.toString(),
                "--headless",
                "--remote-debugging-port=0",
                "--profile",
                profile.toString()))
        // A process that the fork server made does not show Java its arguments.
        .setFirefoxUserPrefs(Map.of("dom.ipc.forkserver.enable", false))
        .setTimeout(START_MILLIS);
  }

  /** The browser's main process, and the script that started it if that waits for it. */
  private static List<ProcessHandle> processes(Path profile) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> commandLine(process).contains("--profile " + profile))
        .toList();
  }

  private static String commandLine(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }

  @Override
  public String version() {
    return "Firefox " + context.browser().version();
  }

  @Override
  public Page newPage() {
    return context.newPage();
  }

  @Override
  public void killPages() throws InterruptedException {
    List<ProcessHandle> tabs =
        processes(profile).stream()
            .flatMap(ProcessHandle::descendants)
            .filter(process -> commandLine(process).endsWith(" tab"))
            .toList();
    if (tabs.isEmpty()) {
      throw new IllegalStateException("Firefox has no process for its tabs that could be killed.");
    }
    ProcessTree.kill(tabs);
    awaitNoticed(tabs);
  }

  /** Waits until Firefox has asked for the status of those that ended: a zombie is still alive. */
  private static void awaitNoticed(List<ProcessHandle> tabs) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(NOTICE_SECONDS);
    while (tabs.stream().anyMatch(ProcessHandle::isAlive)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Firefox did not notice that its tabs' processes are gone");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Override
  public void kill() throws InterruptedException {
    ProcessTree.kill(processes(profile));
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
