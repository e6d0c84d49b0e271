package org.edgevec.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/** Whole recovery of stores that a {@link Script} has changed. */
class RecoveryFuzzTest {

  /**
   * Files are damaged, lost, mixed up. What opens is the state after a prefix of the batches; where
   * a store was closed and one file is not as it was, it is the last one.
   */
  @FuzzTest(maxDuration = "")
  void damaged(byte[] input) {
    Script script = Script.run(input, false);
    check(script, () -> checkDamaged(script));
  }

  private static void checkDamaged(Script script) {
    RecoveryCheck.Outcome outcome = new RecoveryCheck(script.files()).run();
    expectPrefix(script, outcome.state(), outcome.sequence());
    expectPrefix(script, outcome.salvaged(), outcome.salvagedSequence());
    BaseStore base = script.base();
    boolean attested = base.closed() && script.changedFiles() <= 1;
    if (attested && outcome.state() != null && outcome.sequence() < base.sequence()) {
      throw new AssertionError("opening lost attested batches");
    }
  }

  private static void expectPrefix(Script script, State state, long sequence) {
    if (state == null) {
      return;
    }
    for (BaseStore store : script.used()) {
      boolean known = sequence >= 0 && sequence < store.states().size();
      if (known && store.states().get((int) sequence).equals(state)) {
        return;
      }
    }
    throw new AssertionError("a state that never was, at batch " + sequence + ": " + state);
  }

  /**
   * Every checksum is right and the content is not: anything may be legal, so what opens must agree
   * with itself. The first byte says whether lengths are made right as well.
   */
  @FuzzTest(maxDuration = "")
  void hostile(byte[] input) {
    boolean lengths = input.length == 0 || (input[0] & 1) == 0;
    byte[] rest = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
    Script script = Script.run(rest, true);
    ChecksumRepair.store(script.files(), lengths);
    check(script, () -> new RecoveryCheck(script.files()).run());
  }

  private static void check(Script script, Runnable judge) {
    try {
      judge.run();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(e.getMessage() + " (" + script.describe() + ")", e);
    }
  }
}
