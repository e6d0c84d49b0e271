package org.edgevec.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import org.edgevec.table.Records;
import org.edgevec.wal.WriteAheadLog;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: writers queue, one of them leads, and a sync serves all who waited for it.
 *
 * <p>A writer enqueues its batch. If nobody leads, it becomes the leader, takes what is queued,
 * commits it as one group and wakes the others; if somebody does, it waits until its batch is done
 * or the lead is free. So batches are committed in the order in which they were queued, by one
 * thread at a time, and the longer a sync takes, the more batches the next one serves. A checkpoint
 * takes the lead without a group, to have nothing committed meanwhile: after the group under way,
 * before all that wait, so that however many write nobody who closes or checkpoints waits long.
 *
 * <p>The methods are small and hold the monitor for moments only: in the browser they are
 * coroutines, and TeaVM's compiler fails on longer ones. An interrupt does not end the waiting,
 * since the batch may become durable all the same; the flag is set again afterwards.
 *
 * <p>Whatever a leader meets, it gives up the lead and answers its group. So what does that makes
 * no object, for which there may be no memory, and a caller at the end of its stack is sent away
 * before it begins.
 */
final class CommitQueue {

  private static final int MAX_GROUP_BYTES = 8 << 20;

  /** More than a lead takes apart from its task, however large its frames are. */
  private static final int FRAMES = 128;

  private final Committer committer;

  /** Those that wait, each of which names the next: so that queueing takes no memory. */
  @GuardedBy("this")
  private @Nullable Ticket first;

  @GuardedBy("this")
  private @Nullable Ticket last;

  @GuardedBy("this")
  private int queued;

  @GuardedBy("this")
  private boolean led;

  /** How many wait for the lead without a group. */
  @GuardedBy("this")
  private int waitingAlone;

  /** Commits groups. */
  interface Committer {
    /** Makes a group durable and applies it; each ticket that went well is told so. */
    void commit(List<Ticket> group);
  }

  CommitQueue(Committer committer) {
    this.committer = committer;
  }

  /** A batch on its way. */
  static final class Ticket implements WriteAheadLog.Batch {
    private final Records batch;
    private @Nullable Ticket next;
    private int removed;
    private boolean committed;
    private boolean done;
    private @Nullable Throwable failure;

    Ticket(Records batch) {
      this.batch = batch;
    }

    @Override
    public byte[] payload() {
      return batch.payload();
    }

    @Override
    public int count() {
      return batch.count();
    }

    @Override
    public int formatVersion() {
      return batch.formatVersion();
    }

    Records records() {
      return batch;
    }

    /** Tells that it is durable and applied, and how many of its deletes found an entry. */
    void committed(int removedCount) {
      removed = removedCount;
      committed = true;
    }

    private void failUnlessCommitted(Throwable because) {
      if (!committed) {
        failure = because;
      }
    }
  }

  /**
   * Commits a batch, alone or with others, and returns when it is durable and applied.
   *
   * @return how many of its deletes found an entry
   */
  int submit(Ticket ticket) {
    requireStack(FRAMES);
    boolean interrupted = false;
    enqueue(ticket);
    while (!isDone(ticket)) {
      interrupted |= awaitTurn(ticket);
      leadIfFree(ticket);
    }
    restoreInterrupt(interrupted);
    return outcome(ticket);
  }

  /** Runs something while no batch is being committed. */
  void runAlone(Runnable task) {
    requireStack(FRAMES);
    restoreInterrupt(awaitLead());
    try {
      task.run();
    } finally {
      releaseLead();
    }
  }

  /** Lets the stack overflow here, if it has no more room than that. */
  private static void requireStack(int frames) {
    if (frames > 0) {
      requireStack(frames - 1);
    }
  }

  private static int outcome(Ticket ticket) {
    // The same exception reaches every writer of a group: it happened once, to all of them.
    if (ticket.failure instanceof Error error) {
      throw error;
    }
    if (ticket.failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (!ticket.committed) {
      throw new IllegalStateException("a batch was neither committed nor failed");
    }
    return ticket.removed;
  }

  private void leadIfFree(Ticket ticket) {
    List<Ticket> group = takeLead(ticket);
    if (!group.isEmpty()) {
      lead(group);
    }
  }

  private void lead(List<Ticket> group) {
    try {
      committer.commit(group);
    } catch (RuntimeException | Error e) {
      failAll(group, e);
    } finally {
      finish(group);
    }
  }

  private static void failAll(List<Ticket> group, Throwable because) {
    for (int i = 0; i < group.size(); i++) {
      group.get(i).failUnlessCommitted(because);
    }
  }

  private synchronized void enqueue(Ticket ticket) {
    Ticket before = last;
    if (before == null) {
      first = ticket;
    } else {
      before.next = ticket;
    }
    last = ticket;
    queued++;
  }

  /** Takes the first out of the queue. */
  @GuardedBy("this")
  private void dequeue(Ticket head) {
    first = head.next;
    head.next = null;
    if (first == null) {
      last = null;
    }
    queued--;
  }

  /** Takes out one that nobody is going to commit. */
  @GuardedBy("this")
  private void withdraw(Ticket ticket) {
    Ticket before = null;
    for (Ticket at = first; at != null; at = at.next) {
      if (at == ticket) {
        queued--;
        last = last == at ? before : last;
        if (before == null) {
          first = at.next;
        } else {
          before.next = at.next;
        }
        return;
      }
      before = at;
    }
  }

  /** How many batches wait to be taken by a leader. */
  synchronized int queued() {
    return queued;
  }

  /** How many wait for the lead without a group. */
  synchronized int waitingAlone() {
    return waitingAlone;
  }

  private synchronized boolean isDone(Ticket ticket) {
    return ticket.done;
  }

  /** Waits until the ticket is done or the lead is free. */
  private synchronized boolean awaitTurn(Ticket ticket) {
    boolean interrupted = false;
    while ((led || waitingAlone > 0) && !ticket.done) {
      interrupted |= pause(this);
    }
    return interrupted;
  }

  private synchronized boolean awaitLead() {
    boolean interrupted = false;
    waitingAlone++;
    while (led) {
      interrupted |= pause(this);
    }
    waitingAlone--;
    led = true;
    return interrupted;
  }

  /**
   * Waits to be notified, which an interrupt does not end for good.
   *
   * @param monitor one that the caller has
   * @return whether there was an interrupt, for {@link #restoreInterrupt}
   */
  static boolean pause(Object monitor) {
    try {
      monitor.wait();
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private synchronized List<Ticket> takeLead(Ticket ticket) {
    if (led || ticket.done || waitingAlone > 0) {
      return List.of();
    }
    List<Ticket> group = roomForAll(ticket);
    led = true;
    long bytes = 0;
    Ticket next = first;
    while (next != null && (group.isEmpty() || bytes < MAX_GROUP_BYTES)) {
      dequeue(next);
      group.add(next);
      bytes += next.payload().length;
      next = first;
    }
    return group;
  }

  /** So that nothing is made once the lead is taken. Who cannot lead does not wait for others. */
  @GuardedBy("this")
  private List<Ticket> roomForAll(Ticket ticket) {
    try {
      return new ArrayList<>(queued);
    } catch (OutOfMemoryError e) {
      withdraw(ticket);
      throw e;
    }
  }

  private synchronized void finish(List<Ticket> group) {
    led = false;
    for (int i = 0; i < group.size(); i++) {
      group.get(i).done = true;
    }
    notifyAll();
  }

  private synchronized void releaseLead() {
    led = false;
    notifyAll();
  }

  /** Sets the flag again that waiting has cleared. */
  static void restoreInterrupt(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
