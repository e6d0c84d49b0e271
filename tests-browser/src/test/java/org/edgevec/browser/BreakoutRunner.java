package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import com.microsoft.playwright.Page;
import io.javalin.Javalin;
import io.javalin.http.staticfiles.Location;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.edgevec.demo.DemoServer;

/**
 * A page, and workers of every kind, that do all they can to send something to another server than
 * the one they came from: {@code src/test/breakout}.
 */
final class BreakoutRunner {

  private static final Path SITE = ModuleFolder.resolve("src/test/breakout");

  private static final List<String> PLACES =
      List.of("page", "worker", "module", "shared", "service");

  /** What reaches another server from all those places where nothing forbids it. */
  private static final List<String> EVERYWHERE =
      List.of("fetch", "no-cors", "websocket", "eval", "function");

  /** As {@link #EVERYWHERE}, from the page. */
  private static final List<String> FROM_THE_PAGE =
      List.of(
          "beacon",
          "data-worker",
          "event-source",
          "font",
          "form",
          "frame",
          "handler",
          "image",
          "import",
          "inline-script",
          "inline-style",
          "media",
          "object",
          "script",
          "srcdoc",
          "style",
          "timeout",
          "worker",
          "xhr");

  private BreakoutRunner() {}

  /** From the demo's server nothing gets out. */
  static void checkNothingLeaves(BrowserSession session) {
    try (DemoServer server = DemoServer.start(SITE, 0);
        Elsewhere elsewhere = Elsewhere.start()) {
      Map<String, Map<String, String>> outcomes =
          outcomes(session, server.uri().toString(), elsewhere);

      assertThat(elsewhere.arrived()).isEmpty();
      assertThat(outcomes).containsOnlyKeys(PLACES);
      assertThat(outcomes.values())
          .allSatisfy(
              outcome ->
                  assertThat(outcome)
                      .containsEntry("eval", "EvalError")
                      .containsEntry("function", "EvalError")
                      .containsEntry("own", "200"));
    }
  }

  /** From a server that forbids nothing it all does: the attempts are good for something. */
  static void checkAllLeavesWhereNothingForbidsIt(BrowserSession session) {
    Javalin server =
        Javalin.create(
                config -> {
                  config.showJavalinBanner = false;
                  config.staticFiles.add(SITE.toString(), Location.EXTERNAL);
                })
            .start("127.0.0.1", 0);
    try (Elsewhere elsewhere = Elsewhere.start()) {
      outcomes(session, "http://localhost:" + server.port() + "/", elsewhere);

      TreeSet<String> expected = new TreeSet<>();
      PLACES.forEach(place -> EVERYWHERE.forEach(way -> expected.add(place + '/' + way)));
      FROM_THE_PAGE.forEach(way -> expected.add("page/" + way));
      assertThat(elsewhere.arrived()).containsAll(expected);
    } finally {
      server.stop();
    }
  }

  private static Map<String, Map<String, String>> outcomes(
      BrowserSession session, String site, Elsewhere elsewhere) {
    try (Page page = session.context().newPage()) {
      page.navigate(site + "?elsewhere=" + elsewhere.origin());
      String text = page.locator("#done").textContent();
      assertThat(text).startsWith("{");
      return new Gson()
          .fromJson(text, new TypeToken<Map<String, Map<String, String>>>() {}.getType());
    }
  }
}
