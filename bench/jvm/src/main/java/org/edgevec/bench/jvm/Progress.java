package org.edgevec.bench.jvm;

/** Tells whoever waits what goes on, on the error stream: none of it belongs to the report. */
final class Progress {

  private Progress() {}

  static void tell(String format, Object... arguments) {
    System.err.printf("[bench] " + format + "%n", arguments);
  }
}
