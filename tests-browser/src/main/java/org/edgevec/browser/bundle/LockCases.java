package org.edgevec.browser.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.SearchRequest;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.bytes.SplitMix64;
import org.edgevec.storage.StorageBackend;
import org.jspecify.annotations.Nullable;

/** What suspends in a database's life, beside all that takes its lock; see {@link HeldLocks}. */
final class LockCases {

  private static final int DIMENSION = 16;
  private static final int WRITERS = 3;
  private static final int BATCHES = 20;
  private static final int PUTS = 30;

  private LockCases() {}

  /** Waits while it has a lock, and gives what comes of that. */
  static String waitWithALock(boolean writes) {
    ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    if (writes) {
      lock.writeLock().lock();
    } else {
      lock.readLock().lock();
    }
    String told;
    try {
      pause();
      told = "nothing";
    } catch (AssertionError e) {
      told = String.valueOf(e.getMessage());
    } finally {
      if (writes) {
        lock.writeLock().unlock();
      } else {
        lock.readLock().unlock();
      }
    }
    String kept = HeldLocks.takeViolation();
    pause();
    return told.equals(kept) ? told : told + ", but kept was " + kept;
  }

  private static void pause() {
    pause(1);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Opens, writes, searches, deletes, checkpoints, verifies, links, closes and opens again, as much
   * of it at the same time as can be.
   *
   * @return how many locks were taken and how many times somebody waited, in digits
   */
  static String live(Supplier<StorageBackend> storage) {
    int taken = HeldLocks.takenInAll();
    int waits = HeldLocks.waitsInAll();
    int size;
    try (VectorDatabase db = open(storage.get())) {
      liveAtTheSameTime(db);
      db.awaitIndexed(ProgressListener.NONE);
      expect(db.verify(ProgressListener.NONE).damage().isEmpty(), "damage was found");
      size = db.size();
    }
    try (VectorDatabase db = open(storage.get())) {
      expect(db.size() == size && size > 0, "it holds " + db.size() + " entries, not " + size);
      db.checkpoint();
    }
    return (HeldLocks.takenInAll() - taken) + " " + (HeldLocks.waitsInAll() - waits);
  }

  private static VectorDatabase open(StorageBackend storage) {
    return VectorDatabase.open(storage, Options.of(DIMENSION, Metric.L2), new Tasks());
  }

  /** Tasks in threads of their own, as the package's platform has them. */
  private static final class Tasks implements Platform {
    private final SplitMix64 random = new SplitMix64(System.currentTimeMillis());

    @Override
    public long currentTimeMillis() {
      return System.currentTimeMillis();
    }

    @Override
    public long randomLong() {
      return random.nextLong();
    }

    @Override
    public boolean schedule(Runnable task, long delayMillis) {
      new Thread(
              () -> {
                pause(delayMillis);
                task.run();
              })
          .start();
      return true;
    }

    @Override
    public boolean makesRoomInPlace() {
      return false;
    }
  }

  private static void liveAtTheSameTime(VectorDatabase db) {
    List<Life> lives = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      lives.add(new Life(() -> write(db, writer)));
    }
    lives.add(new Life(() -> search(db)));
    lives.add(new Life(() -> checkpoint(db)));
    lives.forEach(Thread::start);
    for (Life life : lives) {
      life.await();
    }
  }

  private static void write(VectorDatabase db, int writer) {
    SplitMix64 random = new SplitMix64(writer);
    for (int b = 0; b < BATCHES; b++) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < PUTS; i++) {
        batch.put(writer + "-" + (b * PUTS + i), vector(random));
      }
      batch.delete(writer + "-" + random.nextInt(b * PUTS + 1));
      db.write(batch);
    }
  }

  private static void search(VectorDatabase db) {
    SplitMix64 random = new SplitMix64(WRITERS);
    for (int i = 0; i < 100; i++) {
      db.search(SearchRequest.of(vector(random), 5));
      db.get("0-" + i);
      pause();
    }
  }

  private static void checkpoint(VectorDatabase db) {
    for (int i = 0; i < 4; i++) {
      db.checkpoint();
      db.stats();
      pause();
    }
  }

  private static float[] vector(SplitMix64 random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat();
    }
    return vector;
  }

  private static void expect(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** A thread whose failure is passed on to who waits for it. */
  private static final class Life extends Thread {
    private final Runnable task;
    private @Nullable Throwable failure;

    Life(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    void await() {
      try {
        join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (failure != null) {
        throw new AssertionError(failure.toString(), failure);
      }
    }
  }
}
