package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.edgevec.FaultyStorage.Operation;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.storage.ReadOnlyException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The thread that leads a group commit meets an error: who waits for it, and who comes later. */
@Timeout(120)
class LeaderErrorTest {

  private static final Options OPTIONS =
      Options.of(1, Metric.L2).checkpointPolicy(CheckpointPolicy.MANUAL);
  private static final float[] VECTOR = {1};

  private final MemoryStorage.Disk disk = new MemoryStorage.Disk();
  private final FaultyStorage storage = new FaultyStorage(MemoryStorage.open(disk));
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static Stream<Arguments> errors() {
    return Stream.of(Operation.APPEND, Operation.SYNC)
        .flatMap(
            operation ->
                Stream.<Supplier<Throwable>>of(
                        () -> new OutOfMemoryError("for a test"),
                        () -> new StackOverflowError("for a test"),
                        () -> new IllegalStateException("for a test"))
                    .map(error -> Arguments.of(operation, error.get())));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void allWhoWaitAreToldAndNothingIsWrittenAfterwards(Operation operation, Throwable error)
      throws Exception {
    VectorDatabase db = VectorDatabase.open(storage, OPTIONS);
    db.put("kept", VECTOR);
    CountDownLatch release = new CountDownLatch(1);
    storage.set(
        (called, name) -> {
          if (called == operation) {
            FaultyStorage.await(release);
            sneak(error);
          }
        });
    List<Future<?>> puts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String id = "failed-" + i;
      puts.add(threads.submit(() -> db.put(id, VECTOR)));
    }
    while (db.engine().queuedWrites() < 4) {
      Thread.onSpinWait();
    }
    release.countDown();
    int told = 0;
    for (Future<?> put : puts) {
      // Of the leader's group the error itself, of the next one what is said of the first.
      assertThatThrownBy(() -> put.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .satisfies(e -> assertThat(isOrIsBecauseOf(e.getCause(), error)).isTrue());
      told++;
    }
    assertThat(told).isEqualTo(5);
    storage.set((called, name) -> {});
    assertThatThrownBy(() -> db.put("later", VECTOR))
        .isInstanceOf(ReadOnlyException.class)
        .hasMessageContaining("for a test");
    assertThatThrownBy(db::checkpoint).isInstanceOf(ReadOnlyException.class);
    assertThat(db.ids()).as("reading goes on").containsExactly("kept");
    db.close();
    try (VectorDatabase reopened = VectorDatabase.open(MemoryStorage.open(disk), OPTIONS)) {
      assertThat(reopened.ids()).contains("kept");
      reopened.put("goes on", VECTOR);
    }
  }

  private static boolean isOrIsBecauseOf(@Nullable Throwable told, Throwable error) {
    for (Throwable at = told; at != null; at = at.getCause()) {
      if (at == error) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("unchecked") // the cast is never checked, and that is what it is for
  private static <T extends Throwable> void sneak(Throwable error) throws T {
    throw (T) error;
  }

  /** Wherever in a write the stack ends, the next writer and closing get their turn. */
  @Test
  void whereverTheStackEndsNobodyWaitsForEver() throws Exception {
    int failed = 0;
    int succeeded = 0;
    for (int frames = 0; frames < 2000 && succeeded < 20; frames++) {
      if (putsAbove(frames)) {
        succeeded++;
      } else {
        failed++;
      }
    }
    assertThat(failed).as("how often the stack ended in a write").isGreaterThan(20);
    assertThat(succeeded).isEqualTo(20);
  }

  /** Runs a task so many frames above the end of the stack. */
  private static final class Dive implements Runnable {
    private final int frames;
    private final Runnable task;
    private boolean wasAtEnd;
    private int risen;

    Dive(int frames, Runnable task) {
      this.frames = frames;
      this.task = task;
    }

    @Override
    @SuppressWarnings("InfiniteRecursion") // which is what it is for
    public void run() {
      try {
        run();
      } catch (StackOverflowError e) {
        if (wasAtEnd) {
          throw e; // The task's.
        }
        wasAtEnd = true;
      }
      if (risen++ == frames) {
        task.run();
      }
    }
  }

  /** Returns whether a write there went well; all who come afterwards must be answered. */
  private boolean putsAbove(int frames) throws Exception {
    MemoryStorage.Disk own = new MemoryStorage.Disk();
    VectorDatabase db = VectorDatabase.open(MemoryStorage.open(own), OPTIONS);
    db.put("first", VECTOR);
    boolean[] acknowledged = new boolean[1];
    Runnable task =
        new Dive(
            frames,
            () -> {
              db.put("deep", VECTOR);
              acknowledged[0] = true;
            });
    Thread thread = new Thread(null, task, "dives", 256 << 10);
    // The error ends the thread, and is what is wanted.
    thread.setUncaughtExceptionHandler((t, e) -> {});
    thread.start();
    thread.join();
    boolean later = isAnswered(() -> db.put("later", VECTOR), frames);
    isAnswered(db::checkpoint, frames);
    assertThat(isAnswered(db::close, frames)).isTrue();
    try (VectorDatabase reopened = VectorDatabase.open(MemoryStorage.open(own), OPTIONS)) {
      assertThat(reopened.contains("first")).isTrue();
      assertThat(reopened.contains("deep") || !acknowledged[0]).isTrue();
      assertThat(reopened.contains("later") || !later).isTrue();
    }
    return acknowledged[0];
  }

  private boolean isAnswered(Runnable call, int frames) throws Exception {
    try {
      threads.submit(call).get(10, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      assertThat(e.getCause()).as("%s frames above", frames).isInstanceOf(ReadOnlyException.class);
      return false;
    }
  }
}
