package org.edgevec.crash;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.edgevec.crash.CrashStorage.Flaw;
import org.edgevec.crash.CrashStorage.Step;
import org.edgevec.crash.Workload.Operation;
import org.edgevec.storage.Durability;

/**
 * Runs a workload and, at every step of it, recovers from everything that a crash may leave there;
 * of some of these states it watches the recovery itself and the writes after it, and crashes
 * again.
 *
 * <p>A <em>crash point</em> is the moment before or after a step, or after an acknowledgement,
 * counted from 0. A state in it is counted from 0, too, or is {@code k}, the death of the process.
 * {@code 12.5/3.k} names state 5 of crash point 12 of the workload, and after that the death of the
 * process at crash point 3 of what came then. One explorer is used by one thread.
 */
final class Explorer {

  /** What all explorers of one simulation share. */
  static final class Shared {
    final LongSet seen = new LongSet();
    final AtomicLong distinct = new AtomicLong();
    final AtomicLong enumerated = new AtomicLong();
    final AtomicLong[] byDepth = {new AtomicLong(), new AtomicLong(), new AtomicLong()};
    final long budget;
    final Depth depth;

    Shared(long budget, Depth depth) {
      this.budget = budget;
      this.depth = depth;
    }

    boolean isSpent() {
      return distinct.get() >= budget;
    }
  }

  /**
   * How often a state is crashed into again: one of {@code second} states of the first crash, one
   * of {@code third} of the second; 0 is never.
   */
  record Depth(int second, int third) {
    static final Depth NONE = new Depth(0, 0);
    static final Depth SAMPLED = new Depth(4000, 3000);
    static final Depth SECOND_EVERYWHERE = new Depth(1, 20_000);

    boolean goesOn(int depth, long hash) {
      int one = depth == 1 ? second : depth == 2 ? third : 0;
      return one > 0 && Long.remainderUnsigned(hash >>> 7, one) == 0;
    }
  }

