package org.edgevec.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local Maven repository with nothing of EdgeVec in it. All else that the machine's own has is
 * linked to, so that no plugin is downloaded a second time; what is missing there comes from where
 * the machine's Maven has it from.
 */
final class LocalRepository implements AutoCloseable {

  private static final String OURS = "edgevec";

  private final Path folder;
  private final List<Path> links;

  private LocalRepository(Path folder, List<Path> links) {
    this.folder = folder;
    this.links = links;
  }

  static LocalRepository withoutEdgeVec(Path folder) throws IOException {
    Path machine = Path.of(System.getProperty("settings.localRepository"));
    Path org = Files.createDirectories(folder.resolve("org"));
    List<Path> links = new ArrayList<>();
    link(machine, folder, "org", links);
    link(machine.resolve("org"), org, OURS, links);
    return new LocalRepository(folder, links);
  }

  private static void link(Path from, Path to, String except, List<Path> links) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        if (!entry.endsWith(except)) {
          Path link = to.resolve(entry.getFileName());
          links.add(Files.createSymbolicLink(link, entry.toAbsolutePath()));
        }
      }
    }
  }

  /** How Maven is told to use this one. */
  String option() {
    return "-Dmaven.repo.local=" + folder;
  }

  /** Where the artifacts of EdgeVec lie once they are installed. */
  Path ours() {
    return folder.resolve("org").resolve(OURS);
  }

  /** A file of an installed artifact, such as {@code -sources.jar} of {@code edgevec}. */
  Path file(String artifact, String ending) {
    String version = Readme.VERSION;
    return ours().resolve(artifact).resolve(version).resolve(artifact + "-" + version + ending);
  }

  /** The names of the artifacts that are installed. */
  List<String> artifacts() throws IOException {
    try (Stream<Path> entries = Files.list(ours())) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** Removes the links, so that whoever deletes the folder meets none. */
  @Override
  public void close() throws IOException {
    for (Path link : links) {
      Files.delete(link);
    }
  }
}
