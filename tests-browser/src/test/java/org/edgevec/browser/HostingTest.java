package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where the package's files may come from, beside the page's own server and a module. */
@Timeout(60)
class HostingTest {

  /** A script that is no module, beside the package's other files. */
  private static final Path PLAIN = ModuleFolder.built("target/npm").resolve("node_modules/plain");

  private static final String USE =
      """
      const use = async ({open}, worker) => {
        const db = await open('hosted', {dimension: 2, metric: 'l2', worker});
        await db.put('a', [1, 2]);
        const [{id}] = await db.search([1, 2], {k: 1});
        await db.close();
        return id;
      };
      const told = ({EdgeVecError}) => (e) => [e instanceof EdgeVecError, e.code, e.message.length > 50];
      """;

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @BeforeAll
  static void bundle() throws IOException, InterruptedException {
    Path installed = PLAIN.resolveSibling("edgevec-java");
    Files.createDirectories(PLAIN);
    try (var files = Files.list(installed)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, PLAIN.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.writeString(
        PLAIN.resolve("page.html"),
        """
        <!doctype html>
        <title>A page without modules</title>
        <link rel="icon" href="data:," />
        <script src="bundle.js"></script>
        <script>
          window.json = JSON.stringify;
          window.ready = true;
        </script>
        """);
    Path esbuild = ModuleFolder.resolve("../npm/target/tools/node_modules/esbuild/bin/esbuild");
    Process process =
        new ProcessBuilder(
                List.of(
                    esbuild.toString(),
                    installed.resolve("index.js").toString(),
                    "--bundle",
                    "--format=iife",
                    "--global-name=bundled",
                    "--log-level=error",
                    "--outfile=" + PLAIN.resolve("bundle.js")))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  void thePackageMayComeFromAnotherOrigin() {
    assertThat(fromAnotherOrigin(SESSION)).isEqualTo("[\"a\",\"a\",\"a\"]");
  }

  /** As from a content delivery network; what a search found, on the page and twice in a worker. */
  static String fromAnotherOrigin(BrowserSession session) {
    return session
        .page()
        .run(
            USE
                + """
                const theirs = await import(arg + '/npm/edgevec-java/index.js');
                const show = told(theirs);
                return [await use(theirs, false).catch(show), await use(theirs, true).catch(show),
                  await use(theirs, true).catch(show)];
                """,
            session.origin().replace("127.0.0.1", "localhost"));
  }

  @Test
  void aBundleThatIsNoModuleFindsItsFilesBesideIt() {
    TestPage page = SESSION.pageAt(SESSION.origin() + "/npm/plain/page.html", "window.ready");
    String result =
        page.run(
            USE
                + """
                const show = told(bundled);
                return [await use(bundled, false).catch(show), await use(bundled, true).catch(show)];
                """);
    assertThat(result).isEqualTo("[\"a\",\"a\"]");
  }

  @Test
  void aScriptWithoutAnAddressIsToldWhatToDo() {
    String result =
        SESSION
            .page()
            .run(
                USE
                    + """
                    (0, eval)(await (await fetch('/npm/plain/bundle.js')).text());
                    const show = told(bundled);
                    return [await use(bundled, false).catch(show), await use(bundled, true).catch(show)];
                    """);
    assertThat(result)
        .isEqualTo("[[true,\"UNSUPPORTED_PLATFORM\",true],[true,\"UNSUPPORTED_PLATFORM\",true]]");
  }

  @Test
  void aWorkerThatMayNotBeMadeIsToldWithAType() {
    String result =
        SESSION
            .page()
            .run(
                USE
                    + """
                    window.Worker = class {
                      constructor() { throw new DOMException('not here', 'SecurityError'); }
                    };
                    return use(edgevec, true).catch(told(edgevec));
                    """);
    assertThat(result).isEqualTo("[true,\"NOT_LOADED\",true]");
  }
}
