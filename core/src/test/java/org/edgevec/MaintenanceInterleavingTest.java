package org.edgevec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.edgevec.storage.MemoryStorage;
import org.edgevec.vector.VectorArena;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Writes, deletions, checkpoints, waits, failures and closings at every moment of the maintenance:
 * when all has come to rest, nothing that is due may be undone.
 *
 * <p>The platform is the scheduler. The database calls it at the moments that matter: when it asks
 * for a task, when a slice begins, when a slice has taken its moment, between two steps of it, and
 * when its work has ended but not yet the slice. There, and between tasks, the platform does what
 * the trial says.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MaintenanceInterleavingTest {

  private static final int DIMENSION = 2;
  private static final int MIN_ENTRIES = 4;
  private static final CheckpointPolicy EACH_TIME = CheckpointPolicy.of(1, 1);

  /** More tasks than any trial needs. */
  private static final int MANY_TASKS = 500;

  private enum Action {
    PUT_ONE,
    PUT_MANY,
    DELETE_MOST,
    CHECKPOINT,
    VERIFY,
    AWAIT,
    FAIL,
    CLOSE
  }

  /** An action and the number of the moment at which it is done. */
  private record Event(Action action, int moment) {}

  /**
   * What all trials of a kind have in common.
   *
   * @param stepsInSlice how many steps a slice makes before its time is over
   * @param isLatestFirst whether of several tasks the one asked for last runs first
   */
  private record Kind(CheckpointPolicy policy, int stepsInSlice, boolean isLatestFirst) {}

  /** Those that leave something for a second action to meet. */
  private static final Set<Action> FIRST =
      EnumSet.of(Action.PUT_ONE, Action.DELETE_MOST, Action.CHECKPOINT, Action.AWAIT, Action.FAIL);

  private static final Set<Action> SECOND =
      EnumSet.of(
          Action.PUT_MANY, Action.DELETE_MOST, Action.CHECKPOINT, Action.AWAIT, Action.CLOSE);

  private static final Kind ALL_AT_ONCE = new Kind(EACH_TIME, 1000, true);

  private static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    for (CheckpointPolicy policy : List.of(CheckpointPolicy.MANUAL, EACH_TIME)) {
      for (int stepsInSlice : new int[] {2, 1000}) {
        for (boolean isLatestFirst : new boolean[] {false, true}) {
          kinds.add(new Kind(policy, stepsInSlice, isLatestFirst));
        }
      }
    }
    return kinds;
  }

  @Test
  void afterOneActionAtAnyMomentNothingIsLeftUndone() {
    for (Kind kind : kinds()) {
      for (Action action : Action.values()) {
        int moment = 0;
        while (new Trial(kind, List.of(new Event(action, moment))).run() > moment) {
          moment++;
        }
        assertThat(moment).as("moments of %s", kind).isGreaterThan(12);
      }
    }
  }

  @Test
  void afterTwoActionsAtAnyMomentsNothingIsLeftUndone() {
    int trials = 0;
    for (Kind kind : List.of(new Kind(CheckpointPolicy.MANUAL, 2, false), ALL_AT_ONCE)) {
      for (Action first : FIRST) {
        for (Action second : SECOND) {
          trials += tryAllMoments(kind, first, second);
        }
      }
    }
    System.out.println("interleavings of two actions with the maintenance: " + trials);
    assertThat(trials).isGreaterThan(10_000);
  }

  private static int tryAllMoments(Kind kind, Action first, Action second) {
    int trials = 0;
    int moments = 1;
    for (int one = 0; one < moments; one++) {
      moments = one + 1;
      for (int other = one; other < moments; other++) {
        List<Event> events = List.of(new Event(first, one), new Event(second, other));
        moments = Math.max(moments, new Trial(kind, events).run());
        trials++;
      }
    }
    return trials;
  }

  @Test
  void afterManyActionsByChanceNothingIsLeftUndone() {
    Random random = new Random(20261130);
    List<Kind> kinds = kinds();
    for (int i = 0; i < 2_000; i++) {
      List<Event> events = new ArrayList<>();
      int moment = 0;
      for (int event = 0; event < 8; event++) {
        moment += random.nextInt(12);
        Action action = Action.values()[random.nextInt(Action.values().length - 1)];
        events.add(new Event(action, moment));
      }
      new Trial(kinds.get(random.nextInt(kinds.size())), events).run();
    }
  }

  /** A database from its opening to its rest. */
  private static final class Trial implements Platform {
    private final Kind kind;
    private final Deque<Event> events;
    private final String name;
    private final TestPlatform fixed = TestPlatform.seeded(1);
    private final FailingArenas arenas = new FailingArenas();
    private final Thread runner = Thread.currentThread();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Caller> waiting = new ArrayList<>();
    private final List<Caller> blocked = new ArrayList<>();
    private final VectorDatabase db;
    private int moment;
    private int steps;
    private int puts;
    private boolean isInSlice;
    private boolean isActing = true;
    private boolean failed;
    private boolean isClosed;

    Trial(Kind kind, List<Event> events) {
      this.kind = kind;
      this.events = new ArrayDeque<>(events);
      this.name = kind + ": " + events;
      Options options =
          Options.of(DIMENSION, Metric.L2)
              .hnsw(HnswOptions.of(2, 4).minEntries(MIN_ENTRIES))
              .checkpointPolicy(kind.policy);
      db = VectorDatabase.open(MemoryStorage.open(new MemoryStorage.Disk()), options, this);
    }

    /** Runs it, checks what is left, and tells how many moments there were for actions. */
    int run() {
      isActing = false;
      put(6);
      int count = 0;
      while (runTask()) {
        assertThat(count++).as(name).isLessThan(MANY_TASKS);
      }
      int moments = moment;
      if (!isClosed) {
        checkRest();
        db.close();
      }
      for (Caller caller : waiting) {
        caller.join(name);
      }
      return moments;
    }

    private void checkRest() {
      Stats stats = db.stats();
      if (failed && stats.maintenanceError() != null) {
        events.clear();
        arenas.heal();
        put(1);
        while (runTask()) {}
        stats = db.stats();
      }
      assertThat(stats.maintenanceError()).as(name).isNull();
      boolean isGraph = stats.size() >= MIN_ENTRIES || stats.indexedEntries() > 0;
      assertThat(isGraph ? stats.tailEntries() : 0).as("tail of " + name).isZero();
      int dead = stats.indexedEntries() - stats.size();
      assertThat(isGraph ? dead * 5 : 0).as(name).isLessThanOrEqualTo(stats.indexedEntries());
      assertThat(waiting).as(name).allMatch(Caller::isDone);
    }

    private boolean runTask() {
      moment(false);
      settle();
      Runnable task = next();
      if (task == null) {
        return false;
      }
      try {
        task.run();
      } catch (ArithmeticException e) {
        assertThat(failed).as(name).isTrue();
      }
      settle();
      return true;
    }

    private @Nullable Runnable next() {
      synchronized (tasks) {
        return kind.isLatestFirst ? tasks.pollLast() : tasks.pollFirst();
      }
    }

    /** Lets every other thread come as far as it can. */
    private void settle() {
      for (Caller caller : waiting) {
        caller.settle(false);
      }
    }

    /** A moment at which something may happen. */
    private void moment(boolean isGraphHeld) {
      if (isActing || Thread.currentThread() != runner) {
        return;
      }
      isActing = true;
      if (!isGraphHeld) {
        for (Caller caller : blocked) {
          caller.join(name);
        }
        blocked.clear();
      }
      int now = moment++;
      while (!events.isEmpty() && events.peek().moment == now) {
        act(events.remove().action, isGraphHeld);
      }
      isActing = false;
    }

    private void act(Action action, boolean isGraphHeld) {
      if (isClosed) {
        return;
      }
      switch (action) {
        case PUT_ONE -> put(1);
        case PUT_MANY -> put(5);
        case DELETE_MOST -> deleteMost();
        case VERIFY -> alone(() -> db.verify(ProgressListener.NONE), isGraphHeld);
        case AWAIT -> waiting.add(new Caller(() -> db.awaitIndexed(ProgressListener.NONE), false));
        case FAIL -> {
          failed = true;
          arenas.fail(
              0,
              1,
              () -> {
                throw new ArithmeticException("a defect");
              });
        }
        case CHECKPOINT -> alone(db::checkpoint, isGraphHeld);
        case CLOSE -> {
          isClosed = true;
          alone(db::close, isGraphHeld);
        }
      }
    }

    /** What may wait for a slice is done by another thread while there is one. */
    private void alone(Runnable call, boolean isGraphHeld) {
      if (isGraphHeld) {
        blocked.add(new Caller(call, true));
      } else {
        call.run();
      }
    }

    private void put(int count) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < count; i++) {
        int number = puts++;
        batch.put("id" + number, new float[] {number * 37 % 101, number * 53 % 89});
      }
      db.write(batch);
    }

    private void deleteMost() {
      WriteBatch batch = new WriteBatch();
      List<String> ids = db.ids();
      for (int i = 0; i < ids.size(); i++) {
        if (i % 3 != 1) {
          batch.delete(ids.get(i));
        }
      }
      if (!ids.isEmpty()) {
        db.write(batch);
      }
    }

    @Override
    public boolean schedule(Runnable task, long delayMillis) {
      moment(isInSlice);
      synchronized (tasks) {
        tasks.add(task);
      }
      moment(isInSlice);
      return true;
    }

    @Override
    public void runGuarded(Work work) {
      isInSlice = true;
      steps = -1;
      try {
        moment(true);
        work.run();
        moment(true);
      } finally {
        isInSlice = false;
      }
    }

    /** Asked once when a slice has taken its moment, and after each step. */
    @Override
    public long nanoTime() {
      moment(true);
      steps++;
      return steps % (kind.stepsInSlice + 1) == kind.stepsInSlice ? Long.MAX_VALUE / 2 : 0;
    }

    @Override
    public long currentTimeMillis() {
      return fixed.currentTimeMillis();
    }

    @Override
    public long randomLong() {
      return fixed.randomLong();
    }

    @Override
    public VectorArena.Factory vectors() {
      return arenas;
    }
  }

  /** A thread with one call. */
  private static final class Caller {
    private final Thread thread;
    private volatile @Nullable Throwable thrown;

    /**
     * Makes the call, and returns when it is done or waits for something.
     *
     * @param isForMonitor whether what it waits for may be a monitor
     */
    Caller(Runnable call, boolean isForMonitor) {
      thread =
          new Thread(
              () -> {
                try {
                  call.run();
                } catch (DatabaseClosedException | IndexingException e) {
                  // What a caller is told when that happens.
                } catch (RuntimeException | Error e) {
                  thrown = e;
                }
              });
      thread.start();
      settle(isForMonitor);
    }

    void settle(boolean isForMonitor) {
      Thread.State state = thread.getState();
      while (state != Thread.State.WAITING
          && state != Thread.State.TERMINATED
          && (state != Thread.State.BLOCKED || !isForMonitor)) {
        Thread.yield();
        state = thread.getState();
      }
    }

    boolean isDone() {
      return !thread.isAlive();
    }

    void join(String name) {
      try {
        thread.join(20_000);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertThat(thread.isAlive()).as("a call of " + name + " waits").isFalse();
      assertThat(thrown).as(name).isNull();
    }
  }
}
