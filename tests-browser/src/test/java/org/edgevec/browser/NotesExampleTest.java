package org.edgevec.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.edgevec.Entry;
import org.edgevec.VectorDatabase;
import org.edgevec.demo.DemoServer;
import org.edgevec.file.EdgeVec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that {@code examples/notes} makes of a folder of Markdown is one that the demo opens.
 */
@Timeout(120)
class NotesExampleTest {

  private static final Path EXAMPLE = ModuleFolder.resolve("../examples/notes/target");

  private static final String SPACE = "all-minilm-l6-v2-q";

  /** A file of the site that runs nothing. */
  private static final String QUIET = "style.css";

  private static final Map<String, String> MARKDOWN =
      Map.of(
          "kitchen.md",
          """
          # Boiling an egg

          Seven minutes in boiling water,
          then cold water.   \s

          ## Rescuing soup ##

          If there is too much salt in the broth, thin it or cook a peeled potato in it.

          ```
          # salt in grams
          litres * 8

          ```
          """,
          "repairs-in_spring.md",
          "The engine of the car stalls when it is cold.\r\n\r\n# Punctures\r\n"
              + "Find the hole in the inner tube under water, and glue a patch on it.\r\n\u00a0\r\n"
              + "Caf\u00e9 \ud83d\udeb2 #no heading");

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @TempDir Path parent;

  private record Note(String topic, String text) {}

  @Test
  void theDemoOpensWhatTheExampleMadeAndFindsInIt() throws Exception {
    Path folder = Files.createDirectory(parent.resolve("notes"));
    for (Map.Entry<String, String> file : MARKDOWN.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    Path database = parent.resolve("database");
    runExample(folder, database);
    List<Entry> entries = new ArrayList<>();
    try (VectorDatabase made = EdgeVec.open(database)) {
      made.entries().forEach(entries::add);
    }

    try (DemoServer server = DemoServer.start(DemoMeaning.SITE, 0)) {
      try (Page before = SESSION.context().newPage()) {
        before.navigate(server.uri() + QUIET);
        assertThat(notesOf(entries)).isEqualTo(notesAsThePageCutsThem());
        importAs(before, "notebook", database);
      }

      List<String> errors = new ArrayList<>();
      try (Page demo = SESSION.context().newPage()) {
        demo.onPageError(errors::add);
        demo.navigate(server.uri().toString());
        demo.locator(DemoMeaning.READY).waitFor();
        assertThat(demo.getByTestId("alert")).isHidden();
        assertThat(demo.getByTestId("result-topic").getByText("Punctures").first()).isVisible();
      }
      assertThat(errors).isEmpty();

      // The vectors are as they were, and so is what they find.
      try (Page after = SESSION.context().newPage()) {
        after.navigate(server.uri() + QUIET);
        Entry soup = entries.get(1);
        assertThat(nearestTo(after, soup))
            .isEqualTo(soup.id() + " Rescuing soup " + SPACE + " 1.000");
      }
    }
    addedToWhatIsThere(database);
  }

  /** All files of the database dropped or chosen: its notes come beside the samples. */
  private static void addedToWhatIsThere(Path database) throws IOException {
    try (DemoServer server = DemoServer.start(DemoMeaning.SITE, 0);
        Page demo = SESSION.context().newPage();
        Stream<Path> files = Files.list(database)) {
      demo.navigate(server.uri().toString());
      demo.locator(DemoMeaning.READY).waitFor();
      Path[] all = files.toArray(Path[]::new);
      demo.getByTestId("file-input").setInputFiles(all);
      assertThat(demo.getByTestId("add-status")).hasText("6 notes added and saved.");
      demo.getByTestId("search-box").fill("glue a patch on the inner tube");
      assertThat(demo.getByTestId("result-topic").first()).hasText("Punctures");

      demo.getByTestId("file-input").setInputFiles(segmentOf(all));
      assertThat(demo.getByTestId("add-status")).containsText(" was left out: ");
      assertThat(demo.getByTestId("alert")).isHidden();
    }
  }

  private static Path segmentOf(Path... files) {
    return Arrays.stream(files)
        .filter(file -> file.getFileName().toString().matches("(segment|wal)-.*"))
        .findFirst()
        .orElseThrow();
  }

  private static void runExample(Path folder, Path database)
      throws IOException, InterruptedException {
    String classPath =
        EXAMPLE.resolve("classes")
            + System.getProperty("path.separator")
            + Files.readString(EXAMPLE.resolve("classpath.txt"));
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                classPath,
                "org.edgevec.example.notes.NotesCommand",
                folder.toString(),
                database.toString())
            .redirectErrorStream(true)
            .start();
    String told = new String(program.getInputStream().readAllBytes());
    assertThat(program.waitFor()).as(told).isZero();
    assertThat(told).contains("6 notes of 2 files");
  }

  private static List<Note> notesOf(List<Entry> entries) {
    return entries.stream()
        .map(Entry::metadata)
        .map(data -> new Note(data.getString("topic"), data.getString("text")))
        .toList();
  }

  /** By the module of the page that does it, which in the site is part of a larger one. */
  private static List<Note> notesAsThePageCutsThem() throws IOException, InterruptedException {
    String script =
        """
        const { splitParagraphs, topicOfFile } = await import(process.argv[1]);
        const files = JSON.parse(process.argv[2]);
        const notes = Object.keys(files).sort()
          .flatMap((name) => splitParagraphs(files[name], topicOfFile(name)));
        console.log(JSON.stringify(notes.map(({topic, text}) => ({topic, text}))));
        """;
    Process node =
        new ProcessBuilder(
                "node",
                "--input-type=module",
                "--eval",
                script,
                ModuleFolder.resolve("../web-demo/src/main/web/text.js").toUri().toString(),
                new Gson().toJson(MARKDOWN))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String json = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor()).isZero();
    return List.of(new Gson().fromJson(json, Note[].class));
  }

  private static void importAs(Page page, String name, Path database) throws IOException {
    page.evaluate(
        """
        async ({name, files}) => {
          const { importFiles } = await import('/node_modules/edgevec-java/index.js');
          const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          await importFiles(
            name, Object.fromEntries(Object.entries(files).map(([k, v]) => [k, bytes(v)])));
        }
        """,
        Map.of("name", name, "files", StoreFolder.read(database)));
  }

  private static Object nearestTo(Page page, Entry entry) {
    List<Double> numbers = new ArrayList<>();
    for (float value : entry.vector()) {
      numbers.add((double) value);
    }
    return page.evaluate(
        """
        async (vector) => {
          const { open } = await import('/node_modules/edgevec-java/index.js');
          const db = await open('notebook', {create: false, dimension: 384, metric: 'cosine'});
          const [{ id, score, metadata: { topic, space } }] = await db.search(vector, {k: 1});
          await db.close();
          return `${id} ${topic} ${space} ${score.toFixed(3)}`;
        }
        """,
        numbers);
  }
}
