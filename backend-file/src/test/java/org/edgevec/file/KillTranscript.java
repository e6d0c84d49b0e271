package org.edgevec.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a writer has said so far: its output, a file, read while it grows. A last line without an
 * end was cut off by the kill and counts as not said.
 */
final class KillTranscript implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final RandomAccessFile output;
  private final Process process;
  private final long[] acknowledged = new long[KillScript.WRITERS];
  private final long[] acknowledgedLate = new long[KillScript.WRITERS];
  private final boolean[] inFlight = new boolean[KillScript.WRITERS];
  private final Map<String, Integer> counts = new TreeMap<>();
  private String unfinishedLine = "";
  private boolean powerGoes;
  private boolean opened;
  private long generation;
  private boolean checkpointWasRefused;
  private int wroteOn;
  private @Nullable String failure;

  KillTranscript(Path output, Process process) throws IOException {
    this.output = new RandomAccessFile(output.toFile(), "r");
    this.process = process;
  }

  /**
   * Reads on until something was said, or the process ended.
   *
   * @param wish what to wait for, for the message if it never comes
   */
  void await(String wish, BooleanSupplier isThere) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    readOn();
    while (!isThere.getAsBoolean() && process.isAlive()) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new ViolationError("the writer does not say \"" + wish + "\"; so far " + counts);
      }
      TimeUnit.MICROSECONDS.sleep(500);
      readOn();
    }
  }

  /** Waits until the process has said something for the {@code count}th time, or ended. */
  void await(String word, int count) throws IOException, InterruptedException {
    await(word, () -> count(word) >= count);
  }

  /** Reads what was said since; all there is, if the process has ended. */
  void readOn() throws IOException {
    byte[] more = new byte[(int) (output.length() - output.getFilePointer())];
    output.readFully(more);
    // All that is ever said is ASCII, but for the words of a failure, which come last.
    String text = unfinishedLine + new String(more, StandardCharsets.UTF_8);
    int begin = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
      take(text.substring(begin, end));
      begin = end + 1;
    }
    unfinishedLine = text.substring(begin);
  }

  private void take(String line) {
    String[] words = line.split(" ", 2);
    counts.merge(words[0], 1, Integer::sum);
    switch (words[0]) {
      case "submit" -> inFlight[Integer.parseInt(words[1])] = true;
      case "ack" -> acknowledge(Integer.parseInt(words[1]));
      case "open" -> opened |= !powerGoes;
      case "checkpointed" -> generation = powerGoes ? generation : Long.parseLong(words[1]);
      case "checkpoint-refused" -> checkpointWasRefused = true;
      case "failed" -> failure = words[1];
      default -> {
        // Only counted.
      }
    }
  }

  private void acknowledge(int writer) {
    if (powerGoes) {
      acknowledgedLate[writer]++;
    } else {
      acknowledged[writer]++;
    }
    inFlight[writer] = false;
    wroteOn += checkpointWasRefused ? 1 : 0;
    checkpointWasRefused = false;
  }

  /**
   * Reads what was said until now, just before the power is cut. What comes later counts for
   * nothing: while ext4 is being shut down, and for moments after, an {@code fsync} may succeed
   * although its bytes are lost ({@code docs/decisions.md}). A real power cut leaves nobody who
   * could hear that.
   */
  void powerGoes() throws IOException {
    readOn();
    powerGoes = true;
  }

  /** How often it said a word, for example {@code open}. */
  int count(String word) {
    return counts.getOrDefault(word, 0);
  }

  /** Whether a writer submitted a batch that was not acknowledged. */
  boolean isInFlight(int writer) {
    return inFlight[writer];
  }

  /** How many batches of a writer were acknowledged, but too late to count. */
  long acknowledgedLate(int writer) {
    return acknowledgedLate[writer];
  }

  /** How many batches of a writer were acknowledged. */
  long acknowledged(int writer) {
    return acknowledged[writer];
  }

  /** The last snapshot that it made and told of, or 0. */
  long generation() {
    return generation;
  }

  /** Whether it opened the database. */
  boolean wasOpened() {
    return opened;
  }

  /** Whether it was killed while it opened the database. */
  boolean endedWhileOpening() {
    return count("start") > 0 && !wasOpened();
  }

  /** Whether it was killed while a checkpoint was asked for and not done. */
  boolean endedInCheckpoint() {
    return count("checkpoint") > count("checkpointed") + count("checkpoint-refused");
  }

  /** How often a batch was acknowledged after a checkpoint for which there was no room. */
  int wroteOnAfterRefusedCheckpoint() {
    return wroteOn;
  }

  /** What it failed with, or null if it did not. */
  @Nullable String failure() {
    return failure;
  }

  @Override
  public void close() throws IOException {
    output.close();
  }
}
