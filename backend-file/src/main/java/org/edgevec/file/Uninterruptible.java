package org.edgevec.file;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs calls of {@code java.nio.channels} where no caller's interrupt reaches them.
 *
 * <p>An interrupt closes a {@code FileChannel} in the middle of a call, and the exception it leaves
 * behind hides whether a {@code force} had failed. Classes of {@code java.io} know no interrupts,
 * but they can neither force a directory nor empty a drive's cache on macOS, where {@code
 * FileDescriptor.sync} is a plain {@code fsync}. So these few calls run on threads that nobody else
 * holds, and the caller waits for them, interrupted or not. Its interrupt status is kept.
 */
final class Uninterruptible {

  /** Threads end by themselves after a second without work. */
  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Uninterruptible::newThread);

  private Uninterruptible() {}

  /** A call that may fail. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /** Runs {@code call} elsewhere and returns or throws what it does. */
  static <T> T run(Call<T> call) throws IOException {
    Future<T> result = THREADS.submit(call::run);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw unwrap(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException unwrap(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException failure ? failure : new IOException(cause);
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "edgevec-disk");
    thread.setDaemon(true);
    // The default would keep the class loader of whoever came first alive.
    thread.setContextClassLoader(null);
    return thread;
  }
}