  /** A violation, with what reproduces it. */
  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(Workload workload, String path, Throwable cause) {
      super(
          cause.getMessage()
              + "\n  to see it again: -Dedgevec.crash="
              + workload
              + (path.isEmpty() ? "" : "@" + path),
          cause);
    }
  }

  private final Shared shared;
  private Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
  private boolean withProtocol = true;
  private boolean withStates = true;
  private Workload workload;

  /** The path to reproduce, or null to explore. */
  private String[] target;

  Explorer(Shared shared) {
    this.shared = shared;
  }

  /** Makes the storage wrong, to test that it is noticed. */
  Explorer withFlaws(Set<Flaw> newFlaws) {
    flaws = newFlaws;
    return this;
  }

  /** Which of the two layers look: the order of steps, and the states that crashes leave. */
  Explorer withLayers(boolean protocol, boolean states) {
    withProtocol = protocol;
    withStates = states;
    return this;
  }

  /**
   * Runs a workload and crashes it everywhere from an operation on; what lies before it was done
   * with another workload that begins alike.
   */
  void explore(Workload newWorkload, int fromOperation) {
    workload = newWorkload;
    SimulatedDisk disk = SimulatedDisk.empty();
    Points points = new Points(new Model(), newWorkload.durability(), 1, "");
    ProtocolCheck protocol = withProtocol ? ProtocolCheck.rules() : ProtocolCheck.NONE;
    Session session =
        new Session(
            disk, points.model, newWorkload.durability(), newWorkload.seed(), points, protocol);
    session.setFlaws(flaws);
    try {
      points.muted = fromOperation > 0;
      session.open();
      for (int i = 0; i < newWorkload.operations().size(); i++) {
        points.muted = i < fromOperation;
        session.perform(newWorkload.operations().get(i));
        if (points.isOver()) {
          return;
        }
      }
      session.close();
      points.at(disk);
    } catch (Violation e) {
      throw e;
    } catch (RuntimeException | AssertionError e) {
      throw new Violation(newWorkload, "", e);
    }
  }

  /** Runs a workload up to one state, and checks only that. */
  void reproduce(Workload newWorkload, String path) {
    target = path.split("/", -1);
    explore(newWorkload, 0);
  }

  /** Meets crash points and checks what crashes leave there. */
  private final class Points implements CrashStorage.Watch {
    private final Model model;
    private final Durability durability;
    private final int depth;
    private final String path;
    private boolean muted;
    private boolean reached;
    private int point;

    Points(Model model, Durability durability, int depth, String path) {
      this.model = model;
      this.durability = durability;
      this.depth = depth;
      this.path = path;
    }

    boolean isOver() {
      return shared.isSpent() || reached;
    }

    @Override
    public void before(CrashStorage storage, Step step, String name) {
      at(storage.disk());
    }

    @Override
    public void after(CrashStorage storage, Step step, String name) {
      at(storage.disk());
    }

    void at(SimulatedDisk disk) {
      int here = point++;
      if (muted || !withStates || isOver() || !isOnTarget(here + ".")) {
        return;
      }
      long seed = Hash.of(workload.seed(), here * 4L + depth);
      CrashStates.forEach(disk, seed, (index, image) -> powerCut(here, index, image));
      if (disk.hasPending()) {
        kill(here, disk);
      }
    }

    private boolean isOnTarget(String prefix) {
      return target == null || target.length < depth || target[depth - 1].startsWith(prefix);
    }

    private boolean isTarget(String state) {
      return target == null || target.length < depth || target[depth - 1].equals(state);
    }

    private boolean powerCut(int here, int index, DiskImage image) {
      String state = here + "." + index;
      if (!isTarget(state)) {
        return true;
      }
      reached = target != null;
      long hash =
          Hash.of(
              image.hash(), model.acknowledgedHash() + (durability == Durability.STRICT ? 0 : 1));
      if (isNew(hash)) {
        check(state, hash, image);
      }
      return !isOver();
    }

    private boolean isNew(long hash) {
      shared.enumerated.incrementAndGet();
      if (!shared.seen.add(hash)) {
        return target != null;
      }
      shared.distinct.incrementAndGet();
      shared.byDepth[depth - 1].incrementAndGet();
      return true;
    }

    private void check(String state, long hash, DiskImage image) {
      String here = path + state;
      try {
        boolean thorough = (hash & 7) == 0 || target != null;
        int sequence = oracle().afterPowerCut(image, model, thorough);
        if (goesDeeper(hash)) {
          crashAgain(SimulatedDisk.of(image), model.recoveredAt(sequence), hash, here + "/");
        }
      } catch (Violation e) {
        throw e;
      } catch (RuntimeException | AssertionError e) {
        throw new Violation(workload, here, e);
      }
    }

    private StateCheck oracle() {
      return new StateCheck(durability, flaws);
    }

    private boolean goesDeeper(long hash) {
      return target == null ? shared.depth.goesOn(depth, hash) : target.length > depth;
    }

    private void kill(int here, SimulatedDisk disk) {
      String state = here + ".k";
      if (!isTarget(state) || isOver()) {
        return;
      }
      reached = target != null;
      long hash =
          Hash.of(disk.liveImage().hash() + 0x4B111, disk.durableImage().hash())
              + model.acknowledgedHash();
      if (!isNew(hash)) {
        return;
      }
      try {
        oracle().afterKill(disk.afterKill(), model, model.acknowledged());
        if (goesDeeper(hash)) {
          crashAgain(disk.afterKill(), model.copy(), hash, path + state + "/");
        }
      } catch (Violation e) {
        throw e;
      } catch (RuntimeException | AssertionError e) {
        throw new Violation(workload, path + state, e);
      }
    }

    /** Recovers under watch, writes under watch, and crashes everywhere in it. */
    private void crashAgain(SimulatedDisk disk, Model found, long hash, String deeper) {
      Points next = new Points(found, durability, depth + 1, deeper);
      ProtocolCheck protocol = withProtocol ? ProtocolCheck.rules() : ProtocolCheck.NONE;
      Session session = new Session(disk, found, durability, hash, next, protocol);
      session.setFlaws(flaws);
      session.open();
      next.at(disk);
      for (Operation operation : Workload.afterwards(hash)) {
        session.perform(operation);
        if (next.isOver()) {
          return;
        }
      }
      session.close();
      next.at(disk);
    }
  }
}
