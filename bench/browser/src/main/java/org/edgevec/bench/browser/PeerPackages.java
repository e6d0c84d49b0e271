package org.edgevec.bench.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The peers' npm packages, in the versions of {@code src/main/npm}, and this project's own, which
 * is installed beside them from the tarball of the build, as a user would. Nothing of it belongs to
 * the normal build: npm fetches the peers when the benchmark runs.
 */
final class PeerPackages {

  private static final List<String> DESCRIPTIONS = List.of("package.json", "package-lock.json");

  private PeerPackages() {}

  /**
   * Installs all packages.
   *
   * @param otherBuild another checkout of this project, whose package is installed, too, or null
   * @return their {@code node_modules}
   * @throws IOException if npm fails; it has said why on the error stream
   */
  static Path install(@Nullable Path otherBuild) throws IOException, InterruptedException {
    Path folder = BenchFolder.resolve("target/peers");
    Files.createDirectories(folder);
    for (String name : DESCRIPTIONS) {
      Files.copy(
          BenchFolder.resolve("src/main/npm").resolve(name),
          folder.resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
    npm(folder, "ci", "--prefer-offline");
    Path own = tarball(BenchFolder.resolve("../.."));
    List<String> packages = new ArrayList<>(List.of(own.toString()));
    if (otherBuild != null) {
      packages.add("edgevec-java-other@file:" + tarball(otherBuild.toAbsolutePath()));
    }
    install(folder, packages);
    return folder.resolve("node_modules");
  }

  private static void install(Path folder, List<String> packages)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("install", "--no-save", "--offline", "--install-links"));
    arguments.addAll(packages);
    npm(folder, arguments.toArray(String[]::new));
  }

  /** What {@code npm pack} made of the package of a checkout. */
  private static Path tarball(Path checkout) throws IOException {
    Path target = checkout.resolve("npm/target");
    try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
      return files
          .filter(file -> file.getFileName().toString().matches("edgevec-java-.*\\.tgz"))
          .findFirst()
          .orElseThrow(
              () ->
                  new IOException(
                      "There is no edgevec-java-*.tgz in " + target + ". Build it first."));
    }
  }

  private static void npm(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of("npm"),
                Stream.concat(
                    Stream.of(arguments),
                    Stream.of("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")))
            .toList();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(
          "\"" + String.join(" ", command) + "\" ended with status " + status + ".");
    }
  }
}
