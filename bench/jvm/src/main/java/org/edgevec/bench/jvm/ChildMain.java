package org.edgevec.bench.jvm;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a child JVM begins: it reads a request from each line of its input, carries it out, and
 * prints the answer as one line, until the input ends. The first argument is the {@link Task}'s
 * class.
 */
final class ChildMain {

  private ChildMain() {}

  /** A line to the child. */
  record Request(String command, JsonObject arguments) {}

  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    // Whatever else prints shall not end up among the answers.
    System.setOut(System.err);
    Gson gson = new Gson();
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Task task =
        Class.forName(arguments[0]).asSubclass(Task.class).getDeclaredConstructor().newInstance()) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        Request request = gson.fromJson(line, Request.class);
        answers.println(gson.toJson(task.handle(request.command(), request.arguments())));
        answers.flush();
      }
    }
  }
}
