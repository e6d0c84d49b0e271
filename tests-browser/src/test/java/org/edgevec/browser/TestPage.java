package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A tab that runs snippets of JavaScript and remembers what went wrong on it. */
final class TestPage {

  private static final Gson GSON = new Gson();

  /** Playwright itself would wait for ever. */
  private static final String SNIPPET =
      """
      async (arg) => {
        const run = async () => {%s};
        const late = new Promise((resolve, reject) =>
          setTimeout(() => reject(new Error('nothing came in 25 seconds')), 25000));
        return json(await Promise.race([run(), late]));
      }
      """;

  private final Page page;
  private final String url;
  private final Consumer<Page> ready;
  private final List<String> errors = new ArrayList<>();
  private final AtomicBoolean crashed = new AtomicBoolean();

  /**
   * @param ready returns when the page is loaded, or fails
   */
  TestPage(Page page, String url, Consumer<Page> ready) {
    this.page = page;
    this.url = url;
    this.ready = ready;
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            errors.add("console: " + message.text());
          }
        });
    page.onPageError(error -> errors.add("uncaught: " + error));
    page.onCrash(crash -> crashed.set(true));
  }

  void load() {
    page.navigate(url);
    awaitReady();
  }

  private void awaitReady() {
    try {
      ready.accept(page);
    } catch (PlaywrightException e) {
      throw new AssertionError(url + " did not become ready; errors on it: " + errors, e);
    }
  }

  /** Loads the page anew, as a visitor's reload does. */
  TestPage reload() {
    page.reload();
    awaitReady();
    return this;
  }

  /**
   * Runs the body of an async function that finds the package as {@code edgevec} and its argument
   * as {@code arg}, and gives what it returns as JSON (see {@code json} in {@code support.js}).
   */
  String run(String body, Object arg) {
    return (String) page.evaluate(SNIPPET.formatted(body), arg);
  }

  String run(String body) {
    return run(body, null);
  }

  /** As {@link #run}, for a string that is not to be quoted. */
  String text(String body) {
    return GSON.fromJson(run(body), String.class);
  }

  /** As {@link #run}, for a snippet that returns an object of strings. */
  @SuppressWarnings("unchecked") // the snippet returns strings only
  Map<String, String> strings(String body, Object arg) {
    return GSON.fromJson(run(body, arg), Map.class);
  }

  /** As {@link #run}, for a snippet that returns a number. */
  double number(String body) {
    return Double.parseDouble(run(body));
  }

  /** As {@link #run}, for a snippet that returns objects; numbers become doubles. */
  List<?> list(String body) {
    return GSON.fromJson(run(body), List.class);
  }

  /** The error that a promise is rejected with; the expression must give the promise. */
  Failure failure(String promise) {
    return GSON.fromJson(run("return failure(" + promise + ");"), Failure.class);
  }

  /** An EdgeVecError. */
  record Failure(String code, String message, String file, Long offset) {}

  /** Begins a snippet and does not wait for it. */
  void begin(String body) {
    page.evaluate("() => { (async () => {" + body + "})(); }");
  }

  /** Closes the tab at once. */
  void close() {
    page.close();
  }

  /** Waits until the browser noticed that the tab's process is gone. */
  void awaitCrash() {
    if (!crashed.get()) {
      try {
        page.waitForCondition(crashed::get);
      } catch (PlaywrightException e) {
        // How Playwright says that the page it waits on crashed.
        assertThat(e).hasMessageContaining("crashed");
      }
    }
  }

  Page page() {
    return page;
  }

  /** Takes the errors seen so far, so that they do not fail the test. */
  List<String> takeErrors() {
    List<String> taken = List.copyOf(errors);
    errors.clear();
    return taken;
  }

  void checkNothingUnexpected() {
    assertThat(errors).as("errors on %s", url).isEmpty();
  }

  void printErrors() {
    errors.forEach(error -> System.err.println(url + ": " + error));
  }
}
