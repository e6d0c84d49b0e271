package org.edgevec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.vector.HeapArena;
import org.edgevec.vector.VectorArena;

/** A platform without chance: a fixed clock, seeded randomness, and tasks that run when told to. */
public final class TestPlatform implements Platform {

  /** What the clock shows: 2026-01-01T00:00:00Z. */
  public static final long NOW_MILLIS = 1_767_225_600_000L;

  private final SplitMix64 random;
  private final boolean background;
  private final VectorArena.Factory vectors;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Long> delays = new ArrayList<>();
  private long nanos;

  private TestPlatform(long seed, boolean background, VectorArena.Factory vectors) {
    this.random = new SplitMix64(seed);
    this.background = background;
    this.vectors = vectors;
  }

  /** Does maintenance inline. */
  public static TestPlatform seeded(long seed) {
    return new TestPlatform(seed, false, HeapArena.SCALAR);
  }

  /** Keeps scheduled tasks for {@link #runTasks}. */
  public static TestPlatform withBackground(long seed) {
    return new TestPlatform(seed, true, HeapArena.SCALAR);
  }

  /** The same with vectors elsewhere. */
  public TestPlatform with(VectorArena.Factory arenas) {
    return new TestPlatform(random.nextLong(), background, arenas);
  }

  @Override
  public long currentTimeMillis() {
    return NOW_MILLIS;
  }

  /** Time stands still, so that a slice of maintenance ends when nothing is left to do. */
  @Override
  public long nanoTime() {
    return nanos;
  }

  /** Lets time pass. */
  public void pass(long passedNanos) {
    nanos += passedNanos;
  }

  @Override
  public long randomLong() {
    return random.nextLong();
  }

  @Override
  public boolean schedule(Runnable task, long delayMillis) {
    delays.add(delayMillis);
    return background && tasks.add(task);
  }

  /** The delays, in milliseconds, that were asked for since this was called last. */
  public List<Long> takeDelays() {
    List<Long> taken = List.copyOf(delays);
    delays.clear();
    return taken;
  }

  @Override
  public VectorArena.Factory vectors() {
    return vectors;
  }

  /** Runs the tasks scheduled so far, and returns how many. */
  public int runTasks() {
    int count = tasks.size();
    for (int i = 0; i < count; i++) {
      tasks.remove().run();
    }
    return count;
  }
}
