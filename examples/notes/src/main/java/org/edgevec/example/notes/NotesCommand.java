package org.edgevec.example.notes;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.edgevec.InvalidInputException;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.example.notes.NoteFiles.NoteFile;
import org.edgevec.file.EdgeVec;
import org.edgevec.storage.PersistenceException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Embeds a folder of Markdown and writes a database like the one that the demo's page keeps. */
@Command(
    name = "notes",
    sortOptions = false,
    description = {
      "Makes a database of a folder of Markdown: every paragraph becomes a note with the vector of a"
          + " sentence model, as the demo's page has them.",
      "The model reads English, on this machine; nothing leaves it."
    })
public final class NotesCommand implements Callable<Integer> {

  /** Notes that are written in one go: all of them or none. */
  private static final int BATCH = 128;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "Where the Markdown files are.")
  private @Nullable Path folder;

  @Parameters(
      index = "1",
      paramLabel = "DATABASE",
      description = "The folder for the database, which must be new or empty.")
  private @Nullable Path database;

  @Option(
      names = "--add",
      description = {
        "Add to the database that is there, replacing notes of the same places in the same files.",
        "It must not be open in another program."
      })
  private boolean add;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli asks for the field, and reads it itself
  private boolean help;

  @Spec private @Nullable CommandSpec spec;

  /** Runs the command and ends the program with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new NotesCommand()).execute(arguments));
  }

  /**
   * Exit codes: 0 written, 1 not or not all, with the reason on the error stream, 2 wrong usage.
   */
  @Override
  public Integer call() {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    try {
      write(Objects.requireNonNull(folder), Objects.requireNonNull(database), commandLine.getOut());
      return 0;
    } catch (NotesException | InvalidInputException | PersistenceException e) {
      PrintWriter errors = commandLine.getErr();
      errors.println(e.getMessage());
      errors.flush();
      return 1;
    }
  }

  private void write(Path from, Path to, PrintWriter out) {
    List<NoteFile> files = NoteFiles.read(from);
    List<Note> notes = notesOf(files);
    if (notes.isEmpty()) {
      throw new NotesException("There is no paragraph in the Markdown of " + from + ".");
    }
    if (add) {
      requireSomething(to);
    } else {
      requireNoDatabase(to);
    }
    Options options = Options.of(SentenceModel.DIMENSION, Metric.COSINE).createIfMissing(!add);
    try (SentenceModel model = SentenceModel.load();
        VectorDatabase notebook = EdgeVec.open(to, options)) {
      put(notes, notebook, model, out);
      // So that whoever opens it next, the page perhaps, has no log to replay.
      notebook.checkpoint();
    }
    out.printf(
        Locale.ROOT,
        "%,d notes of %,d files are in %s.%n",
        notes.size(),
        files.size(),
        to.toAbsolutePath());
    out.flush();
  }

  /** Without this a second run would put other notes among those of the first. */
  private static void requireNoDatabase(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.evec")) {
      if (files.iterator().hasNext()) {
        throw new NotesException(
            "There is a database in "
                + folder
                + " already. Give a new folder, or --add to add to the database there.");
      }
    } catch (IOException e) {
      throw new NotesException(folder + " cannot be read: " + e, e);
    }
  }

  private static void requireSomething(Path folder) {
    if (!Files.exists(folder)) {
      throw new NotesException(
          "There is no folder " + folder + " to add to. Without --add a new one is made.");
    }
  }

  private static List<Note> notesOf(List<NoteFile> files) {
    List<Note> notes = new ArrayList<>();
    for (NoteFile file : files) {
      int index = 0;
      for (Paragraph paragraph : Paragraphs.of(file.text(), file.topic())) {
        notes.add(Note.at(file.path(), index++, paragraph, file.modified()));
      }
    }
    return notes;
  }

  private static void put(
      List<Note> notes, VectorDatabase notebook, SentenceModel model, PrintWriter out) {
    for (int start = 0; start < notes.size(); start += BATCH) {
      WriteBatch batch = new WriteBatch();
      for (Note note : notes.subList(start, Math.min(start + BATCH, notes.size()))) {
        batch.put(note.id(), model.vector(note.paragraph()), note.metadata(SentenceModel.SPACE));
      }
      notebook.write(batch); // returned == durable
      out.printf(Locale.ROOT, "%,d of %,d%n", start + batch.size(), notes.size());
      out.flush();
    }
  }
}
