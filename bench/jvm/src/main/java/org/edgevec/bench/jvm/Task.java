package org.edgevec.bench.jvm;

import com.google.gson.JsonObject;

/** What a child JVM does; it has a constructor without parameters, and one instance serves. */
public interface Task extends AutoCloseable {

  /**
   * Carries out a command.
   *
   * @param command what to do
   * @param arguments as the command needs them
   * @return the answer, which Gson makes JSON of
   * @throws Exception which ends the child; the parent is told
   */
  Object handle(String command, JsonObject arguments) throws Exception;

  @Override
  void close() throws Exception;
}
