package org.edgevec.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.edgevec.crash.PatchedCore.Patch;
import org.junit.jupiter.api.DynamicTest;

/**
 * A rule of the database's that is left out, and the test that notices.
 *
 * @param what is wrong, in a few words
 * @param patches what is changed
 * @param test its class, its name, and what its parameters are given
 */
record RuleMutant(String what, List<Patch> patches, String... test) {

  /** Some rules are missed only if threads meet in one way, which they do not every time. */
  private static final int ATTEMPTS = 10;

  static RuleMutant of(String what, String file, String from, String to, String... test) {
    return new RuleMutant(what, List.of(new Patch(file, from, to)), test);
  }

  /** Runs each one's test on it, which must fail, and on the database as it is, which must not. */
  static Stream<DynamicTest> tests(List<RuleMutant> mutants) {
    assumeTrue(PatchedCore.isPossible());
    return mutants.stream()
        .map(mutant -> DynamicTest.dynamicTest(mutant.what(), mutant::expectNoticed));
  }

  private void expectNoticed() {
    assertThat(TestRun.run(test)).as("%s on the database as it is", test[1]).isEmpty();
    String noticed = "";
    for (int i = 0; i < ATTEMPTS && noticed.isEmpty(); i++) {
      noticed = PatchedCore.with(patches).call("TestRun", "run", test);
    }
    System.out.println(
        "RuleMutant: " + what + ": " + test[1] + ": " + noticed.lines().findFirst().orElse(""));
    assertThat(noticed).isNotEmpty();
  }
}
