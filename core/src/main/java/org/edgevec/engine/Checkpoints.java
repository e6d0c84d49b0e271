package org.edgevec.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Objects;
import org.edgevec.Platform;
import org.edgevec.ProgressListener;
import org.edgevec.contents.Compaction;
import org.edgevec.recovery.Verification;
import org.edgevec.recovery.VerifyFacts;
import org.edgevec.snapshot.CompactionPlan;
import org.edgevec.snapshot.Manifest;
import org.edgevec.snapshot.SnapshotManager;
import org.edgevec.snapshot.SnapshotManager.Draft;
import org.edgevec.snapshot.SnapshotManager.Prepared;
import org.edgevec.snapshot.Span;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.StorageBackend;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints, what makes room for writes, and checks of what is stored: whatever must not be done
 * by two at the same time, and closing with them.
 */
final class Checkpoints {

  private final StorageBackend storage;
  private final Platform platform;
  private final Lifecycle life;
  private final LiveContents contents;
  private final WritePath writes;
  private final GraphTurns turns;
  private final SnapshotManager snapshots;

  /** The first lock of all: who has it may wait for the graph, and for the lead. */
  private final Object monitor = new Object();

  /** Whether a check is under way. Others look at it without the monitor. */
  @GuardedBy("monitor")
  private volatile boolean verifying;

  /** How often memory was given back. Others look at it without the monitor. */
  @GuardedBy("monitor")
  private volatile int roomsMade;

  Checkpoints(
      StorageBackend storage,
      Platform platform,
      Lifecycle life,
      LiveContents contents,
      WritePath writes,
      GraphTurns turns,
      SnapshotManager snapshots) {
    this.storage = storage;
    this.platform = platform;
    this.life = life;
    this.contents = contents;
    this.writes = writes;
    this.turns = turns;
    this.snapshots = snapshots;
  }

  /** The newest snapshot. */
  Manifest newest() {
    return snapshots.newest();
  }

  /** The first log file that is kept, for the previous snapshot's sake. */
  long firstLogNumberKept() {
    return snapshots.firstLogNumberKept();
  }

  /** Bytes of log behind the newest snapshot. */
  long logBytes() {
    return writes.bytesBetween(newest().logNumber(), Long.MAX_VALUE);
  }

  /** In how many files they are. */
  int logFiles() {
    return writes.filesFrom(newest().logNumber());
  }

  @SuppressWarnings("GuardedBy") // a look
  boolean isVerifying() {
    return verifying;
  }

  /** How often memory was given back so far, for {@link #makeRoom}. */
  @SuppressWarnings("GuardedBy") // a look
  int roomsMade() {
    return roomsMade;
  }

  /**
   * Whether storing what is derived of the entries costs less now than making it anew at the next
   * opening. For who is alone with the graph.
   */
  boolean isWorthStoring() {
    return snapshots.isWorthStoring(contents.present(), logBytes());
  }

  /**
   * Whether much that is derived is not stored, or much that memory and disk hold is dead and can
   * be left behind.
   */
  boolean isWorthItself() {
    return contents.isWorthACheckpoint(snapshots);
  }

  /** Writes a snapshot. Closing ends it. */
  void checkpoint() {
    life.checkOpen();
    life.checkWritable();
    synchronized (monitor) {
      life.checkNotClosing();
      turns.runAlone(() -> checkpointAlone((done, total) -> life.checkNotClosing()));
    }
  }

  /**
   * Checkpoints while the graph does not change and nobody else does.
   *
   * @param listener may throw what ends it
   */
  void checkpointAlone(ProgressListener listener) {
    if (isVerifying()) {
      throw new IllegalStateException("a progress listener of verify() must not make a checkpoint");
    }
    try {
      Prepared prepared = prepare();
      if (prepared != null) {
        snapshots.write(prepared, platform.currentTimeMillis(), listener);
        snapshots.cleanUp();
      }
    } finally {
      // What it left behind, and what it held for itself.
      madeRoom();
    }
  }

