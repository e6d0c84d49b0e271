package org.edgevec.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Crashes a database everywhere and recovers it. {@code -Dedgevec.crash.states=N} sets how many
 * distinct states, {@code -Dedgevec.crash.seed=N} the seed, {@code -Dedgevec.crash=...} checks one
 * state again.
 */
class CrashSimulationTest {

  private static final long DEFAULT_STATES = 250_000;

  @Test
  void whateverACrashLeavesRecoversToAPrefixWithEveryAcknowledgedBatch() {
    String text = System.getProperty("edgevec.crash");
    if (text != null) {
      CrashSimulation.reproduce(text);
      return;
    }
    long states = Long.getLong("edgevec.crash.states", DEFAULT_STATES);
    long seed = Long.getLong("edgevec.crash.seed", System.nanoTime());
    System.out.println("CrashSimulationTest seed: -Dedgevec.crash.seed=" + seed);
    int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    CrashSimulation simulation = new CrashSimulation(states, seed, Explorer.Depth.SAMPLED, threads);
    CrashSimulation.Result result = simulation.run();
    System.out.println("CrashSimulationTest: " + result);
    assertThat(result.distinct()).isGreaterThanOrEqualTo(states);
  }
}
