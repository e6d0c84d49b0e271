package org.edgevec.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.edgevec.CheckpointPolicy;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.VectorDatabase;
import org.edgevec.storage.PersistenceException;
import org.jspecify.annotations.Nullable;

/**
 * Several threads that write to a database until they are stopped or it takes no more. As a process
 * it does so to one folder after another, as its input says: {@code FOLDER} opens one, {@code copy}
 * copies its files in this JVM, {@code remove} removes its lock file, {@code rename} gives the
 * folder another name, {@code close} waits until no thread writes any more. Each is answered by a
 * line.
 */
final class FenceWriter {

  static final int THREADS = 4;

  private static final int DIMENSION = 16;

  private final VectorDatabase db;
  private final String prefix;
  private final int[] acknowledged = new int[THREADS];
  private final AtomicReference<@Nullable PersistenceException> refusal = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  /** Begins to write entries whose ids begin with {@code prefix}. */
  FenceWriter(VectorDatabase db, String prefix) {
    this.db = db;
    this.prefix = prefix;
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      threads.add(new Thread(() -> write(thread), prefix + i));
    }
    threads.forEach(Thread::start);
  }

  /** A log that is short, so that checkpoints come all the time. */
  static VectorDatabase open(Path folder) {
    return EdgeVec.open(
        folder,
        Options.of(DIMENSION, Metric.L2).checkpointPolicy(CheckpointPolicy.of(32 << 10, 32 << 10)));
  }

  static String id(String prefix, int thread, int number) {
    return prefix + thread + "-" + number;
  }

  private void write(int thread) {
    float[] vector = new float[DIMENSION];
    try {
      for (int i = 0; !stopped; i++) {
        vector[i % DIMENSION] = i;
        db.put(id(prefix, thread, i), vector);
        acknowledged[thread] = i + 1;
      }
    } catch (PersistenceException e) {
      // A thread that comes later is told by a ReadOnlyException why there are no writes any more.
      refusal.compareAndSet(null, e.getCause() instanceof PersistenceException first ? first : e);
    }
  }

  void stop() {
    stopped = true;
  }

  /** Waits for the threads; then says how many entries each of them was told to be stored. */
  int[] join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    return acknowledged;
  }

  /** Why a thread could not go on, or null. */
  @Nullable PersistenceException refusal() {
    return refusal.get();
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      serve(Path.of(line), input);
    }
  }

  private static void serve(Path folder, BufferedReader input)
      throws IOException, InterruptedException {
    try (VectorDatabase db = open(folder)) {
      FenceWriter writer = new FenceWriter(db, "a");
      System.out.println("open");
      for (String way = input.readLine(); !"close".equals(way); way = input.readLine()) {
        disturb(folder, way);
        System.out.println("done");
      }
      StringBuilder answer = new StringBuilder();
      for (int count : writer.join()) {
        answer.append(count).append(' ');
      }
      PersistenceException refusal = writer.refusal();
      System.out.println(answer.append(refusal == null ? "" : refusal.code()));
    }
    System.out.println("closed");
  }

  private static void disturb(Path folder, String way) throws IOException {
    switch (way) {
      case "copy" -> Files.copy(folder.resolve(FileNames.LOCK), folder.resolveSibling("copy"));
      case "remove" -> Files.delete(folder.resolve(FileNames.LOCK));
      case "rename" -> Files.move(folder, folder.resolveSibling("renamed"));
      default -> throw new IllegalArgumentException(way);
    }
  }
}
