package org.edgevec.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.javalin.Javalin;
import io.javalin.http.staticfiles.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.edgevec.browser.Browsers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The tarball that {@code ./dev install npm} leaves, and what a JavaScript user does next. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(OS.WINDOWS)
class NpmInstallTest {

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
        <meta charset="utf-8" />
        <title>A user's page</title>
        <link rel="icon" href="data:," />
        <script type="importmap">
          { "imports": { "edgevec-java": "./node_modules/edgevec-java/index.js" } }
        </script>
        <script type="module" src="%s"></script>
      </html>
      """;

  @TempDir static Path work;

  private Path project;

  /** By the README's own line, from a project that lies elsewhere. */
  @BeforeAll
  void install() throws IOException, InterruptedException {
    project = Files.createDirectories(work.resolve("a project"));
    Files.writeString(
        project.resolve("package.json"),
        """
        { "name": "notes", "version": "1.0.0", "private": true, "type": "module" }
        """);
    String shown = Readme.at("README.md").only("npm install \\.\\./edgevec-java/(\\S+)").group(1);
    Path tarball = Readme.ROOT.resolve(shown);
    assertThat(tarball).isNotEmptyFile();
    Commands.run(
        project,
        List.of("npm", "install", "--offline", "--no-audit", "--no-fund", tarball.toString()));
  }

  @Test
  void theReadmesProgramRunsInABrowser() throws IOException {
    List<String> blocks = Readme.at("README.md").blocks("js");
    assertThat(blocks).hasSize(1);
    assertThat(run(blocks.get(0))).containsExactly("bread 0.964 ", "tea 0.938 Tea");
  }

  @Test
  void soDoThoseOfThePackagesOwnReadme() throws IOException {
    List<String> blocks = Readme.at("npm/src/main/js/README.md").blocks("js");
    assertThat(blocks).hasSize(2);
    assertThat(run(blocks.get(0) + "console.log(hits.map((hit) => hit.id).join());"))
        .containsExactly("tea");
    assertThat(run(blocks.get(1) + "console.log(near.length);"))
        .contains("1000 1000")
        .endsWith("10");
  }

  @Test
  void thePackageSaysWhatNpmAsksFor() throws IOException {
    Path installed = project.resolve("node_modules/edgevec-java");
    String text = Files.readString(installed.resolve("package.json"));
    JsonObject description = JsonParser.parseString(text).getAsJsonObject();
    assertThat(description.keySet())
        .contains(
            "name",
            "version",
            "description",
            "keywords",
            "license",
            "author",
            "homepage",
            "repository",
            "engines",
            "files",
            "types",
            "exports");
    assertThat(description.get("version").getAsString()).isEqualTo(Readme.VERSION);
    assertThat(text).doesNotContain("@project", "${");
    assertThat(description.getAsJsonObject("repository").get("url").getAsString())
        .matches("git\\+https://.*\\.git");
  }

  /** Runs a module on a page of the user's site and gives what it printed. */
  private List<String> run(String code) throws IOException {
    Files.writeString(project.resolve("notes.js"), code + "\nwindow.done = true;\n");
    Files.writeString(project.resolve("index.html"), PAGE.formatted("notes.js"));
    Javalin site =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.staticFiles.add(project.toString(), Location.EXTERNAL);
            });
    try (Playwright playwright = Browsers.playwright();
        Browser browser = Browsers.launchChromium(playwright)) {
      site.start("127.0.0.1", 0);
      List<String> printed = new ArrayList<>();
      List<String> errors = new ArrayList<>();
      Page page = browser.newPage();
      page.onConsoleMessage(message -> printed.add(message.text()));
      page.onPageError(errors::add);
      page.navigate("http://127.0.0.1:" + site.port() + "/");
      page.waitForCondition(
          () -> !errors.isEmpty() || Boolean.TRUE.equals(page.evaluate("window.done")));
      assertThat(errors).isEmpty();
      return printed;
    } finally {
      site.stop();
    }
  }
}
