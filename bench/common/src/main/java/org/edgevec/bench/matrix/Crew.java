package org.edgevec.bench.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures many cells in as many workers as there are processors, a JVM or browser each.
 *
 * @param <T> what names a cell
 */
public final class Crew<T> {

  private static final int TELL_EVERY = 20;

  private final List<T> cells;
  private final Queue<Integer> waiting = new ConcurrentLinkedQueue<>();
  private final Map<Integer, MeasuredCell> measured = new ConcurrentSkipListMap<>();
  private final AtomicInteger done = new AtomicInteger();

  /** Measures one cell at a time; used, and closed, by the thread that made it. */
  public interface Worker<T> extends AutoCloseable {
    MeasuredCell measure(T cell) throws Exception;
  }

  private Crew(List<T> cells) {
    this.cells = cells;
    for (int i = 0; i < cells.size(); i++) {
      waiting.add(i);
    }
  }

  /**
   * Measures all.
   *
   * @return in the order of the cells
   * @throws Exception what ended a worker
   */
  public static <T> List<MeasuredCell> measure(List<T> cells, Callable<Worker<T>> workers)
      throws Exception {
    Crew<T> crew = new Crew<>(cells);
    int count = Math.min(cells.size(), Runtime.getRuntime().availableProcessors());
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        running.add(threads.submit(() -> crew.work(workers)));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      crew.waiting.clear();
      threads.shutdown();
    }
    return List.copyOf(crew.measured.values());
  }

  private int work(Callable<Worker<T>> workers) throws Exception {
    try (Worker<T> worker = workers.call()) {
      for (Integer next = waiting.poll(); next != null; next = waiting.poll()) {
        measured.put(next, worker.measure(cells.get(next)));
        int count = done.incrementAndGet();
        if (count % TELL_EVERY == 0 || count == cells.size()) {
          System.err.printf("[bench] %d of %d cells are measured%n", count, cells.size());
        }
      }
      return done.get();
    }
  }
}
