package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file of the package that is another build's, or not there, or not what it should be: an old one
 * in a cache, half a deployment, a server that answers everything with its first page. Opening is
 * rejected with a type, soon, and goes well when the cause has gone.
 */
@Timeout(120)
class LoadingTest {

  @RegisterExtension static final BrowserSession CHROMIUM = BrowserSession.in(Engine.CHROMIUM);
  @RegisterExtension static final BrowserSession FIREFOX = BrowserSession.in(Engine.FIREFOX);

  private static final AtomicInteger KEYS = new AtomicInteger();

  /** Waits of a minute take a second; `fault`, if there is one, is put in place before loading. */
  private static final String TRY =
      """
      await 0; // The test's own timer is to be a real one.
      const real = window.setTimeout;
      window.setTimeout = (body, millis, ...args) =>
        real(body, millis > 20000 ? millis / 60 : millis, ...args);
      const base = `/changed/${arg.key}/${arg.file}/${arg.how}`;
      if (arg.fault) eval(arg.fault);
      const its = await import(`${base}/index.js`);
      const open = async (options) => {
        const begun = performance.now();
        const told = {code: 'opened', message: ''};
        try {
          const db = await its.open('loading', {dimension: 4, metric: 'l2', worker: arg.worker, ...options});
          await db.put('a', vector(1));
          if ((await db.search(vector(1)))[0].id !== 'a') told.code = 'wrong';
          await db.close();
        } catch (e) {
          told.code = e instanceof its.EdgeVecError ? e.code : 'untyped ' + e;
          told.message = e.message;
        }
        return {...told, millis: performance.now() - begun};
      };
      const first = await open();
      if (arg.fault) eval(arg.mend);
      await fetch(`/mend/${arg.key}`);
      let locks = -1;
      for (let left = 100; left > 0 && locks !== 0; left--) {
        await sleep(20); // For what was terminated.
        const {held, pending} = await navigator.locks.query();
        locks = held.length + pending.length;
      }
      return {first, second: await open(), locks};
      """;

  private record Outcome(String code, String message, double millis) {}

  private record Told(Outcome first, Outcome second, int locks) {}

  private static Told run(TestPage page, Host host, String file, String how) {
    return run(page, host, file, how, "", "");
  }

  private static Told run(
      TestPage page, Host host, String file, String how, String fault, String mend) {
    Map<String, Object> arguments =
        Map.of(
            "key",
            "key-" + KEYS.incrementAndGet(),
            "file",
            file,
            "how",
            how,
            "worker",
            host == Host.WORKER,
            "fault",
            fault,
            "mend",
            mend);
    Told told = new Gson().fromJson(page.run(TRY, arguments), Told.class);
    page.takeErrors(); // Of what did not load, the browser says so, too.
    return told;
  }

