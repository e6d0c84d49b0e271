package org.edgevec.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Crashes a database everywhere and recovers it. {@code -Dedgevec.crash.states=N} sets how many
 * distinct states, {@code -Dedgevec.crash.seed=N} the seed, {@code -Dedgevec.crash=...} checks one
 * state again.
 */
class CrashSimulationTest {

  private static final long DEFAULT_STATES = 1_500_000;

  @Test
  void whateverACrashLeavesRecoversToAPrefixWithEveryAcknowledgedBatch() {
    long states = Long.getLong("edgevec.crash.states", DEFAULT_STATES);
    long seed = Long.getLong("edgevec.crash.seed", System.nanoTime());
    System.out.println("CrashSimulationTest seed: -Dedgevec.crash.seed=" + seed);
    int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    String done =
        CrashSimulation.runFast(
            String.valueOf(states), String.valueOf(seed), "sampled", String.valueOf(threads));
    System.out.println("CrashSimulationTest: " + done);
    if (System.getProperty("edgevec.crash") == null) {
      long distinct = Long.parseLong(done.substring(0, done.indexOf(' ')).replace(",", ""));
      assertThat(distinct).isGreaterThanOrEqualTo(states);
    }
  }
}
