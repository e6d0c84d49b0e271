package org.edgevec.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.edgevec.demo.DemoServer;

/**
 * A visit to the demo with its language model, from the first one to one without a server, in
 * either browser: loading the model is what takes the time, so it is done once for all that is
 * looked at.
 */
final class DemoMeaning {

  static final Path SITE = ModuleFolder.resolve("../web-demo/target/site");

  /** A notebook that is open, shows notes, and has nothing under way. */
  static final String READY =
      "html[data-state=ready]:has([data-testid=work][hidden]):has([data-testid=result])";

  private static final double PATIENCE_MILLIS = 60_000;

  private DemoMeaning() {}

  /**
   * Visits the demo, again, and once more without its server.
   *
   * @param server is closed
   */
  static void check(BrowserSession session, DemoServer server) {
    TestPage tab = session.pageShowing(server.uri().toString(), "[data-testid=search-box]");
    Page page = tab.page();
    double words = firstResult(page, "Semmelweis", "Washing hands");
    page.locator(READY).waitFor();
    assertThat(page.getByTestId("ask-topic")).hasText("Weak battery in winter");
    assertThat(page.getByTestId("ask-how")).containsText("without one word in common");
    awaitMeaning(page);
    double cold = firstResult(page, "the tyre went flat", "Mending a puncture");
    aNewNoteIsReadByTheModel(page);
    awaitOffline(page);
    tab.reload();
    double wordsAgain = firstResult(page, "Semmelweis", "Washing hands");
    awaitMeaning(page);
    double warm = firstResult(page, "the tyre went flat", "Mending a puncture");
    System.out.printf(
        "demo in %s: first result by words after %.2f s, by meaning after %.1f s; at the next visit"
            + " %.2f s and %.1f s%n",
        session.browser().browserType().name(), words, cold, wordsAgain, warm);
    server.close();
    withoutItsServer(tab);
  }

  private static void aNewNoteIsReadByTheModel(Page page) {
    page.getByTestId("paste-box").fill("Penguins huddle together against the cold.");
    page.getByTestId("add-button").click();
    assertThat(page.getByTestId("add-status")).containsText("1 note added");
    awaitMeaning(page);
    assertFound(page, "how do antarctic birds keep warm", "Penguins huddle");
    assertThat(page.getByTestId("result-count")).containsText("shares no word");
  }

  /** Page, model and notes are in the browser. */
  private static void withoutItsServer(TestPage tab) {
    tab.reload();
    Page page = tab.page();
    awaitMeaning(page);
    assertFound(page, "how do antarctic birds keep warm", "Penguins huddle");
    page.getByTestId("paste-box").fill("Written without a server.");
    page.getByTestId("add-button").click();
    assertThat(page.getByTestId("add-status")).containsText("1 note added");
    tab.takeErrors(); // The browser tells of the server that is not there.
  }

  /** Asks, and waits until the first note that is shown has the text. */
  static void assertFound(Page page, String query, String text) {
    ask(page, query);
    assertThat(page.getByTestId("result-text").first()).containsText(text);
  }

  /**
   * Seconds from the page's opening until a query's first hit is shown, by the page's own clock and
   * noted on the page: Playwright tells of it some tenths of a second later.
   */
  private static double firstResult(Page page, String query, String topic) {
    page.evaluate(
        """
        topic => {
          window.shown = new Promise((resolve) => {
            const look = () => {
              const first = document.querySelector('[data-testid=result-topic]');
              if (first?.textContent.includes(topic)) resolve(performance.now());
              else requestAnimationFrame(look);
            };
            look();
          });
        }
        """,
        topic);
    ask(page, query);
    page.getByTestId("result-topic")
        .first()
        .filter(new Locator.FilterOptions().setHasText(topic))
        .waitFor();
    return ((Number) page.evaluate("window.shown")).doubleValue() / 1000;
  }

  private static void ask(Page page, String query) {
    page.getByTestId("search-box").fill(query);
  }

  /** Until the model is there and has read every note. */
  static void awaitMeaning(Page page) {
    html(page, "[data-meaning=ready]").waitFor(patiently());
    assertThat(page.getByTestId("meaning-state"))
        .containsText(Pattern.compile("^\\s*Finds by meaning, in English"));
  }

  private static void awaitOffline(Page page) {
    html(page, "[data-offline=ready]").waitFor(patiently());
  }

  static Locator html(Page page, String condition) {
    return page.locator("html" + condition);
  }

  static Locator.WaitForOptions patiently() {
    return new Locator.WaitForOptions().setTimeout(PATIENCE_MILLIS);
  }
}
