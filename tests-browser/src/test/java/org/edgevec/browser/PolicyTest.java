package org.edgevec.browser;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The package under a Content-Security-Policy in Chromium; FirefoxTest has it for Firefox. */
@Timeout(60)
class PolicyTest {

  @RegisterExtension static final BrowserSession SESSION = BrowserSession.in(Engine.CHROMIUM);

  @ParameterizedTest
  @EnumSource(Host.class)
  void aPolicyThatForbidsEvalIsKept(Host host) {
    PolicyRunner.check(SESSION, host);
  }
}
