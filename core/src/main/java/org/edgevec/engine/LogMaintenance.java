package org.edgevec.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.edgevec.CheckpointPolicy;
import org.edgevec.DatabaseClosedException;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.storage.PersistenceException;
import org.jspecify.annotations.Nullable;

/** Seals the log and makes due checkpoints, in the background where the platform has one. */
final class LogMaintenance {

  /** How long after a write the log may be sealed and a due checkpoint begun. */
  private static final long DELAY_MILLIS = 250;

  /** While writes never rest the log is sealed so often: damage in what is older is noticed. */
  private static final long SEAL_NANOS = 1_000_000_000;

  /** So long after a checkpoint that failed the next one is tried; twice as long after another. */
  private static final long RETRY_NANOS = 2_500_000_000L;

  /** Until it is five minutes. */
  private static final int MAX_DOUBLINGS = 7;

  private final Platform platform;
  private final CheckpointPolicy policy;
  private final Lifecycle life;
  private final WritePath writes;
  private final Checkpoints checkpoints;

  @GuardedBy("this")
  private boolean scheduled;

  // Of the task under way, and tasks do not overlap; others only look at what is volatile.
  private long sequenceSeen;
  private long sealedNanos;
  private volatile int failures;
  private volatile long failedAtLogBytes;
  private volatile long failedAtNanos;
  private volatile @Nullable String error;
  private volatile @Nullable String sealError;

  LogMaintenance(
      Platform platform,
      CheckpointPolicy policy,
      Lifecycle life,
      WritePath writes,
      Checkpoints checkpoints) {
    this.platform = platform;
    this.policy = policy;
    this.life = life;
    this.writes = writes;
    this.checkpoints = checkpoints;
    this.sealedNanos = platform.nanoTime();
  }

  /** What the last checkpoint failed with, or else the last seal; null if they went well. */
  @Nullable String error() {
    String checkpointError = error;
    return checkpointError == null ? sealError : checkpointError;
  }

  /** Begins what opening found due, in the background only: no opening waits for it. */
  void afterOpen() {
    if (!life.isReadOnly() && isCheckpointDue() && claim()) {
      schedule();
    }
  }

  /** Sees to it that what is due gets done. */
  void afterWrite() {
    if (!claim()) {
      return;
    }
    if (!schedule()) {
      checkpointIfDue();
    }
  }

  private boolean schedule() {
    boolean isToCome = false;
    try {
      isToCome = platform.schedule(this::run, DELAY_MILLIS);
    } finally {
      if (!isToCome) {
        release();
      }
    }
    return isToCome;
  }

  private synchronized boolean claim() {
    boolean free = !scheduled;
    scheduled = true;
    return free;
  }

  private synchronized void release() {
    scheduled = false;
  }

  private void run() {
    release();
    if (life.isClosing() || life.hasFailed()) {
      return;
    }
    checkpointIfDue();
    long sequence = writes.durableSequence();
    if (sequence != sequenceSeen) {
      // Still busy: look again later.
      sequenceSeen = sequence;
      if (platform.nanoTime() - sealedNanos >= SEAL_NANOS) {
        sealIfNeeded();
      }
      afterWrite();
    } else {
      sealIfNeeded();
    }
  }

  private void checkpointIfDue() {
    if (!checkpoints.isVerifying() && mayTry() && isCheckpointDue()) {
      attempt(checkpoints::checkpoint);
    }
  }

  private boolean isCheckpointDue() {
    return isDue(checkpoints.logBytes(), checkpoints.newest().segmentBytes())
        || (!isManual() && (isLogInManyFiles() || checkpoints.isWorthItself()));
  }

  /** Whether so many bytes of log are too many beside so many of segments. */
  private boolean isDue(long logBytes, long segmentBytes) {
    return logBytes
        >= Math.min(policy.maxLogBytes(), Math.max(policy.minLogBytes(), segmentBytes / 4));
  }

  private boolean isLogInManyFiles() {
    return checkpoints.logFiles() >= CheckpointPolicy.MAX_LOG_FILES;
  }

  /** Not by {@code equals}, which the browser's package is without. */
  private boolean isManual() {
    return policy.minLogBytes() == Long.MAX_VALUE;
  }

  /**
   * Whether it is not too soon after an attempt that failed: until the log has grown by half, or
   * for a while that gets longer each time.
   */
  private boolean mayTry() {
    int times = failures;
    return times == 0
        || checkpoints.logBytes() > failedAtLogBytes + failedAtLogBytes / 2
        || platform.nanoTime() - failedAtNanos > RETRY_NANOS << Math.min(times, MAX_DOUBLINGS);
  }

  /**
   * Stores what the next opening would have to do again, where doing it again costs more. For who
   * is alone with the graph.
   */
  void beforeClosing() {
    if (isManual() || life.isReadOnly()) {
      return;
    }
    if (isLogInManyFiles() || checkpoints.isWorthStoring()) {
      attempt(() -> checkpoints.checkpointAlone(ProgressListener.NONE));
    }
  }

  private void sealIfNeeded() {
    if (!writes.needsSeal()) {
      return;
    }
    sealedNanos = platform.nanoTime();
    try {
      writes.runAlone(writes::seal);
      sealError = null;
    } catch (DatabaseClosedException e) {
      // It was sealed by that.
      sealError = null;
    } catch (RuntimeException | Error e) {
      sealError = textOf(e);
    }
  }

  /**
   * Makes a checkpoint whose failure is told by {@link #error}, whatever it is: nobody waits for
   * it, and what it would have stored is in the log.
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // tasks do not overlap; others only look
  private void attempt(Runnable checkpoint) {
    try {
      checkpoint.run();
      error = null;
      failures = 0;
    } catch (DatabaseClosedException e) {
      // Closed meanwhile: nothing is left to do.
      error = null;
    } catch (RuntimeException | Error e) {
      failures++;
      failedAtLogBytes = checkpoints.logBytes();
      failedAtNanos = platform.nanoTime();
      error = textOf(e);
    }
  }

  private static String textOf(Throwable e) {
    return e instanceof PersistenceException p ? p.code() + ": " + p.getMessage() : e.toString();
  }
}
