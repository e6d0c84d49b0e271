package org.edgevec.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs as a user starts them. */
final class Commands {

  private Commands() {}

  /**
   * Runs a program to its end and gives what it printed, line by line; fails with all of it, and
   * with what it told on standard error, if its status is not 0.
   */
  static List<String> run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("edgevec-install", ".txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      Process process = builder.redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor())
          .as("status of %s, which printed:%n%s%n%s", command, output, Files.readString(errors))
          .isZero();
      return output.lines().toList();
    } finally {
      Files.delete(errors);
    }
  }

  /** The Maven that runs these tests. */
  static List<String> maven(LocalRepository repository, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString());
    command.addAll(List.of("-B", "-ntp", "-q", "-Dstyle.color=never", repository.option()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The Java that runs these tests. */
  static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
