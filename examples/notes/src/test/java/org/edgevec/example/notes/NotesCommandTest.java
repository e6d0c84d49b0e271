package org.edgevec.example.notes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.edgevec.Entry;
import org.edgevec.Hit;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.file.EdgeVec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NotesCommandTest {

  private static final long MODIFIED = 1_700_000_000_000L;

  @TempDir Path parent;

  private final StringWriter errors = new StringWriter();
  private Path folder;
  private Path database;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(parent.resolve("notes"));
    database = parent.resolve("database");
  }

  @Test
  void questionsFindNotesThatShareNoWordWithThem() throws IOException {
    writeTwoFiles();

    assertThat(run()).as(errors.toString()).isZero();

    try (VectorDatabase notebook = EdgeVec.open(database);
        SentenceModel model = SentenceModel.load()) {
      assertThat(notebook.dimension()).isEqualTo(384);
      assertThat(notebook.metric()).isEqualTo(Metric.COSINE);
      assertThat(notebook.size()).isEqualTo(5);
      assertThat(nearest(notebook, model.vector("My stew is oversalted. Help!")))
          .isEqualTo("Rescuing soup");
      assertThat(nearest(notebook, model.vector("fixing a flat tyre on my bike")))
          .isEqualTo("Punctures");
      assertThat(nearest(notebook, model.vector("automobile trouble")))
          .isEqualTo("repairs in spring");
    }
    assertThat(EdgeVec.verify(database).isIntact()).isTrue();
  }

  @Test
  void notesAreWhatThePageStores() throws IOException {
    writeTwoFiles();
    run();

    try (VectorDatabase notebook = EdgeVec.open(database)) {
      Entry first = notebook.entries().iterator().next();
      assertThat(first.id()).matches("note/[0-9a-f]{32}");
      assertThat(first.metadata().asMap())
          .isEqualTo(
              Map.of(
                  "topic",
                  "Boiling an egg",
                  "text",
                  "Seven minutes in boiling water, then cold water.",
                  "sample",
                  false,
                  "created",
                  MODIFIED,
                  "space",
                  "all-minilm-l6-v2-q"));
    }
  }

  @Test
  void addingAgainReplacesAndAddsWhatIsNew() throws IOException {
    writeTwoFiles();
    run();
    List<String> ids = ids();
    write("kitchen.md", "# Boiling an egg\n\nEight minutes.\n");
    write("sub/new.MARKDOWN", "Something new.");

    assertThat(run("--add")).as(errors.toString()).isZero();

    assertThat(ids()).hasSize(6).containsAll(ids);
    refuses("There is a database in", "--add");
    assertThat(ids()).hasSize(6);
    try (VectorDatabase notebook = EdgeVec.open(database)) {
      assertThat(notebook.entries())
          .extracting(entry -> entry.metadata().getString("text"))
          .contains("Eight minutes.", "Something new.")
          .doesNotContain("Seven minutes in boiling water, then cold water.");
    }
  }

  @Test
  void hiddenFilesAndOtherKindsAreLeftOut() throws IOException {
    write(".git/x.md", "Hidden.");
    write(".draft.md", "Hidden.");
    write("picture.png", "\0\0");
    write("a.md", "Seen.");

    assertThat(run()).as(errors.toString()).isZero();

    assertThat(ids()).hasSize(1);
  }

  @Test
  void folderMustBeThereAndHoldMarkdown() throws IOException {
    refuses("There is no Markdown in", ".md");
    Files.delete(folder);
    refuses("There is no folder", folder.toString());
    Files.createFile(folder);
    refuses("is not a folder");
    assertThat(database).doesNotExist();
  }

  @Test
  void fileWithoutAParagraphIsNoDatabase() throws IOException {
    write("a.md", "# Only a heading\n\n");
    refuses("There is no paragraph");
    assertThat(database).doesNotExist();
  }

  @Test
  void whatIsNotUtf8IsNamedAndNothingIsWritten() throws IOException {
    write("a.md", "Fine.");
    Files.write(folder.resolve("b.md"), "Caf\u00e9 au lait".getBytes(StandardCharsets.ISO_8859_1));
    refuses("b.md is not UTF-8 text", "byte 3", "Nothing was written");
    Files.write(folder.resolve("b.md"), new byte[] {'a', (byte) 0xe2, (byte) 0x82});
    refuses("b.md is not UTF-8 text", "byte 1");
    write("b.md", "PK\0\1");
    refuses("b.md is not UTF-8 text", "byte 2 is a zero");
    try (RandomAccessFile large = new RandomAccessFile(folder.resolve("b.md").toFile(), "rw")) {
      large.setLength(NoteFiles.LARGEST_BYTES + 1);
    }
    refuses("b.md has 16777217 bytes", "Divide it");
    assertThat(database).doesNotExist();
  }

  @Test
  void placeThatIsTakenIsLeftAsItIs() throws IOException {
    writeTwoFiles();
    Files.writeString(database, "precious");
    refuses(database + " is a file");
    assertThat(database).hasContent("precious");
    Files.delete(database);
    Files.createDirectory(database);
    Files.writeString(database.resolve("precious.txt"), "precious");
    refuses("not a database", "precious.txt");
    refuses(List.of("--add"), "not a database", "precious.txt");
    assertThat(database).isDirectoryContaining("glob:**precious.txt");
    Files.delete(database.resolve("precious.txt"));
    Files.delete(database);
    refuses(List.of("--add"), "There is no folder", "Without --add");
    assertThat(database).doesNotExist();
  }

  @Test
  void databaseThatIsOpenOrOfAnotherKindIsToldApart() throws IOException {
    writeTwoFiles();
    try (VectorDatabase open = EdgeVec.open(database, Options.of(384, Metric.COSINE))) {
      refuses(List.of("--add"), "open");
      assertThat(open.size()).isZero();
    }
    Path other = parent.resolve("other");
    EdgeVec.open(other, Options.of(3, Metric.L2)).close();
    database = other;
    refuses(List.of("--add"), "3");
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertThat(execute(folder.toString())).isEqualTo(2);
    assertThat(errors.toString()).contains("DATABASE");
  }

  private void writeTwoFiles() throws IOException {
    write(
        "kitchen.md",
        """
        # Boiling an egg

        Seven minutes in boiling water, then cold water.

        # Rescuing soup

        If there is too much salt in the broth, thin it or cook a peeled potato in it.
        """);
    write(
        "repairs-in_spring.md",
        """
        The engine of the car stalls when it is cold; the garage looks at it on Monday.

        # Punctures

        Take the wheel off, find the hole in the inner tube under water, and glue a patch on it.

        # Paint

        Two thin coats on the fence, a day between them.
        """);
  }

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(MODIFIED));
  }

  private List<String> ids() {
    try (VectorDatabase notebook = EdgeVec.open(database)) {
      return notebook.ids();
    }
  }

  private static String nearest(VectorDatabase notebook, float[] query) {
    Hit hit = notebook.search(SearchRequest.of(query, 1)).get(0);
    return hit.metadata().getString("topic");
  }

  private void refuses(String... told) {
    refuses(List.of(), told);
  }

  private void refuses(List<String> options, String... told) {
    errors.getBuffer().setLength(0);
    assertThat(run(options.toArray(String[]::new))).isEqualTo(1);
    assertThat(errors.toString()).contains(told).hasLineCount(1);
  }

  private int run(String... options) {
    String[] arguments = Arrays.copyOf(options, options.length + 2);
    arguments[options.length] = folder.toString();
    arguments[options.length + 1] = database.toString();
    return execute(arguments);
  }

  private int execute(String... arguments) {
    return new CommandLine(new NotesCommand())
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(errors, true))
        .execute(arguments);
  }
}
