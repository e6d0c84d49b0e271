package org.edgevec.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.edgevec.demo.DemoServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The demo as a visitor sees it. Keeps screenshots in {@code target/screenshots}. */
@Timeout(120)
class DemoTest {

  private static final Path SITE = ModuleFolder.resolve("../web-demo/target/site");
  private static final Path SCREENSHOTS = ModuleFolder.resolve("target/screenshots");
  private static final Path AXE =
      ModuleFolder.resolve("target/npm/node_modules/axe-core/axe.min.js");

  private static final String READY =
      "document.documentElement.dataset.state === 'ready'"
          + " && document.querySelector('[data-testid=work]').hidden"
          + " && document.querySelectorAll('[data-testid=result]').length > 0";

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
    tab = SESSION.pageAt(server.uri().toString(), READY);
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
  void aCheckpointShrinksTheLog() {
    String generation = get("stat-generation").textContent();
    get("checkpoint-button").click();
    assertThat(get("stat-generation")).not().hasText(generation);
    tab.reload();
    assertThat(get("stat-entries")).hasText(Pattern.compile("[1-9][0-9]{1,}"));
  }

  @Test
  void aSecondTabIsToldWhy() {
    TestPage second =
        SESSION.pageAt(
            server.uri().toString(), "document.documentElement.dataset.state === 'failed'");
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
  void itIsAccessibleInLightAndDarkAndOnAPhone() throws IOException {
    search("boiling an egg");
    assertThat(get("result-topic").first()).hasText("Boiling an egg");
    look("desktop-light", ColorScheme.LIGHT, 1280, 900);
    look("desktop-dark", ColorScheme.DARK, 1280, 900);
    look("phone", ColorScheme.LIGHT, 390, 844);
    Object overflow =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(overflow).as("pixels that a phone would scroll sideways").isEqualTo(0);
  }

  private void look(String name, ColorScheme scheme, int width, int height) throws IOException {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    page.setViewportSize(width, height);
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("demo-" + name + ".png")));
    page.evaluate(Files.readString(AXE));
    Object violations =
        page.evaluate(
            """
            async () => (await axe.run()).violations
              .filter(({impact}) => impact === 'serious' || impact === 'critical')
              .map(({id, nodes}) => id + ': ' + nodes.map(({html}) => html).join(' '))
            """);
    assertThat((List<?>) violations).as("axe on %s", name).isEmpty();
  }

  private void search(String text) {
    get("search-box").fill(text);
    assertThat(get("result-count")).not().containsText("are shown");
  }

  private Locator get(String testId) {
    return page.getByTestId(testId);
  }

  private static LocatorAssertions.IsVisibleOptions visibleWithin(int millis) {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(millis);
  }
}
