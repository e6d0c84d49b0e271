package org.edgevec.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.edgevec.CheckpointPolicy;
import org.edgevec.HnswOptions;
import org.edgevec.Metadata;
import org.edgevec.Metric;
import org.edgevec.Options;
import org.edgevec.TestPlatform;
import org.edgevec.VectorDatabase;
import org.edgevec.WriteBatch;
import org.edgevec.crash.CrashStorage.Flaw;
import org.edgevec.crash.CrashStorage.Step;
import org.edgevec.crash.Model.Edit;
import org.edgevec.crash.Workload.Operation;
import org.edgevec.storage.Durability;
import org.edgevec.storage.ReadOnlyException;

/**
 * Does a workload to a database on a simulated disk, and keeps the model of what it should hold. A
 * watch that is given sees every step, and also the moments after an acknowledgement.
 */
final class Session {

  static final int DIMENSION = 2;
  private static final int MAX_ENTRIES = 8;
  private static final HnswOptions GRAPH_FROM_TWO_ENTRIES = HnswOptions.of(2, 4).minEntries(2);

  private final SimulatedDisk disk;
  private final Model model;
  private final Durability durability;
  private final long seed;
  private final CrashStorage.Watch watch;
  private final ProtocolCheck protocol;
  private Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
  private CrashStorage.Faults faults = CrashStorage.Faults.NONE;
  private CrashStorage storage;
  private VectorDatabase db;
  private TestPlatform platform;
  private int openings;
  private int edits;
  private Runnable duringNextSync;
  private CountDownLatch leaderIsDone;
  private Thread owner = Thread.currentThread();

  Session(
      SimulatedDisk disk,
      Model model,
      Durability durability,
      long seed,
      CrashStorage.Watch watch,
      ProtocolCheck protocol) {
    this.disk = disk;
    this.model = model;
    this.durability = durability;
    this.seed = seed;
    this.watch = watch;
    this.protocol = protocol;
    this.edits = model.submitted() * 7;
  }

  static Options options(Durability durability) {
    return Options.of(DIMENSION, Metric.L2)
        .durability(durability)
        .checkpointPolicy(CheckpointPolicy.MANUAL)
        .hnsw(GRAPH_FROM_TWO_ENTRIES);
  }

  void setFlaws(Set<Flaw> newFlaws) {
    flaws = newFlaws;
  }

  /** From now on, and in storages opened later, steps fail so. */
  void setFaults(CrashStorage.Faults newFaults) {
    faults = newFaults;
    if (storage != null) {
      storage.setFaults(newFaults);
    }
  }

  SimulatedDisk disk() {
    return disk;
  }

  Model model() {
    return model;
  }

  VectorDatabase db() {
    return db;
  }

  CrashStorage storage() {
    return storage;
  }

  /** Opens the database, or creates it. */
  void open() {
    storage = CrashStorage.open(disk, new Relay(), protocol, flaws);
    storage.setFaults(faults);
    platform = TestPlatform.withBackground(Hash.of(seed, openings++));
    db = VectorDatabase.open(storage, options(durability), platform);
    int sequence = StateCheck.compare(db, model, model.durable(), "opening");
    model.opened(sequence, !db.stats().readOnly());
  }

  void perform(Operation operation) {
    switch (operation) {
      case PUT -> write(List.of(put(nextId())));
      case BATCH -> write(batch());
      case DELETE -> write(List.of(new Edit(anyId(), null, null)));
      case CHECKPOINT -> checkpoint();
      case COMPACT -> {
        write(deletionsOfHalf());
        // Links what the search graph lacks, so that the checkpoint writes one.
        platform.runTasks();
        checkpoint();
      }
      case REOPEN -> {
        close();
        open();
      }
      case GROUP -> group();
      case IDLE -> idle();
      case LARGE -> write(List.of(large(), put(nextId())));
      case FILL -> write(fill());
      default -> throw new AssertionError(operation);
    }
  }

  /** Closes the database, which makes everything durable unless a write failed before. */
  void close() {
    boolean isPromise = !db.stats().readOnly();
    db.close();
    if (isPromise) {
      model.madeDurable();
      protocol.acknowledged(disk);
    }
  }

  private void checkpoint() {
    db.checkpoint();
    model.madeDurable();
    protocol.acknowledged(disk);
    watch.after(storage, Step.FOLDER_SYNC, "");
  }

