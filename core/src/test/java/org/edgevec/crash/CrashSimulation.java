package org.edgevec.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.edgevec.storage.Durability;

/**
 * The crash simulation: all sequences of operations up to a length, then longer ones by chance,
 * until so many distinct crash states were recovered from and checked.
 *
 * <p>{@code java org.edgevec.crash.CrashSimulation [states] [seed] [depth]}: how many states
 * (1,000,000 unless given), the seed of the longer workloads, and {@code sampled} or {@code all}:
 * whether a second crash is tried after some first ones or after all.
 */
public final class CrashSimulation {

  private static final int SEQUENCE_LENGTH = 4;

  /** One of so many workloads is a longer one, as long as there are sequences left. */
  private static final int BETWEEN = 32;

  private final Explorer.Shared shared;
  private final long seed;
  private final int threads;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicLong fullSequences = new AtomicLong();
  private final AtomicLong randomWorkloads = new AtomicLong();

  CrashSimulation(long states, long seed, Explorer.Depth depth, int threads) {
    this.shared = new Explorer.Shared(states, depth);
    this.seed = seed;
    this.threads = threads;
  }

  /** What was done. */
  record Result(
      long distinct,
      long enumerated,
      List<Long> byDepth,
      String sequences,
      long random,
      double seconds) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,d distinct crash states (%,d after a first crash, %,d after a second, %,d after a third;"
              + " %,d enumerated) of %s and %,d longer workloads"
              + " in %.1f s, %,.0f states/s",
          distinct,
          byDepth.get(0),
          byDepth.get(1),
          byDepth.get(2),
          enumerated,
          sequences,
          random,
          seconds,
          distinct / seconds);
    }
  }

  /**
   * Runs until the states are reached.
   *
   * @throws AssertionError at the first violation
   */
  Result run() {
    long start = System.nanoTime();
    AtomicInteger next = new AtomicInteger();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread worker = new Thread(() -> work(next), "crash-" + i);
      worker.start();
      workers.add(worker);
    }
    for (Thread worker : workers) {
      join(worker);
    }
    if (failure.get() instanceof Error error) {
      throw error;
    }
    if (failure.get() instanceof RuntimeException exception) {
      throw exception;
    }
    int shorter = Math.min(next.get(), 2 * Workload.sequences(SEQUENCE_LENGTH - 1));
    return result(shorter, (System.nanoTime() - start) / 1e9);
  }

  private Result result(int shorter, double seconds) {
    List<Long> byDepth = new ArrayList<>();
    for (AtomicLong count : shared.byDepth) {
      byDepth.add(count.get());
    }
    return new Result(
        shared.distinct.get(),
        shared.enumerated.get(),
        byDepth,
        shorter
            + " sequences of "
            + (SEQUENCE_LENGTH - 1)
            + " and "
            + fullSequences.get()
            + " of "
            + SEQUENCE_LENGTH
            + " operations (of "
            + 2 * Workload.sequences(SEQUENCE_LENGTH)
            + ")",
        randomWorkloads.get(),
        seconds);
  }

  private static void join(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void work(AtomicInteger next) {
    Explorer explorer = new Explorer(shared);
    try {
      while (!shared.isSpent() && failure.get() == null) {
        take(explorer, next.getAndIncrement());
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /**
   * All sequences of a length less by one, strict and relaxed in turn, which hold all shorter ones;
   * then the sequences of full length, and longer workloads by chance between them.
   */
  private void take(Explorer explorer, int number) {
    int shorter = 2 * Workload.sequences(SEQUENCE_LENGTH - 1);
    int full = 2 * Workload.sequences(SEQUENCE_LENGTH);
    int further = number - shorter;
    if (number < shorter) {
      takeSequence(explorer, SEQUENCE_LENGTH - 1, number);
    } else if (further % BETWEEN != BETWEEN - 1 && further - further / BETWEEN < full) {
      takeSequence(explorer, SEQUENCE_LENGTH, further - further / BETWEEN);
      fullSequences.incrementAndGet();
    } else {
      randomWorkloads.incrementAndGet();
      explorer.explore(Workload.random(Hash.of(seed, number)), 0);
    }
  }

  private static void takeSequence(Explorer explorer, int length, int number) {
    Durability durability = number % 2 == 0 ? Durability.STRICT : Durability.RELAXED;
    int sequence = number / 2;
    Workload workload = Workload.sequence(durability, length, sequence);
    int common =
        sequence == 0
            ? 0
            : workload.commonWith(Workload.sequence(durability, length, sequence - 1));
    explorer.explore(workload, common);
  }

  /** Checks the one state, or the one fault, that a text names as failures print it. */
  static void reproduce(String text) {
    int at = text.indexOf('@');
    Workload workload = Workload.parse(at < 0 ? text : text.substring(0, at));
    String path = at < 0 ? "" : text.substring(at + 1);
    Explorer explorer = new Explorer(new Explorer.Shared(Long.MAX_VALUE, Explorer.Depth.SAMPLED));
    if (path.isEmpty()) {
      explorer.withLayers(true, false).explore(workload, 0);
    } else if (Character.isDigit(path.charAt(0))) {
      explorer.reproduce(workload, path);
    } else {
      String[] parts = path.split("[=+]", -1);
      new FaultCheck(workload)
          .check(
              CrashStorage.Failure.valueOf(parts[0]),
              path.contains("+"),
              Integer.parseInt(parts[1]));
    }
  }

  /**
   * Runs a simulation, or checks what {@code edgevec.crash} names.
   *
   * @param arguments states, seed, {@code sampled} or {@code all}, threads
   * @return what was done
   */
  static String run(String[] arguments) {
    String text = System.getProperty("edgevec.crash");
    if (text != null) {
      reproduce(text);
      return "No violation: " + text;
    }
    boolean all = arguments[2].equals("all");
    return new CrashSimulation(
            Long.parseLong(arguments[0]),
            Long.parseLong(arguments[1]),
            all ? Explorer.Depth.SECOND_EVERYWHERE : Explorer.Depth.SAMPLED,
            Integer.parseInt(arguments[3]))
        .run()
        .toString();
  }

  /** Runs it with a database whose tables begin small, where the sources are at hand. */
  static String runFast(String... arguments) {
    return PatchedCore.isPossible()
        ? PatchedCore.with(List.of(PatchedCore.SMALL_ARENA))
            .call("CrashSimulation", "run", arguments)
        : run(arguments);
  }

  public static void main(String[] arguments) {
    String states = arguments.length > 0 ? arguments[0] : "1000000";
    String seed = arguments.length > 1 ? arguments[1] : String.valueOf(System.nanoTime());
    String depth = arguments.length > 2 ? arguments[2] : "sampled";
    System.out.println("CrashSimulation " + states + " " + seed + " " + depth);
    int threads = Runtime.getRuntime().availableProcessors();
    System.out.println(runFast(states, seed, depth, String.valueOf(threads)));
  }
}
