package org.edgevec.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.edgevec.demo.DemoServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as a visitor sees it who has no language model; {@link DemoMeaningTest} has it with one.
 * Keeps screenshots in {@code target/screenshots}.
 */
@Timeout(120)
class DemoTest {

  private static final Path SITE = DemoMeaning.SITE;
  private static final Path SCREENSHOTS = ModuleFolder.resolve("target/screenshots");
  private static final Path AXE =
      ModuleFolder.resolve("target/npm/node_modules/axe-core/axe.min.js");

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  private static DemoServer server;

  private TestPage tab;
  private Page page;

  @BeforeAll
  static void startServer() {
    server = DemoServer.start(SITE, 0);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void visit() {
    tab = SESSION.pageShowing(server.uri() + "?model=no&rounds=3&vectors=3000", DemoMeaning.READY);
    page = tab.page();
  }

  @Test
  void theSampleNotesAreThereAndSearchFindsTheRightOne() {
    assertThat(page.title()).isNotBlank();
    assertThat(get("stat-entries")).hasText(Pattern.compile("[1-9][0-9]{1,}"));
    assertThat(get("stat-graph")).hasText("none among so few");
    search("how long to boil an egg");
    assertThat(get("result-topic").first()).hasText("Boiling an egg");
    List<Double> scores =
        get("result-score").allTextContents().stream().map(Double::valueOf).toList();
    assertThat(scores.get(0)).isBetween(0.3, 1.0);
    assertThat(scores).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(get("result-count")).containsText("compared in");
    search("bicycle chain");
    assertThat(get("result-text").first()).containsText("chain");
  }

  @Test
  void aPastedParagraphIsFoundAndAReloadKeepsIt() {
    get("paste-box").fill("The lighthouse keeper counts wombats at dusk.\n\nA second paragraph.");
    get("paste-topic").fill("Wombats");
    get("add-button").click();
    assertThat(get("add-status")).containsText("2 notes added");
    search("wombats at the lighthouse");
    assertThat(get("result-text").first()).containsText("counts wombats");
    tab.reload();
    assertThat(get("recovery-report")).containsText("replayed");
    search("wombats at the lighthouse");
    assertThat(get("result-text").first()).containsText("counts wombats");
    assertThat(get("result-topic").first()).hasText("Wombats");
  }

  @Test
  void aNoteIsEditedAndDeletedAndBroughtBack() {
    get("paste-box").fill("Zeppelins drift over the quarry.");
    get("add-button").click();
    search("zeppelins over the quarry");
    get("result-edit").first().click();
    get("edit-text").fill("Zeppelins drift over the harbour.");
    get("edit-save").click();
    assertThat(get("result-text").first()).hasText("Zeppelins drift over the harbour.");
    tab.reload();
    search("zeppelins over the harbour");
    assertThat(get("result-text").first()).hasText("Zeppelins drift over the harbour.");
    get("result-delete").first().click();
    assertThat(get("result-text").first()).not().containsText("Zeppelins");
    get("toast-undo").click();
    assertThat(get("result-text").first()).containsText("Zeppelins");
    get("result-delete").first().click();
    assertThat(get("result-text").first()).not().containsText("Zeppelins");
    tab.reload();
    search("zeppelins over the harbour");
    assertThat(get("result-count")).not().containsText("…");
    assertThat(get("results")).not().containsText("Zeppelins");
  }

  @Test
  void theCrashButtonLosesNothing() {
    for (int crash = 1; crash <= 2; crash++) {
      get("crash-button").click();
      assertThat(get("crash-result")).isVisible(visibleWithin(60_000));
      assertThat(get("crash-lost")).hasText("0");
      assertThat(get("crash-half-batches")).hasText("0");
      assertThat(get("crash-acknowledged")).hasText(Pattern.compile("[1-9][0-9,]*"));
      assertThat(get("crash-verdict")).containsText("to the last bit");
    }
  }

  @Test
  void roundsInARowLoseNothing() {
    get("crash-many").click();
    assertThat(get("crash-result")).isVisible(visibleWithin(60_000));
    assertThat(get("crash-status"))
        .hasText(Pattern.compile("3 crashes in a row: [1-9][0-9,]* writes confirmed, 0 lost\\."));
  }

  @Test
  void aTabThatIsClosedInMidWriteLosesNothing() {
    get("crash-close").click();
    assertThat(get("crash-count")).hasText(Pattern.compile("[1-9][0-9,]{3,}"), withinMinute());
    page.close();
    Page next = SESSION.pageShowing(server.uri() + "?model=no", DemoMeaning.READY).page();
    assertThat(next.getByTestId("crash-verdict"))
        .hasText(
            Pattern.compile("0 lost\\. All [1-9][0-9,]{3,} confirmed writes .*"), withinMinute());
    assertThat(next.getByTestId("crash-status")).hasText("You closed the tab while it wrote.");
  }

  /**
   * What is asserted is what the page's own thread computes, which another program on a busy
   * machine does not lengthen: 0.02 s, and 0.4 s if it hosted the database itself. The gaps are
   * printed.
   */
  @Test
  void manyVectorsAreLinkedAndSearchedWhileThePagePaints() {
    CDPSession session = SESSION.context().newCDPSession(page);
    JsonObject processorTime = new JsonObject();
    processorTime.addProperty("timeDomain", "threadTicks");
    session.send("Performance.enable", processorTime);
    double before = scriptSeconds(session);
    get("scale-button").click();
    assertThat(get("scale-result")).isVisible(visibleWithin(60_000));
    assertThat(scriptSeconds(session) - before).as("seconds of script").isLessThan(0.15);
    assertThat(get("scale-recall")).hasText(Pattern.compile("(9[5-9]|100)\\.[0-9] %"));
    assertThat(get("frame-gap"))
        .hasText(Pattern.compile("[0-9]+ ms \\([0-9]+ of [1-9][0-9,]* above 50 ms\\)"));
    System.out.println(
        "demo: the longest gap between frames while 3,000 are linked: "
            + get("frame-gap").textContent());
  }

  private static double scriptSeconds(CDPSession session) {
    for (JsonElement metric : session.send("Performance.getMetrics").getAsJsonArray("metrics")) {
      JsonObject named = metric.getAsJsonObject();
      if (named.get("name").getAsString().equals("ScriptDuration")) {
        return named.get("value").getAsDouble();
      }
    }
    throw new AssertionError("Chromium does not tell how long scripts ran.");
  }

  /** Binary files, and what else nobody meant to drop, are told and hold up nothing. */
  @Test
  void filesThatAreNoTextAreLeftOut() {
    get("file-input")
        .setInputFiles(
            new FilePayload[] {
              new FilePayload("photo.md", "text/markdown", new byte[] {1, 0, 2}),
              new FilePayload("empty.txt", "text/plain", new byte[0]),
              new FilePayload("own.txt", "text/plain", "Quokkas smile.".getBytes(UTF_8)),
              new FilePayload("export.json", "application/json", "{}".getBytes(UTF_8)),
            });
    assertThat(get("add-status")).containsText("1 note added and saved. photo.md was left out:");
    assertThat(get("add-status")).containsText("export.json was left out:");
    assertThat(get("alert")).isHidden();
    search("quokka");
    assertThat(get("result-topic").first()).hasText("own");
  }

  @Test
  void allNotesAreRemovedAndBroughtBack() {
    String entries = get("stat-entries").textContent();
    get("clear-notes").click();
    assertThat(get("result-count")).containsText("The notebook is empty");
    get("toast-undo").click();
    assertThat(get("stat-entries")).hasText(entries);
  }

  /** With the program whose command the page shows. */
  @Test
  void javaOpensTheExportedDatabase(@TempDir Path folder) throws Exception {
    Download download = page.waitForDownload(() -> get("export-files").click());
    download.saveAs(folder.resolve("notebook.tar"));
    run(folder, "tar", "-xf", "notebook.tar");
    Files.delete(folder.resolve("notebook.tar"));
    String printed =
        run(
            folder,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            ModuleFolder.resolve("../core/target/classes")
                + File.pathSeparator
                + ModuleFolder.resolve("../backend-file/target/classes"),
            SITE.resolve("OpenNotebook.java").toAbsolutePath().toString(),
            folder.toString());
    assertThat(printed).startsWith("363 notes").contains("Boiling an egg");
  }

  private static String run(Path folder, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  @Test
  void aCheckpointShrinksTheLog() {
    get("details").click();
    String generation = get("stat-generation").textContent();
    get("checkpoint-button").click();
    assertThat(get("stat-generation")).not().hasText(generation);
    tab.reload();
    assertThat(get("stat-entries")).hasText(Pattern.compile("[1-9][0-9]{1,}"));
  }

  @Test
  void aSecondTabIsToldWhy() {
    TestPage second = SESSION.pageShowing(server.uri() + "?model=no", "html[data-state=failed]");
    Locator alert = second.page().getByTestId("alert");
    assertThat(alert).isVisible();
    assertThat(alert).hasAttribute("data-code", "LOCKED");
    assertThat(second.takeErrors()).isNotEmpty();
    page.close();
    second.page().getByTestId("alert-retry").click();
    assertThat(alert).isHidden();
    assertThat(second.page().getByTestId("result").first()).isVisible();
  }

  @Test
  void nothingIsAskedOfOtherServers() {
    List<String> elsewhere = new ArrayList<>();
    page.onRequest(
        request -> {
          String url = request.url();
          if (!url.startsWith(server.uri().toString()) && !url.matches("(blob|data):.*")) {
            elsewhere.add(url);
          }
        });
    tab.reload();
    search("backup");
    get("crash-button").click();
    assertThat(get("crash-result")).isVisible(visibleWithin(60_000));
    assertThat(elsewhere).isEmpty();
  }

  @Test
  void itIsAccessibleAtEveryWidthInLightAndDark() throws IOException {
    search("boiling an egg");
    assertThat(get("result-topic").first()).hasText("Boiling an egg");
    page.evaluate(Files.readString(AXE));
    for (int width : new int[] {360, 768, 1440}) {
      for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
        look(scheme, width);
      }
    }
  }

  private void look(ColorScheme scheme, int width) {
    String name = width + "-" + scheme.name().toLowerCase(Locale.ROOT);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    page.setViewportSize(width, width < 500 ? 740 : 900);
    page.evaluate("scrollTo(0, 0)");
    page.screenshot(screenshot("demo-" + name));
    page.screenshot(screenshot("demo-" + name + "-whole").setFullPage(true));
    Object violations =
        page.evaluate(
            """
            async () => (await axe.run()).violations
              .map(({id, nodes}) => id + ': ' + nodes.map(({html}) => html).join(' '))
            """);
    assertThat((List<?>) violations).as("axe at %s", name).isEmpty();
    Object overflow =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(overflow).as("pixels to scroll sideways at %s", name).isEqualTo(0);
    Object bottom =
        page.evaluate(
            "document.querySelector('[data-testid=crash-button]').getBoundingClientRect().bottom");
    assertThat(((Number) bottom).doubleValue()).as("the crash button at %s", name).isLessThan(740);
  }

  private static Page.ScreenshotOptions screenshot(String name) {
    return new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png"));
  }

  private void search(String text) {
    get("search-box").fill(text);
    assertThat(get("result-count")).not().containsText("are shown");
  }

  private Locator get(String testId) {
    return page.getByTestId(testId);
  }

  private static LocatorAssertions.HasTextOptions withinMinute() {
    return new LocatorAssertions.HasTextOptions().setTimeout(60_000);
  }

  private static LocatorAssertions.IsVisibleOptions visibleWithin(int millis) {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(millis);
  }
}
