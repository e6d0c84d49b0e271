package org.edgevec.file;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.edgevec.Options;
import org.edgevec.Platform;
import org.edgevec.quant.CodedArena;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;

/**
 * The JVM as a platform of one database: the system's clock and randomness, and one daemon thread
 * for maintenance that ends after a second without work, as do those that help it link.
 */
final class FilePlatform implements Platform {

  /** Made when it is first needed: it takes a new JVM 10 ms, and who only reads needs none. */
  private static final class Random {
    static final SecureRandom SECURE = new SecureRandom();
  }

  /** So large a share of the heap is left to others. */
  private static final int SMALL_SHARE = 16;

  private final ScheduledThreadPoolExecutor maintenance;

  /** Has no thread while nothing is linked by several. */
  private final ThreadPoolExecutor helpers =
      new ThreadPoolExecutor(
          0,
          Options.MAX_INDEXING_THREADS,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          FilePlatform::newHelper);

  /** First come, first served: otherwise some of many threads would wait for long. */
  private final Semaphore searches =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  FilePlatform() {
    this(FilePlatform::newThread);
  }

  FilePlatform(ThreadFactory threads) {
    maintenance = new ScheduledThreadPoolExecutor(1, threads);
    maintenance.setKeepAliveTime(1, TimeUnit.SECONDS);
    maintenance.allowCoreThreadTimeOut(true);
  }

  @Override
  public long currentTimeMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long randomLong() {
    return Random.SECURE.nextLong();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // runReported lets nothing end up in it unseen
  public boolean schedule(Runnable task, long delayMillis) {
    try {
      // Starts the thread where there is none at present, before the task counts on it.
      maintenance.prestartCoreThread();
      maintenance.schedule(() -> runReported(task), delayMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (OutOfMemoryError | StackOverflowError e) {
      // The system lets the JVM start no more threads, or the caller is at the end of its memory or
      // stack. There is no background then.
      return false;
    }
  }

  @Override
  public void beginSearch() {
    searches.acquireUninterruptibly();
  }

  @Override
  public void endSearch() {
    searches.release();
  }

  @Override
  public void yieldToCallers() {
    Thread.yield();
  }

  /**
   * What is garbage counts as used, since nobody can tell. So what would take a small share of the
   * heap is let try.
   */
  @Override
  public boolean hasMemoryFor(long bytes) {
    Runtime runtime = Runtime.getRuntime();
    long max = runtime.maxMemory();
    long free = max - runtime.totalMemory() + runtime.freeMemory();
    return bytes < max / SMALL_SHARE || bytes < free - max / SMALL_SHARE;
  }

  /** An executor keeps what a task throws to itself; here it goes where uncaught exceptions go. */
  private static void runReported(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  @Override
  public VectorArena.Factory vectors() {
    return CodedArena.on(Kernels.BEST);
  }

  @Override
  public int indexingThreads(int wanted) {
    return wanted > 0 ? wanted : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  @Override
  public void runParallel(Work work, int threads) {
    List<FutureTask<@Nullable Void>> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      FutureTask<@Nullable Void> other = new FutureTask<>(work::run, null);
      if (!start(other)) {
        break;
      }
      others.add(other);
    }
    Throwable failure = null;
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    for (FutureTask<?> other : others) {
      Throwable otherFailure = awaitFailure(other);
      failure = failure == null ? otherFailure : failure;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Whether a thread could be had; if not, those that there are do it all. */
  private boolean start(Runnable task) {
    try {
      helpers.execute(task);
      return true;
    } catch (OutOfMemoryError | RejectedExecutionException e) {
      return false;
    }
  }

  /** What a task ended with, or null if it went well. An interrupt does not end the waiting. */
  private static @Nullable Throwable awaitFailure(FutureTask<?> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return null;
        } catch (ExecutionException e) {
          return e.getCause();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Thread newHelper(Runnable task) {
    return newThread(task, "edgevec-linking");
  }

  private static Thread newThread(Runnable task) {
    return newThread(task, "edgevec-maintenance");
  }

  private static Thread newThread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    // The default would keep the class loader of whoever opened the database alive.
    thread.setContextClassLoader(null);
    return thread;
  }
}
