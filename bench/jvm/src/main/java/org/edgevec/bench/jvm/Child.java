package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM that runs a {@link Task}, and is asked one thing at a time. Not thread-safe. */
final class Child implements AutoCloseable {

  private static final Gson GSON = new Gson();

  private final String name;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final Thread errors;

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.errors = new Thread(this::passErrorsOn, "errors of " + name);
    errors.start();
  }

  /**
   * Starts a JVM of the kind that this one is.
   *
   * @param name of what it does, for errors
   * @param taskClass the name of the task's class
   * @param classPath where that class and all it needs are
   */
  static Child start(String name, String taskClass, String classPath, List<String> jvmOptions)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", classPath, ChildMain.class.getName(), taskClass));
    return new Child(name, new ProcessBuilder(command).start());
  }

  /** Passes on what the child writes to its error stream, but for what every JVM says. */
  private void passErrorsOn() {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.contains("Using incubator modules")) {
          System.err.println(line);
        }
      }
    } catch (IOException e) {
      Progress.tell("The error stream of %s cannot be read: %s", name, e);
    }
  }

  /**
   * Has the child do something, and waits for it.
   *
   * @param arguments a record or map; Gson makes JSON of it
   * @throws IOException if the child ended instead; its error stream, which is this JVM's, says why
   */
  <T> T ask(String command, Object arguments, Class<T> answer) throws IOException {
    JsonObject object = GSON.toJsonTree(arguments).getAsJsonObject();
    requests.write(GSON.toJson(new ChildMain.Request(command, object)));
    requests.newLine();
    requests.flush();
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("The JVM of " + name + " ended during \"" + command + "\".");
    }
    return GSON.fromJson(line, answer);
  }

  /** Has the child close its task and end, and waits until it has. */
  @Override
  public void close() throws IOException {
    try {
      requests.close();
    } finally {
      awaitEnd();
    }
  }

  private void awaitEnd() throws IOException {
    try {
      int status = process.waitFor();
      errors.join();
      if (status != 0) {
        throw new IOException("The JVM of " + name + " ended with status " + status + ".");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
