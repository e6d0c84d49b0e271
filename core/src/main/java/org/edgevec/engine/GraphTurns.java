package org.edgevec.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * Who may change the graph: a slice of linking, or somebody who needs it as it is, one at a time.
 *
 * <p>Who needs it goes before the next slice: slices follow each other so closely that whoever
 * waits for a monitor between them may wait for all of them.
 */
final class GraphTurns {

  private final Object graphMonitor = new Object();
  private final Object turnMonitor = new Object();

  /** How many want to be alone with the graph, or are. Others look at it without the monitor. */
  @GuardedBy("turnMonitor")
  private volatile int wanting;

  /** Runs a task while the graph does not change. */
  void runAlone(Runnable task) {
    want(1);
    try {
      synchronized (graphMonitor) {
        task.run();
      }
    } finally {
      want(-1);
    }
  }

  /**
   * Runs a slice that changes the graph, when nobody wants to be alone with it. A task and not a
   * block of its own: TeaVM lets a method wait for a monitor only if it might wait in the block,
   * too.
   */
  void runSlice(Runnable slice) {
    awaitTurn();
    synchronized (graphMonitor) {
      slice.run();
    }
  }

  /** Whether a slice that runs should end soon. */
  @SuppressWarnings("GuardedBy") // a look
  boolean isWanted() {
    return wanting > 0;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // changed under the monitor alone
  private void want(int more) {
    synchronized (turnMonitor) {
      wanting += more;
      turnMonitor.notifyAll();
    }
  }

  /** Waits until nobody wants to be alone with the graph. */
  private void awaitTurn() {
    boolean interrupted = false;
    synchronized (turnMonitor) {
      while (wanting > 0) {
        interrupted |= CommitQueue.pause(turnMonitor);
      }
    }
    CommitQueue.restoreInterrupt(interrupted);
  }
}
