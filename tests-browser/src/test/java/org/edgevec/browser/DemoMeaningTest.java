package org.edgevec.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ServiceWorkerPolicy;
import java.util.function.Consumer;
import org.edgevec.demo.DemoServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The demo's language model: where it is, where it is not, and where it has not been before. */
@Timeout(180)
class DemoMeaningTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  private static DemoServer server;

  @BeforeAll
  static void startServer() {
    server = DemoServer.start(DemoMeaning.SITE, 0);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** In a notebook of before the page had a model: other vectors, and nothing that says so. */
  @Test
  void meaningFindsWithoutSharedWordsAndWithoutAServer() {
    try (DemoServer own = DemoServer.start(DemoMeaning.SITE, 0)) {
      writeOldNotebook(own);
      DemoMeaning.check(SESSION, own);
      Page page = SESSION.context().pages().get(0);
      DemoMeaning.assertFound(page, "why are those birds pink", "Flamingos owe");
      DemoMeaning.assertFound(page, "boiling an egg", "An older version of this note.");
      assertThat(page.getByTestId("stat-entries")).hasText("366");
    }
  }

  private static void writeOldNotebook(DemoServer own) {
    try (Page before = SESSION.context().newPage()) {
      before.navigate(own.uri() + "files.json");
      before.evaluate(
          """
          async () => {
            const {open} = await import('/node_modules/edgevec-java/index.js');
            const db = await open('notebook', {dimension: 384, metric: 'cosine'});
            const vector = Float32Array.from({length: 384}, (_, i) => Math.sin(i));
            const note = (topic, text, sample) => ({topic, text, sample, created: 1});
            await db.putMany(['note/1', 'sample/kitchen/01'], [vector, vector], [
              note('Zoo', 'Flamingos owe their colour to the shrimp that they eat.', false),
              note('Boiling an egg', 'An older version of this note.', true),
            ]);
            await db.close();
          }
          """);
    }
  }

  /** Whatever the model's files or its worker come to, the page finds by words and says why. */
  @Test
  void withoutTheModelWordsFindAndThePageSaysWhy() {
    fallback("**/*.onnx", route -> status(route, 404), "the server answered 404");
    fallback("**/*.onnx", route -> route.abort(), "could not be reached");
    fallback("**/*.onnx", route -> text(route, "cut"), "it was cut off or replaced");
    fallback("**/*.wasm", DemoMeaningTest::otherModelWasm, "it was cut off or replaced");
    fallback(
        "**/ort.wasm.min.mjs",
        route ->
            text(
                route,
                "export const env = {wasm: {}}, InferenceSession ="
                    + " {create: () => WebAssembly.compile(new Uint8Array())};"),
        "the language model could not be loaded: WebAssembly");
    fallback("**/meaning-worker.js", route -> status(route, 404), "worker could not be started");
    fallback(
        "**/meaning-worker.js",
        route ->
            text(
                route,
                "postMessage({ready: true}); onmessage = () => { throw new Error('dead'); };"),
        "dead");
  }

  private static void fallback(String files, Consumer<Route> handler, String why) {
    // What a service worker fetches would pass the route by.
    Browser.NewContextOptions options =
        new Browser.NewContextOptions().setServiceWorkers(ServiceWorkerPolicy.BLOCK);
    try (BrowserContext context = SESSION.browser().newContext(options)) {
      Page page = context.newPage();
      page.route(files, handler);
      page.navigate(server.uri().toString());
      page.getByTestId("search-box").fill("bycicle brakes");
      assertThat(page.getByTestId("result-topic").first()).hasText("Brakes that squeal");
      DemoMeaning.html(page, "[data-meaning=absent]").waitFor(DemoMeaning.patiently());
      assertThat(page.getByTestId("meaning-state")).containsText("Finds by words: ");
      assertThat(page.getByTestId("meaning-state")).containsText(why);
      assertThat(page.getByTestId("result-topic").first()).hasText("Brakes that squeal");
      assertThat(page.getByTestId("result-count")).containsText("By words");
      assertThat(page.getByTestId("alert")).isHidden();
    }
  }

  /** The database's own must come. */
  private static void otherModelWasm(Route route) {
    if (route.request().url().contains("/model/")) {
      text(route, "other");
    } else {
      route.resume();
    }
  }

  private static void status(Route route, int status) {
    route.fulfill(new Route.FulfillOptions().setStatus(status));
  }

  private static void text(Route route, String body) {
    route.fulfill(new Route.FulfillOptions().setContentType("text/javascript").setBody(body));
  }
}
