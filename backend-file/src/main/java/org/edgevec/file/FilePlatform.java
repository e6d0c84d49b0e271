package org.edgevec.file;

import java.security.SecureRandom;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.edgevec.Platform;
import org.edgevec.vector.VectorArena;

/**
 * The JVM as a platform of one database: the system's clock and randomness, and one daemon thread
 * for maintenance that ends after a second without work.
 */
final class FilePlatform implements Platform {

  /** Made when it is first needed: it takes a new JVM 10 ms, and who only reads needs none. */
  private static final class Random {
    static final SecureRandom SECURE = new SecureRandom();
  }

  private final ScheduledThreadPoolExecutor maintenance;

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
  public void yieldToCallers() {
    Thread.yield();
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
    return Kernels.BEST::arena;
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "edgevec-maintenance");
    thread.setDaemon(true);
    // The default would keep the class loader of whoever opened the database alive.
    thread.setContextClassLoader(null);
    return thread;
  }
}
