package org.edgevec.crash;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.edgevec.crash.Damage.Kind;
import org.edgevec.crash.DamageTrial.Outcome;
import org.edgevec.crash.DamageTrial.Verdict;

/**
 * Damages the {@link ReferenceStore}s in every way that {@link Damage} knows, or in a share of
 * them, opens each damaged store, and insists that it is served right or refused with a type.
 *
 * <p>{@code java org.edgevec.crash.DamageSimulation [percent | damage]}: how many of all damages,
 * chosen by a fixed seed, 100 unless given; or one damage, as failures print it.
 */
public final class DamageSimulation {

  private static final int PIECE = 2_000;
  private static final int MAX_VIOLATIONS = 20;
  private static final long PROGRESS_MILLIS = 10_000;
  private static final String SEED = "20261125";

  /** So few damages of a kind to a file are tried all, whatever the share. */
  private static final int FEW = 100;

  /**
   * Of the wide store's segments, which are alike and hold an entry each, every so many are
   * damaged.
   */
  private static final int OF_WIDE_SEGMENTS = 64;

  /** Damages of one kind to one file, numbered [from, to). */
  private record Piece(int store, String file, Kind kind, int from, int to) {}

  /** What a thread is busy with, and since when. */
  private record Busy(String text, long sinceNanos) {}

  private final List<ReferenceStore> stores;
  private final DamageTrial.Opener opener;
  private final double[] percents;
  private final long seed;
  private final List<Piece> pieces = new ArrayList<>();
  private final Map<Kind, AtomicLong[]> counts = new EnumMap<>(Kind.class);
  private final Map<String, AtomicLong> refusals = new TreeMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong tried = new AtomicLong();
  private final AtomicLong cpuNanos = new AtomicLong();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final long hangSeconds;
  private final List<AtomicReference<Busy>> busy = new ArrayList<>();
  private long total;

  /**
   * @param percents which share of all damages is tried, by store; 0 leaves the store out
   * @param seed chooses them
   * @param hangSeconds how long one opening may take
   */
  DamageSimulation(
      List<ReferenceStore> stores,
      DamageTrial.Opener opener,
      double[] percents,
      long seed,
      long hangSeconds) {
    this.stores = stores;
    this.opener = opener;
    this.percents = percents.clone();
    this.seed = seed;
    this.hangSeconds = hangSeconds;
    for (Kind kind : Kind.values()) {
      counts.put(kind, new AtomicLong[Outcome.values().length]);
      for (int i = 0; i < Outcome.values().length; i++) {
        counts.get(kind)[i] = new AtomicLong();
      }
    }
    refusals.put("CORRUPT", new AtomicLong());
    refusals.put("UNSUPPORTED_VERSION", new AtomicLong());
    for (int store = 0; store < stores.size(); store++) {
      if (percents[store] > 0) {
        plan(store);
      }
    }
  }

  private void plan(int number) {
    ReferenceStore store = stores.get(number);
    int seen = 0;
    for (String file : store.files().keySet()) {
      boolean isOneOfMany = store.name().equals("wide") && file.startsWith("segment-");
      if (isOneOfMany && seen++ % OF_WIDE_SEGMENTS != 0) {
        continue;
      }
      for (Kind kind : Kind.values()) {
        int count = new Damage(store, file, kind).count();
        for (int from = 0; from < count; from += PIECE) {
          pieces.add(new Piece(number, file, kind, from, Math.min(count, from + PIECE)));
        }
        total += count;
      }
    }
  }

  // Running