  private @Nullable Prepared prepare() {
    Draft draft = draft();
    Preparation preparation = new Preparation(draft);
    try {
      writes.runAlone(preparation);
    } finally {
      if (preparation.prepared == null) {
        draft.release();
      }
    }
    return preparation.prepared;
  }

  private Draft draft() {
    if (!platform.makesRoomInPlace()) {
      return snapshots.draft(contents.present(), contents.view());
    }
    Draft draft = snapshots.draftIfRoom(contents.present(), contents.view(), platform);
    if (draft == null) {
      compact(false);
      draft = snapshots.draftOfAll(contents.present(), contents.view());
    }
    return draft;
  }

  /** The step of a checkpoint in which nothing may be committed. */
  private final class Preparation implements Runnable {
    private final Draft draft;
    private @Nullable Prepared prepared;

    Preparation(Draft draft) {
      this.draft = draft;
    }

    @Override
    public void run() {
      life.checkOpen();
      life.checkWritable();
      Prepared next = snapshotOf(draft);
      if (next != null) {
        long[] drop = next.drop();
        if (drop != null) {
          contents.exchange(next.contents(), drop);
        }
        snapshots.adopt(next);
        prepared = next;
      }
    }
  }

  private @Nullable Prepared snapshotOf(Draft draft) {
    try {
      return snapshots.prepare(draft);
    } catch (PersistenceException e) {
      // Only the log was touched, by a sync that failed.
      life.fail(e);
      throw e;
    }
  }

  /**
   * Lets what was deleted give its memory to what is written.
   *
   * @param seen {@link #roomsMade} before the write
   * @return whether there is more memory now; be it that a checkpoint was about it already
   */
  boolean makeRoom(int seen) {
    synchronized (monitor) {
      life.checkNotClosing();
      if (roomsMade == seen) {
        turns.runAlone(() -> compact(true));
      }
      return roomsMade != seen;
    }
  }

  /**
   * Leaves dead entries behind in the contents themselves, for want of memory for others; searches
   * wait meanwhile. Nobody else checkpoints, and the graph does not change.
   *
   * @param isPressing whether the graph may be given up for it
   */
  private void compact(boolean isPressing) {
    CompactionPlan plan = snapshots.compaction(contents.present(), contents.view(), isPressing);
    if (plan != null) {
      writes.runAlone(() -> moveUp(plan));
    }
  }

  private void moveUp(CompactionPlan plan) {
    life.checkOpen();
    Compaction compaction = plan.prepare();
    List<Span> spans = plan.spans();
    contents.moveUp(compaction);
    snapshots.moved(spans, contents.present());
    madeRoom();
  }

  @SuppressWarnings({"GuardedBy", "NonAtomicVolatileUpdate"}) // who gets here has the monitor
  private void madeRoom() {
    roomsMade++;
  }

  /** Reads every stored byte of this moment; closing ends it. */
  VerifyFacts verify(ProgressListener listener) {
    synchronized (monitor) {
      return verifyAlone(listener);
    }
  }

  @GuardedBy("monitor")
  private VerifyFacts verifyAlone(ProgressListener listener) {
    VerifiedMoment moment = new VerifiedMoment(listener);
    writes.runAlone(moment);
    boolean outer = verifying;
    verifying = true;
    try {
      return Objects.requireNonNull(moment.verification).run();
    } finally {
      verifying = outer;
    }
  }

  /** Takes the moment that is verified, in which nothing may be committed. */
  private final class VerifiedMoment implements Runnable, ProgressListener {
    private final ProgressListener listener;
    private @Nullable Verification verification;

    VerifiedMoment(ProgressListener listener) {
      this.listener = listener;
    }

    @Override
    public void run() {
      life.checkOpen();
      verification = new Verification(storage, writes.durableSequence(), !life.isReadOnly(), this);
    }

    @Override
    public void progress(long done, long total) {
      life.checkNotClosing();
      listener.progress(done, total);
      life.checkNotClosing(); // The listener itself may have closed it.
    }
  }

  /** Runs what closes the database, alone with its graph, unless it is closed. */
  void close(Runnable closing) {
    synchronized (monitor) {
      if (!life.isClosed()) {
        turns.runAlone(closing);
      }
    }
  }
}
