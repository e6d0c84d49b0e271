package org.edgevec.crash;

import java.util.EnumSet;
import java.util.Set;
import org.edgevec.crash.CrashStorage.Flaw;
import org.edgevec.crash.Explorer.Depth;
import org.edgevec.crash.Explorer.Shared;
import org.edgevec.storage.Durability;

/**
 * Lets the layers of the proof look at one database, in the class loader that this is loaded by.
 */
final class MutantRun {

  private static final long STATES = 10_000;
  private static final int LONGER = 60;
  private static final long SEED = 20_260_101;

  private MutantRun() {}

  /** The layers, in the order in which they are asked. */
  enum Layer {
    CRASH,
    ORDER,
    DAMAGE,
    FAULT
  }

  /** What a layer counted, and the violation that ended it, or null. */
  private record Verdict(long looked, Throwable violation) {}

  /**
   * Lets one layer look.
   *
   * @param arguments the layer, and the storage's flaw or nothing
   * @return how many workloads, states, faults or damages it took to notice, a space, and what was
   *     noticed; or {@code -} and how many it took to notice nothing
   */
  static String run(String[] arguments) {
    Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    if (!arguments[1].isEmpty()) {
      flaws.add(Flaw.valueOf(arguments[1]));
    }
    Verdict verdict =
        switch (Layer.valueOf(arguments[0])) {
          case ORDER -> order(flaws);
          case CRASH -> crash(flaws);
          case FAULT -> fault();
          case DAMAGE -> damage();
        };
    Throwable violation = verdict.violation();
    return violation == null
        ? "- " + verdict.looked()
        : verdict.looked() + " " + String.valueOf(violation.getMessage()).replace('\n', ' ');
  }

  private static Workload workload(int number) {
    int sequences = 2 * Workload.sequences(2);
    if (number < sequences) {
      Durability durability = number % 2 == 0 ? Durability.STRICT : Durability.RELAXED;
      return Workload.sequence(durability, 2, number / 2);
    }
    return Workload.random(Hash.of(SEED, number));
  }

  /** Only the order of steps, without a single crash. */
  private static Verdict order(Set<Flaw> flaws) {
    Explorer explorer =
        new Explorer(new Shared(Long.MAX_VALUE, Depth.NONE))
            .withFlaws(flaws)
            .withLayers(true, false);
    int number = 0;
    try {
      for (; number < 2 * Workload.sequences(2) + LONGER; number++) {
        explorer.explore(workload(number), 0);
      }
      return new Verdict(number, null);
    } catch (RuntimeException | AssertionError e) {
      return new Verdict(number + 1, e);
    }
  }

  /** Only crashes and what is recovered from them. */
  private static Verdict crash(Set<Flaw> flaws) {
    Shared shared = new Shared(STATES, new Depth(60, 0));
    Explorer explorer = new Explorer(shared).withFlaws(flaws).withLayers(false, true);
    try {
      // The long ones come first in turn with the short, since some defects need a long history.
      for (int number = 0; !shared.isSpent(); number++) {
        boolean isShort = number % 3 != 2;
        int index = number / 3 * 2 + number % 3;
        explorer.explore(workload(isShort ? index * 7 % 72 : 72 + number), 0);
      }
      return new Verdict(shared.distinct.get(), null);
    } catch (RuntimeException | AssertionError e) {
      return new Verdict(shared.distinct.get(), e);
    }
  }

  private static Verdict fault() {
    long runs = 0;
    for (Workload workload : FaultCheck.workloads(1, 2, SEED)) {
      FaultCheck check = new FaultCheck(workload);
      try {
        check.all();
      } catch (RuntimeException | AssertionError e) {
        return new Verdict(runs + check.runs(), e);
      }
      runs += check.runs();
    }
    return new Verdict(runs, null);
  }

  private static Verdict damage() {
    DamageCheck[] check = new DamageCheck[1];
    try {
      check[0] = new DamageCheck();
      check[0].all();
      return new Verdict(check[0].checked(), null);
    } catch (RuntimeException | AssertionError e) {
      return new Verdict(check[0] == null ? 0 : check[0].checked(), e);
    }
  }
}
