package org.edgevec.crash;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.edgevec.VectorDatabase;
import org.edgevec.crash.CrashStorage.Failure;
import org.edgevec.crash.CrashStorage.Step;
import org.edgevec.crash.Workload.Operation;
import org.edgevec.storage.Durability;
import org.edgevec.storage.PersistenceException;
import org.edgevec.storage.ReadOnlyException;

/**
 * Makes every step of a workload fail in every way, once or from then on: the caller gets a typed
 * error, the database takes no writes afterwards where the log failed and goes on where it did not,
 * and nothing acknowledged is lost, neither to the next opening nor to a power cut.
 */
final class FaultCheck {

  private final Workload workload;
  private long runs;

  FaultCheck(Workload workload) {
    this.workload = workload;
  }

  /** How many runs it took. */
  long runs() {
    return runs;
  }

  /** Checks every fault of the workload. */
  void all() {
    for (Failure failure : Failure.values()) {
      for (boolean lasting : new boolean[] {false, true}) {
        int index = 0;
        while (check(failure, lasting, index)) {
          index++;
        }
      }
    }
  }

  /**
   * Checks one fault.
   *
   * @return false if the workload has no such step
   */
  boolean check(Failure failure, boolean lasting, int index) {
    Plan plan = new Plan(failure, lasting, index);
    runs++;
    try {
      new Run(plan).run();
      return plan.failedStep != null;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          e.getMessage()
              + "\n  to see it again: -Dedgevec.crash="
              + workload
              + "@"
              + failure
              + (lasting ? "+" : "=")
              + index,
          e);
    }
  }

  /** Lets the step with an index fail, of those that can fail in that way. */
  private static final class Plan implements CrashStorage.Faults {
    private final Failure failure;
    private final boolean lasting;
    private final int index;
    private int count;
    private Step failedStep;
    private String failedName = "";

    Plan(Failure failure, boolean lasting, int index) {
      this.failure = failure;
      this.lasting = lasting;
      this.index = index;
    }

    @Override
    public Failure next(Step step, String name) {
      if (!canFail(step)) {
        return null;
      }
      int number = count++;
      if (number < index || (number > index && !lasting)) {
        return null;
      }
      if (failedStep == null) {
        failedStep = step;
        failedName = name;
      }
      return failure;
    }

    private boolean canFail(Step step) {
      return switch (failure) {
        case IO -> step != Step.SYNC_RELAXED;
        case FULL -> step == Step.APPEND || step == Step.TEMP_CREATE || step == Step.TEMP_WRITE;
        case SHORT -> step == Step.APPEND || step == Step.TEMP_WRITE;
        case SYNC_LOST, SYNC_LOST_BUT_READ -> step == Step.SYNC || step == Step.TEMP_SYNC;
      };
    }

    /** Whether what failed leaves the log's tail unknown. */
    boolean hitTheLog() {
      return failedName.startsWith("wal-")
          && (failedStep == Step.APPEND || failedStep == Step.SYNC);
    }
  }

  /** One run of the workload, with one fault. */
  private final class Run {
    private final Plan plan;
    private final SimulatedDisk disk = SimulatedDisk.empty();
    private final Model model = new Model();
    private final ProtocolCheck protocol = ProtocolCheck.rules();
    private final Session session =
        new Session(
            disk, model, workload.durability(), workload.seed(), CrashStorage.Watch.NONE, protocol);
    private boolean isOpen;

    Run(Plan plan) {
      this.plan = plan;
    }

    void run() {
      session.setFaults(plan);
      open();
      for (Operation operation : workload.operations()) {
        if (isOpen) {
          attempt(operation);
        }
      }
      if (isOpen) {
        close();
      }
      checkWhatIsLeft();
    }

    private void open() {
      try {
        session.open();
        isOpen = true;
      } catch (PersistenceException e) {
        expectTheFault(e);
        session.setFaults(CrashStorage.Faults.NONE);
        session.open();
        isOpen = true;
      }
    }

    private void attempt(Operation operation) {
      boolean failedBefore = plan.failedStep != null;
      if (operation == Operation.REOPEN) {
        close();
        open();
        return;
      }
      try {
        session.perform(operation);
        if (!failedBefore && plan.failedStep != null && operation != Operation.IDLE) {
          throw new AssertionError(
              operation
                  + " returned, though "
                  + plan.failedStep
                  + " of "
                  + plan.failedName
                  + " failed");
        }
      } catch (ReadOnlyException e) {
        if (!failedBefore) {
          throw new AssertionError("read-only before anything failed", e);
        }
      } catch (PersistenceException e) {
        expectTheFault(e);
      }
      if (!failedBefore && plan.failedStep != null) {
        checkAfterTheFault();
      }
    }

    private void expectTheFault(PersistenceException e) {
      if (e != session.storage().lastFailure()) {
        for (Throwable suppressed : e.getSuppressed()) {
          if (suppressed == session.storage().lastFailure()) {
            return;
          }
        }
        throw new AssertionError("another error than the storage's came: " + e, e);
      }
    }

    private void checkAfterTheFault() {
      VectorDatabase db = session.db();
      boolean readOnly = db.stats().readOnly();
      if (readOnly != plan.hitTheLog()) {
        throw new AssertionError(
            "after "
                + plan.failedStep
                + " of "
                + plan.failedName
                + " failed, read-only is "
                + readOnly);
      }
      model.compare(db, model.acknowledged(), "reading after a failure");
      if (!plan.lasting) {
        tryToWrite(readOnly);
      }
    }

    private void tryToWrite(boolean readOnly) {
      try {
        session.perform(Operation.PUT);
        if (readOnly) {
          throw new AssertionError("a write was taken after the log had failed");
        }
      } catch (ReadOnlyException e) {
        if (!readOnly) {
          throw new AssertionError("writes do not go on", e);
        }
      }
    }

    private void close() {
      isOpen = false;
      try {
        session.close();
      } catch (PersistenceException e) {
        expectTheFault(e);
      }
    }

    private void checkWhatIsLeft() {
      StateCheck oracle =
          new StateCheck(workload.durability(), EnumSet.noneOf(CrashStorage.Flaw.class));
      oracle.afterPowerCut(disk.durableImage(), model, true);
      oracle.afterPowerCut(disk.liveImage(), model, true);
      oracle.afterKill(disk.afterKill(), model, model.durable());
    }
  }

  /**
   * Checks every fault of many workloads.
   *
   * @param arguments how long sequences are, how many workloads by chance, and their seed
   * @return how many runs it took
   */
  static String run(String[] arguments) {
    long total = 0;
    int length = Integer.parseInt(arguments[0]);
    int random = Integer.parseInt(arguments[1]);
    for (Workload workload : workloads(length, random, Long.parseLong(arguments[2]))) {
      FaultCheck check = new FaultCheck(workload);
      check.all();
      total += check.runs();
    }
    return String.valueOf(total);
  }

  /** Workloads that reach every kind of step, and all short sequences. */
  static List<Workload> workloads(int sequenceLength, int random, long seed) {
    List<Workload> workloads = new ArrayList<>();
    for (String text :
        List.of(
            "strict:1:fill,checkpoint,put,put,checkpoint,batch,compact,put,reopen,put,idle,put",
            "relaxed:2:batch,put,idle,put,put,checkpoint,put,reopen,large,idle,put",
            "strict:3:fill,checkpoint,delete,checkpoint,compact,reopen,batch,idle,checkpoint,put",
            "relaxed:4:put,group,idle,compact,put,checkpoint,reopen,put,idle,put,checkpoint")) {
      workloads.add(Workload.parse(text));
    }
    for (int i = 0; i < Workload.sequences(sequenceLength); i++) {
      workloads.add(Workload.sequence(Durability.STRICT, sequenceLength, i));
      workloads.add(Workload.sequence(Durability.RELAXED, sequenceLength, i));
    }
    for (int i = 0; i < random; i++) {
      workloads.add(Workload.random(Hash.of(seed, i)));
    }
    return workloads;
  }
}