  private static Stream<Arguments> modules() {
    return Stream.of(Host.values())
        .flatMap(
            host ->
                Stream.of(
                        "OTHER",
                        "UNSTAMPED",
                        "TRUNCATED",
                        "EMPTY",
                        "HTML",
                        "NOT_FOUND",
                        "FAILING",
                        "UNLINKABLE",
                        "STUCK")
                    .map(how -> Arguments.of(host, how)));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleThatIsNotThisBuildsIsTold(Host host, String how) {
    Told told = run(CHROMIUM.page(), host, "edgevec.wasm", how);
    assertNotLoaded(told, "edgevec.wasm");
    assertThat(told.second().code()).isEqualTo("opened");
  }

  private static void assertNotLoaded(Told told, String file) {
    assertThat(told.first().code()).as(told.first().message()).isEqualTo("NOT_LOADED");
    assertThat(told.first().message()).contains(file, "Reload the page", "deploy all files");
    assertThat(told.first().millis()).isLessThan(5000);
    assertThat(told.locks()).as("of an engine or worker that was given up").isZero();
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void aModuleThatACacheHasOfAnotherBuildIsAskedForPastIt(Host host) {
    Told told = run(CHROMIUM.page(), host, "edgevec.wasm", "CACHED");
    assertThat(told.first().code()).as(told.first().message()).isEqualTo("opened");
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void aModuleOfAnyMimeTypeIsTaken(Host host) {
    Told told = run(CHROMIUM.page(), host, "edgevec.wasm", "UNTYPED");
    assertThat(told.first().code()).as(told.first().message()).isEqualTo("opened");
  }

  private static Stream<Arguments> scripts() {
    return Stream.of("index.js", "engine.js")
        .flatMap(file -> Stream.of("OTHER", "UNSTAMPED").map(how -> Arguments.of(file, how)));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void aScriptOfAnotherBuildIsTold(String file, String how) {
    for (Host host : Host.values()) {
      assertNotLoaded(run(CHROMIUM.page(), host, file, how), file);
    }
  }

  private static Stream<Arguments> workers() {
    return Stream.of(
            "OTHER",
            "UNSTAMPED",
            "TRUNCATED",
            "EMPTY",
            "HTML",
            "NOT_FOUND",
            "FAILING",
            "UNTYPED",
            "STUCK",
            "THROWING",
            "ENDING",
            "SILENT")
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("workers")
  void aWorkerThatIsNotThisBuildsIsTold(String how) {
    Told told = run(CHROMIUM.page(), Host.WORKER, "worker.js", how);
    assertNotLoaded(told, "worker");
    assertThat(told.second().code()).as(told.second().message()).isEqualTo("opened");
  }

  @Test
  void theSameIsToldInFirefox() {
    for (String how : List.of("OTHER", "UNSTAMPED", "HTML", "NOT_FOUND")) {
      for (Host host : Host.values()) {
        Told told = run(FIREFOX.page(), host, "edgevec.wasm", how);
        assertNotLoaded(told, "edgevec.wasm");
        assertThat(told.second().code()).isEqualTo("opened");
      }
      Told told = run(FIREFOX.page(), Host.WORKER, "worker.js", how);
      assertNotLoaded(told, "worker");
      assertThat(told.second().code()).as(told.second().message()).isEqualTo("opened");
    }
  }

  @Test
  void compilingThatNeverEndsOrFailsIsTold() {
    for (String call : List.of("compile", "instantiate")) {
      for (String fault : List.of("new Promise(() => {})", "Promise.reject(new Error('memory'))")) {
        Told told =
            run(
                CHROMIUM.page(),
                Host.PAGE,
                "none",
                "OTHER",
                "window.kept = WebAssembly."
                    + call
                    + "; WebAssembly."
                    + call
                    + " = () => "
                    + fault
                    + ";",
                "WebAssembly." + call + " = window.kept;");
        assertNotLoaded(told, "edgevec.wasm");
        assertThat(told.second().code()).as(told.second().message()).isEqualTo("opened");
      }
    }
  }

  @Test
  void aRequestThatIsRefusedIsTold() {
    Told told =
        run(
            CHROMIUM.page(),
            Host.PAGE,
            "none",
            "OTHER",
            "window.kept = window.fetch;"
                + " window.fetch = async () => { throw new TypeError('Failed to fetch'); };",
            "window.fetch = window.kept;");
    assertNotLoaded(told, "edgevec.wasm");
    assertThat(told.first().message()).contains("Failed to fetch");
    assertThat(told.second().code()).isEqualTo("opened");
  }

  @ParameterizedTest
  @EnumSource(Host.class)
  void aPolicyThatForbidsWebAssemblyIsTold(Host host) {
    String path = "/no-wasm/policy.html" + (host == Host.WORKER ? "?worker" : "");
    try (Page page = CHROMIUM.context().newPage()) {
      page.navigate(CHROMIUM.origin() + path);
      // By a locator: what evaluates a string would be refused here.
      assertThat(page.locator("#done").textContent())
          .contains("EdgeVecError", "could not be loaded", "wasm-unsafe-eval");
    }
  }
}
