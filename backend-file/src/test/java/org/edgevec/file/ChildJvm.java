package org.edgevec.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with the class path of the tests, to which the test talks over pipes. */
public final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts the main class; what it writes to its error stream goes to the test's. */
  public static ChildJvm start(Class<?> mainClass, List<String> jvmOptions, String... arguments)
      throws IOException {
    return new ChildJvm(builder(mainClass, jvmOptions, arguments).start());
  }

  /**
   * Starts the main class with its output going to a file, where all of it is although the process
   * is killed. (Of a pipe, Java drops what was not read yet when it kills a process.) Then {@link
   * #output} is empty.
   */
  public static ChildJvm startWithOutputTo(
      Path file, Class<?> mainClass, List<String> jvmOptions, List<String> arguments)
      throws IOException {
    ProcessBuilder builder = builder(mainClass, jvmOptions, arguments.toArray(String[]::new));
    return new ChildJvm(builder.redirectOutput(file.toFile()).start());
  }

  private static ProcessBuilder builder(
      Class<?> mainClass, List<String> jvmOptions, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  public Process process() {
    return process;
  }

  /** What the child prints. */
  public BufferedReader output() {
    return output;
  }

  /** Closes the child's input, which asks it to end, and waits until it has. */
  public int finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    return process.waitFor();
  }

  /** Kills the child (SIGKILL) and waits until it is gone. */
  @Override
  public void close() {
    process.destroyForcibly();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
