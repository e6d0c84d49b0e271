package org.edgevec.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the installed browsers and starts them without a window. Playwright downloads none. */
public final class Browsers {

  /**
   * What Chromium is started with: no sandbox, because CI often runs as root; no GPU, no traffic of
   * its own.
   */
  static final List<String> CHROMIUM_FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static final List<String> CHROMIUM_NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final List<String> FIREFOX_NAMES = List.of("firefox-esr", "firefox");

  private Browsers() {}

  /** Playwright with its own browser downloads turned off. */
  public static Playwright playwright() {
    return Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  }

  /**
   * Chromium's executable: what {@code EDGEVEC_CHROMIUM} names, or the first of its usual names on
   * the path.
   *
   * @throws IllegalStateException if there is none; the message says how to get it
   */
  public static Path chromium() {
    return find("EDGEVEC_CHROMIUM", CHROMIUM_NAMES)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "No Chromium found: EDGEVEC_CHROMIUM is not set and none of "
                        + CHROMIUM_NAMES
                        + " is on the PATH. \"./dev test\" installs it; or install the package"
                        + " chromium, or set EDGEVEC_CHROMIUM to the path of a Chromium or"
                        + " Chrome."));
  }

  /** Firefox's executable: {@code EDGEVEC_FIREFOX}, or the first of its usual names on the path. */
  public static Optional<Path> firefox() {
    return find("EDGEVEC_FIREFOX", FIREFOX_NAMES);
  }

  /** Starts Chromium on a profile that ends with it. */
  public static Browser launchChromium(Playwright playwright) {
    return playwright
        .chromium()
        .launch(
            new BrowserType.LaunchOptions().setExecutablePath(chromium()).setArgs(CHROMIUM_FLAGS));
  }

  /**
   * Starts Chromium on a profile folder, which stays: unlike in the other, IndexedDB is on disk.
   *
   * @return its one window; to close it ends Chromium
   */
  public static BrowserContext launchChromium(Playwright playwright, Path profile) {
    return playwright
        .chromium()
        .launchPersistentContext(
            profile,
            new BrowserType.LaunchPersistentContextOptions()
                .setExecutablePath(chromium())
                .setArgs(CHROMIUM_FLAGS));
  }

  /** Starts a stock Firefox on a profile that ends with it. */
  public static Browser launchFirefox(Playwright playwright, Path executable) {
    return playwright
        .firefox()
        .launch(
            new BrowserType.LaunchOptions()
                .setChannel("moz-firefox")
                .setExecutablePath(executable));
  }

  private static Optional<Path> find(String variable, List<String> names) {
    String set = System.getenv(variable);
    if (set != null && !set.isBlank()) {
      Path path = Path.of(set);
      if (!Files.isExecutable(path)) {
        throw new IllegalStateException(
            variable + " is " + set + ", which is not a program; correct or unset it.");
      }
      return Optional.of(path);
    }
    return names.stream().flatMap(Browsers::onPath).findFirst();
  }

  /** The programs of that name on the path, the first to be run first. */
  static Stream<Path> onPath(String name) {
    String path = System.getenv("PATH");
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(path == null ? "" : path)
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable);
  }
}
