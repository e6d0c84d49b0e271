package org.edgevec.engine;

import java.util.List;
import org.edgevec.engine.CommitQueue.Ticket;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageFullException;
import org.edgevec.table.Records;
import org.edgevec.wal.WriteAheadLog;

/**
 * The way of a batch: through the queue into the log, to disk, and into the contents; then it is
 * acknowledged. Owns the queue and the log.
 *
 * <p>Whoever has the <em>lead</em> of the queue is the only one who logs, syncs and applies.
 */
final class WritePath {

  private final CommitQueue queue = new CommitQueue(this::commit);
  private final WriteAheadLog log;
  private final LiveContents contents;
  private final Lifecycle life;
  private volatile long durableSequence;
  private volatile long batches;
  private volatile long syncs;

  WritePath(WriteAheadLog log, LiveContents contents, Lifecycle life) {
    this.log = log;
    this.contents = contents;
    this.life = life;
    this.durableSequence = log.lastSequence();
  }

  /**
   * Makes a batch durable and applies it, alone or with others.
   *
   * @return how many of its deletes found an entry
   */
  int submit(Records batch) {
    return queue.submit(new Ticket(batch));
  }

  /** Commits one group; runs on the leader's thread, never twice at the same time. */
  private void commit(List<Ticket> group) {
    life.checkOpen();
    life.checkWritable();
    // All that takes memory comes before anything is logged, so that what is logged is applied.
    contents.reserve(puts(group));
    log.reserve(group);
    try {
      makeDurable(group);
      contents.apply(group);
    } catch (RuntimeException | Error e) {
      // The log may hold what memory does not, or half of it.
      life.fail(e);
      throw e;
    }
  }

  private static int puts(List<Ticket> group) {
    int puts = 0;
    for (Ticket ticket : group) {
      puts += ticket.records().puts();
    }
    return puts;
  }

  private void makeDurable(List<Ticket> group) {
    log.append(group);
    log.sync();
    countGroup(group.size());
    durableSequence = log.lastSequence();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the leader alone writes; others only look
  private void countGroup(int size) {
    syncs++;
    batches += size;
  }

  /** Runs something while no batch is being committed. */
  void runAlone(Runnable task) {
    queue.runAlone(task);
  }

  /** Attests what is durable. For who has the lead. */
  void seal() {
    if (!life.isClosed() && !life.hasFailed()) {
      syncBeforeSeal();
      log.seal();
    }
  }

  /**
   * A sync that fails leaves the log's tail unknown; a seal that cannot be written harms nothing.
   */
  private void syncBeforeSeal() {
    try {
      log.syncStrictly();
    } catch (PersistenceException e) {
      life.fail(e);
      throw e;
    }
  }

  /** Makes everything durable and attests it, for the last time. For who has the lead. */
  void finish() {
    log.syncStrictly();
    sealIfRoom();
  }

  /**
   * A seal for which there is no room is no reason to fail: all that is acknowledged is durable.
   */
  private void sealIfRoom() {
    try {
      log.seal();
    } catch (StorageFullException e) {
      // The next opening makes durable anew what nothing attests.
    }
  }

  /** Whether a seal would attest more than is attested. */
  boolean needsSeal() {
    return log.needsSeal();
  }

  /** Bytes in the log's files numbered from {@code from} up to but not {@code to}. */
  long bytesBetween(long from, long to) {
    return log.bytesBetween(from, to);
  }

  /** How many files of the log there are from a number on. */
  int filesFrom(long number) {
    return log.filesFrom(number);
  }

  /** The last batch that is durable; under {@code RELAXED}, that is acknowledged. */
  long durableSequence() {
    return durableSequence;
  }

  /** How many batches were written. */
  long batches() {
    return batches;
  }

  /** By how many syncs. */
  long syncs() {
    return syncs;
  }

  /** How many writes wait for the one under way. */
  int queued() {
    return queue.queued();
  }

  /** How many wait to be alone with the log. */
  int waitingAlone() {
    return queue.waitingAlone();
  }
}
