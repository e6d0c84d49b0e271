package org.edgevec.crash;

import org.junit.jupiter.api.Test;

/** Makes every step of many workloads fail. */
class FaultCheckTest {

  @Test
  void everyFaultIsTypedAndNothingAcknowledgedIsLost() {
    long seed = Long.getLong("edgevec.crash.seed", System.nanoTime());
    long runs = 0;
    for (Workload workload : FaultCheck.workloads(2, 10, seed)) {
      FaultCheck check = new FaultCheck(workload);
      check.all();
      runs += check.runs();
    }
    System.out.println("FaultCheckTest: " + runs + " faults; seed: -Dedgevec.crash.seed=" + seed);
  }
}
