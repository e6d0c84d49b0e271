package org.edgevec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same in Firefox, fewer of them. */
@Timeout(7200)
class IdbFaultInFirefoxTest {

  @RegisterExtension static final BrowserSession FIREFOX = BrowserSession.in(Engine.FIREFOX);

  @ParameterizedTest
  @EnumSource
  void everyCallMayFailInEveryWay(Host host) {
    int step = IdbFaultTest.step(3 * IdbFaultTest.SAMPLED);
    assertThat(IdbFaultTest.run(FIREFOX, host, null, "", step)).isEmpty();
  }

  @AfterAll
  static void printCases() {
    IdbFaultTest.printCases();
  }
}
