package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which package may use which: only what stands below it, as docs/architecture.md draws it. So a
 * reader may go from the top down, and what is added finds its place.
 */
final class HouseTest {

  private static final Path SOURCES = Path.of("src/main/java/org/edgevec");

  /** From the top down; those of one floor do not use each other. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("engine"),
          Set.of("recovery"),
          Set.of("query"),
          Set.of("snapshot"),
          Set.of("contents"),
          Set.of("wal"),
          Set.of("table", "index"),
          Set.of("quant"),
          Set.of("vector", "storage", "filter"),
          Set.of("bytes"));

  /** The face's values, which all may use; the others of its classes nobody below. */
  private static final Set<String> VALUES =
      Set.of(
          "CheckpointPolicy",
          "DatabaseClosedException",
          "Entry",
          "Filter",
          "Hit",
          "HnswOptions",
          "IndexingException",
          "InvalidInputException",
          "Metadata",
          "Metric",
          "Options",
          "Platform",
          "ProgressListener",
          "SearchRequest");

  private static final Pattern IMPORT =
      Pattern.compile("import (?:static )?org\\.edgevec\\.(?:([a-z]+)\\.)?([A-Z]\\w*)");

  private static final int MAX_LINES = 410;
  private static final int MAX_FACE_LINES = 350;

  private record Source(String folder, String name, String text) {
    Stream<MatchResult> matches(Pattern pattern) {
      return pattern.matcher(text).results();
    }

    @Override
    public String toString() {
      return folder + "/" + name;
    }
  }

  private static List<Source> sources() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(HouseTest::source)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source source(Path file) {
    try {
      String folder = SOURCES.relativize(file.getParent()).toString();
      return new Source(folder, file.getFileName().toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int floor(String folder) {
    for (int i = 0; i < FLOORS.size(); i++) {
      if (FLOORS.get(i).contains(folder)) {
        return i;
      }
    }
    throw new AssertionError("HouseTest does not know where the package " + folder + " stands");
  }

  @Test
  void aPackageUsesWhatStandsBelowIt() {
    List<String> wrong = new ArrayList<>();
    for (Source source : sources()) {
      if (source.folder().isEmpty()) {
        continue;
      }
      source
          .matches(IMPORT)
          .filter(used -> !isAllowed(source.folder(), used.group(1), used.group(2)))
          .forEach(used -> wrong.add(source + " uses " + used.group()));
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean isAllowed(String folder, String used, String name) {
    if (used == null) {
      return VALUES.contains(name);
    }
    return used.equals(folder) || floor(used) > floor(folder);
  }

  /** Whoever wants something of them asks the contents. */
  @Test
  void nobodyReachesThroughTheContents() {
    List<String> wrong = new ArrayList<>();
    Pattern reach =
        Pattern.compile("\\b(?:HnswGraph|Table|GraphInsertion|GraphPurge)\\b|[.]graph\\(\\)");
    for (Source source : sources()) {
      boolean isInside = Set.of("contents", "query", "table", "index").contains(source.folder());
      // The graph's own format.
      boolean isFormat =
          source.folder().equals("snapshot") && source.name().matches("Graph(Format|Part).java");
      if (!isInside && !isFormat) {
        String code = source.text().replaceAll("(?s)/\\*.*?\\*/|//[^\n]*|\"[^\"\n]*\"", "");
        new Source(source.folder(), source.name(), code)
            .matches(reach)
            .forEach(found -> wrong.add(source + " has " + found.group()));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** In any module. */
  @Test
  void noFileIsAWholeHouse() throws IOException {
    List<String> tooLong = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      for (Path file : (Iterable<Path>) files.filter(HouseTest::isMainSource)::iterator) {
        int max = file.endsWith("VectorDatabase.java") ? MAX_FACE_LINES : MAX_LINES;
        int lines = Files.readAllLines(file).size();
        if (lines > max) {
          tooLong.add(file + " has " + lines + " lines, more than " + max);
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  private static boolean isMainSource(Path file) {
    String path = file.toString().replace('\\', '/');
    return path.endsWith(".java") && path.contains("/src/main/");
  }
}