  /** Tries all, in so many threads; returns what was counted, and notes violations. */
  String run(int threads) {
    long start = System.nanoTime();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      AtomicReference<Busy> mine = new AtomicReference<>();
      busy.add(mine);
      Thread worker = new Thread(() -> work(mine), "damage-" + i);
      // One that hangs must not keep the process alive.
      worker.setDaemon(true);
      worker.start();
      workers.add(worker);
    }
    await(workers, start);
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
    return result((System.nanoTime() - start) / 1e9);
  }

  private void work(AtomicReference<Busy> mine) {
    try {
      List<DamageTrial> trials = new ArrayList<>();
      for (ReferenceStore store : stores) {
        trials.add(new DamageTrial(store, opener));
      }
      int number = next.getAndIncrement();
      while (number < pieces.size() && violations.size() < MAX_VIOLATIONS) {
        Piece piece = pieces.get(number);
        tryAll(trials.get(piece.store()), piece, mine);
        number = next.getAndIncrement();
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
    mine.set(null);
    cpuNanos.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
  }

  private void tryAll(DamageTrial trial, Piece piece, AtomicReference<Busy> mine) {
    ReferenceStore store = stores.get(piece.store());
    Damage damage = new Damage(store, piece.file(), piece.kind());
    String prefix = store.name() + ":" + piece.file() + ":" + piece.kind() + ":";
    Share share = share(piece, damage.count(), prefix);
    for (int i = piece.from(); i < piece.to() && violations.size() < MAX_VIOLATIONS; i++) {
      if (share.holds(i) && damage.apply(i)) {
        mine.set(new Busy(prefix + i, System.nanoTime()));
        Verdict verdict = trial.judge(piece.file(), damage.bytes(), damage.size());
        note(piece.kind(), prefix + i, damage.describe(i), verdict);
        damage.undo(i);
      }
    }
    tried.addAndGet(piece.to() - piece.from());
  }

  private Share share(Piece piece, int count, String prefix) {
    double percent = count <= FEW ? 100 : percents[piece.store()];
    return new Share(Hash.of(seed, Hash.of(prefix)), (long) (percent * 1e6));
  }

  /** Which damages are tried: so many of 100 million, by chance. */
  private record Share(long seed, long ofHundredMillion) {
    boolean holds(int number) {
      return ofHundredMillion >= 100_000_000
          || Long.remainderUnsigned(Hash.of(seed, number), 100_000_000) < ofHundredMillion;
    }
  }

  private void note(Kind kind, String text, String what, Verdict verdict) {
    counts.get(kind)[verdict.outcome().ordinal()].incrementAndGet();
    if (verdict.outcome() == Outcome.REFUSED) {
      refusals.get(verdict.what()).incrementAndGet();
    } else if (!verdict.isRight()) {
      violations.add(verdict.outcome() + " " + text + " (" + what + "): " + verdict.what());
    }
  }

  private void await(List<Thread> workers, long start) {
    long told = start;
    for (Thread worker : workers) {
      while (worker.isAlive() && !isHanging()) {
        join(worker);
        if (System.nanoTime() - told > PROGRESS_MILLIS * 1_000_000) {
          told = System.nanoTime();
          progress(start);
        }
      }
    }
  }

  private boolean isHanging() {
    for (AtomicReference<Busy> one : busy) {
      Busy now = one.get();
      if (now != null && System.nanoTime() - now.sinceNanos() > hangSeconds * 1_000_000_000L) {
        violations.add(
            "HANGS " + now.text() + ": opening has not returned for " + hangSeconds + " s");
        next.set(pieces.size());
        return true;
      }
    }
    return false;
  }

  private static void join(Thread worker) {
    try {
      worker.join(100);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void progress(long start) {
    System.out.printf(
        Locale.ROOT,
        "%,d of %,d (%.1f %%) in %.0f s%n",
        tried.get(),
        total,
        100.0 * tried.get() / total,
        (System.nanoTime() - start) / 1e9);
  }

  // Counting

  /** What was wrong; empty if nothing was. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  private String result(double seconds) {
    StringBuilder text = new StringBuilder();
    for (ReferenceStore store : stores) {
      text.append(sizes(store));
    }
    text.append(
        String.format(Locale.ROOT, "%-12s %12s %12s %12s%n", "", "tried", "served", "refused"));
    long[] sums = new long[Outcome.values().length];
    for (Kind kind : Kind.values()) {
      long[] numbers = new long[sums.length];
      for (int i = 0; i < sums.length; i++) {
        numbers[i] = counts.get(kind)[i].get();
        sums[i] += numbers[i];
      }
      row(text, kind.name().toLowerCase(Locale.ROOT), numbers);
    }
    row(text, "all", sums);
    text.append("refused by type: ").append(refusals).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "wrong answers %d, untyped %d, in %.0f s, %.3f ms of a processor each%n",
            sums[Outcome.WRONG.ordinal()],
            sums[Outcome.UNTYPED.ordinal()],
            seconds,
            cpuNanos.get() / 1e6 / Math.max(1, sum(sums))));
    violations.forEach(violation -> text.append("VIOLATION ").append(violation).append('\n'));
    return text.toString();
  }

  private static String sizes(ReferenceStore store) {
    Map<String, String> kinds = new TreeMap<>();
    store
        .files()
        .forEach(
            (file, bytes) ->
                kinds.merge(
                    ReferenceStore.kind(file),
                    String.valueOf(bytes.length),
                    (a, b) -> a.length() > 40 ? a.endsWith("...") ? a : a + " ..." : a + " " + b));
    return store.name() + " store, " + store.files().size() + " files, bytes: " + kinds + "\n";
  }

  private static void row(StringBuilder text, String name, long[] numbers) {
    text.append(
        String.format(
            Locale.ROOT,
            "%-12s %,12d %,12d %,12d%n",
            name,
            sum(numbers),
            numbers[Outcome.SERVED.ordinal()],
            numbers[Outcome.REFUSED.ordinal()]));
  }

  private static long sum(long[] numbers) {
    long sum = 0;
    for (long number : numbers) {
      sum += number;
    }
    return sum;
  }

  // Starting

  /**
   * Tries one damage.
   *
   * @param text {@code store:file:kind:number}, as failures print it
   */
  static String reproduce(String text) {
    String[] parts = text.split(":", -1);
    ReferenceStore store = null;
    for (ReferenceStore one : ReferenceStore.all()) {
      store = one.name().equals(parts[0]) ? one : store;
    }
    if (parts.length != 4 || store == null || !store.files().containsKey(parts[1])) {
      throw new IllegalArgumentException(text + " is not store:file:kind:number");
    }
    Damage damage = new Damage(store, parts[1], Kind.valueOf(parts[2]));
    int number = Integer.parseInt(parts[3]);
    if (number < 0 || number >= damage.count()) {
      throw new IllegalArgumentException(text + " is not below " + damage.count());
    }
    damage.apply(number);
    Verdict verdict = new DamageTrial(store).judge(parts[1], damage.bytes(), damage.size());
    return (verdict.isRight() ? "" : "VIOLATION ")
        + text
        + " ("
        + damage.describe(number)
        + "): "
        + verdict.outcome()
        + (verdict.what().isEmpty() ? "" : " " + verdict.what());
  }

  /**
   * Runs all of it.
   *
   * @param arguments a damage; or the percents of the plain and of the wide store, the seed, and
   *     how many threads
   * @return what was counted, and a line for each violation
   */
  static String run(String[] arguments) {
    if (arguments.length == 1) {
      return reproduce(arguments[0]);
    }
    double[] percents = {Double.parseDouble(arguments[0]), Double.parseDouble(arguments[1])};
    long seed = Long.parseLong(arguments[2]);
    return new DamageSimulation(ReferenceStore.all(), DamageTrial::open, percents, seed, 60)
        .run(Integer.parseInt(arguments[3]));
  }

  /** Runs it with a database whose tables begin small, where the sources are at hand. */
  static String runFast(String... arguments) {
    return PatchedCore.isPossible()
        ? PatchedCore.with(List.of(PatchedCore.SMALL_ARENA))
            .call("DamageSimulation", "run", arguments)
        : run(arguments);
  }

  public static void main(String[] arguments) {
    String what = arguments.length > 0 ? arguments[0] : "100";
    String threads = String.valueOf(Runtime.getRuntime().availableProcessors());
    System.out.println("DamageSimulation " + what);
    String result = what.contains(":") ? runFast(what) : runFast(what, what, SEED, threads);
    System.out.println(result.stripTrailing());
    System.exit(result.contains("VIOLATION ") ? 1 : 0);
  }
}
