package org.edgevec.crash;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Makes every step of many workloads fail. */
class FaultCheckTest {

  @Test
  void everyFaultIsTypedAndNothingAcknowledgedIsLost() {
    long seed = Long.getLong("edgevec.crash.seed", System.nanoTime());
    String runs =
        PatchedCore.with(List.of(PatchedCore.SMALL_ARENA))
            .call("FaultCheck", "run", "2", "20", String.valueOf(seed));
    System.out.println("FaultCheckTest: " + runs + " faults; seed: -Dedgevec.crash.seed=" + seed);
  }
}