  /**
   * Twice, since the first look finds that it was busy a moment ago; the first also links what the
   * search graph lacks.
   */
  private void idle() {
    platform.runTasks();
    platform.runTasks();
  }

  private void write(List<Edit> edit) {
    int before = model.submitted();
    WriteBatch batch = model.submit(edit);
    try {
      db.write(batch);
    } catch (ReadOnlyException e) {
      model.neverLogged(before);
      throw e;
    }
    acknowledged();
  }

  private void acknowledged() {
    model.acknowledgeAll();
    if (durability == Durability.STRICT) {
      model.madeDurable();
      protocol.acknowledged(disk);
    }
    watch.after(storage, Step.SYNC, "");
  }

  // What is written

  private Edit put(String id) {
    int number = edits++;
    float[] vector = {number, -0.5f * number};
    return new Edit(id, vector, metadata(number));
  }

  private static Metadata metadata(int number) {
    if (number % 3 == 0) {
      return Metadata.empty();
    }
    if (number % 5 == 4) {
      return Metadata.of("text", "x".repeat(500) + number);
    }
    if (number % 7 == 5) {
      // Such need files of a newer version.
      return Metadata.of("list", Arrays.asList(null, number, Map.of("deeper", true)));
    }
    return Metadata.of("n", (long) number);
  }

  private Edit large() {
    int number = edits++;
    return new Edit(
        nextId(), new float[] {number, number}, Metadata.of("text", "y".repeat(9000) + number));
  }

  private String nextId() {
    return "id" + edits % MAX_ENTRIES;
  }

  private String anyId() {
    List<String> ids = model.ids();
    return ids.isEmpty() ? "none" : ids.get(edits++ % ids.size());
  }

  private List<Edit> batch() {
    List<Edit> batch = new ArrayList<>();
    batch.add(put(nextId()));
    batch.add(put(nextId()));
    batch.add(new Edit(anyId(), null, null));
    batch.add(put(nextId()));
    return batch;
  }

  private List<Edit> fill() {
    List<Edit> batch = new ArrayList<>();
    for (int i = 0; i < 2 * MAX_ENTRIES; i++) {
      batch.add(put("id" + i));
    }
    return batch;
  }

  private List<Edit> deletionsOfHalf() {
    List<Edit> batch = new ArrayList<>();
    List<String> ids = model.ids();
    for (int i = 0; i < (ids.size() + 1) / 2; i++) {
      batch.add(new Edit(ids.get(i), null, null));
    }
    return batch.isEmpty() ? List.of(new Edit("none", null, null)) : batch;
  }

  // Three writers

  /** One writes, and while its batch is synced two others queue up, whose batches share a sync. */
  private void group() {
    owner = Thread.currentThread();
    leaderIsDone = new CountDownLatch(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> followers = new ArrayList<>();
    duringNextSync =
        () -> {
          for (int i = 0; i < 2; i++) {
            followers.add(follower(model.submit(List.of(put(nextId()), put(nextId()))), failure));
          }
        };
    int leading = model.submitted() + 1;
    WriteBatch batch = model.submit(List.of(put(nextId())));
    try {
      db.write(batch);
      model.acknowledge(leading);
      if (durability == Durability.STRICT) {
        model.madeDurable();
        // The followers' batches are on their way, so that the log need not be durable as a whole.
      }
      watch.after(storage, Step.SYNC, "");
    } finally {
      leaderIsDone.countDown();
      followers.forEach(Session::join);
      duringNextSync = null;
    }
    rethrow(failure.get());
    acknowledged();
  }

  private Thread follower(WriteBatch batch, AtomicReference<Throwable> failure) {
    Thread thread =
        new Thread(
            () -> {
              try {
                db.write(batch);
              } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void rethrow(Throwable failure) {
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }

  /** Passes steps on to the watch; makes a group form during a sync, and orders its threads. */
  private final class Relay implements CrashStorage.Watch {
    @Override
    public void before(CrashStorage source, Step step, String name) {
      if (Thread.currentThread() != owner) {
        awaitLeader();
      }
      boolean isSync = step == Step.SYNC || step == Step.SYNC_RELAXED;
      if (isSync && duringNextSync != null && disk.live.get(name).size > 64) {
        Runnable task = duringNextSync;
        duringNextSync = null;
        task.run();
      }
      watch.before(source, step, name);
    }

    @Override
    public void after(CrashStorage source, Step step, String name) {
      watch.after(source, step, name);
    }

    private void awaitLeader() {
      try {
        leaderIsDone.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
