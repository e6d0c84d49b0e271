package org.edgevec.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a {@link KillWriter} has said so far: its output, a file, read while it grows. */
final class KillTranscript {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final Path output;
  private final Process process;
  private final long[] submitted = new long[KillScript.WRITERS];
  private final long[] acknowledged = new long[KillScript.WRITERS];
  private boolean started;
  private boolean opened;
  private long startedNanos;
  private long openedNanos;
  private int checkpointsBegun;
  private int checkpointsDone;
  private @Nullable String failure;

  KillTranscript(Path output, Process process) {
    this.output = output;
    this.process = process;
  }

  /** Waits until the process began its main, or ended. */
  void awaitStart() throws IOException, InterruptedException {
    if (awaitLine("start\n")) {
      startedNanos = System.nanoTime();
    }
  }

  /** Waits until the process opened the database, or ended. */
  void awaitOpen() throws IOException, InterruptedException {
    if (awaitLine("\nopen\n")) {
      openedNanos = System.nanoTime();
    }
  }

  private boolean awaitLine(String line) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (!beginning().contains(line)) {
      if (!process.isAlive()) {
        return false;
      }
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IllegalStateException("the writer does not say \"" + line.trim() + "\"");
      }
      TimeUnit.MICROSECONDS.sleep(500);
    }
    return true;
  }

  private String beginning() throws IOException {
    try (var in = Files.newInputStream(output)) {
      return new String(in.readNBytes(20), StandardCharsets.UTF_8);
    }
  }

  /** Reads all that was said by a process that has ended. */
  void readRest() throws IOException {
    for (String line : Files.readAllLines(output)) {
      take(line);
    }
  }

  private void take(String line) {
    String[] words = line.split(" ", 2);
    switch (words[0]) {
      case "start" -> started = true;
      case "open" -> opened = true;
      case "submit" -> submitted[Integer.parseInt(words[1])]++;
      case "ack" -> acknowledged[Integer.parseInt(words[1])]++;
      case "checkpoint" -> checkpointsBegun++;
      case "checkpointed" -> checkpointsDone++;
      case "failed" -> failure = words[1];
      default -> throw new IllegalStateException("the writer said \"" + line + "\"");
    }
  }

  /** How many batches a writer submitted. */
  long submitted(int writer) {
    return submitted[writer];
  }

  /** How many of them were acknowledged. */
  long acknowledged(int writer) {
    return acknowledged[writer];
  }

  /** How long opening took, or 0 if nobody waited for it. */
  long openNanos() {
    return openedNanos == 0 ? 0 : openedNanos - startedNanos;
  }

  /** Whether it was killed while it opened the database. */
  boolean endedWhileOpening() {
    return started && !opened;
  }

  /** Whether it was killed while a checkpoint was asked for and not done. */
  boolean endedInCheckpoint() {
    return checkpointsBegun > checkpointsDone;
  }

  /** What it failed with, or null if it did not. */
  @Nullable String failure() {
    return failure;
  }
}
