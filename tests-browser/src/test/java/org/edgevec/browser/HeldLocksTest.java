package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In the browser the read-write lock does nothing, which is right if no coroutine suspends while it
 * has it. That none does is watched in all that the bundle of tests runs.
 */
@Timeout(120)
class HeldLocksTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoWaitsWithALockIsTold(boolean writes) {
    assertThat(
            SESSION
                .page("/contract.html")
                .page()
                .evaluate("w => contract.waitWithALock(w)", writes))
        .isEqualTo("A coroutine suspends with 1 locks.");
  }

  @Test
  void nobodyInADatabasesLifeWaitsWithALock() {
    String counts =
        (String) SESSION.page("/contract.html").page().evaluate("contract.live('held-locks')");
    System.out.println("HeldLocksTest: locks and waits: " + counts);
    String[] numbers = counts.split(" ", -1);
    assertThat(Integer.parseInt(numbers[0])).as("locks").isGreaterThan(200);
    assertThat(Integer.parseInt(numbers[1])).as("waits").isGreaterThan(100);
  }
}
